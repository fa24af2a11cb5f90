"""What a sandbox is started with: the command of its runtime, and the environment that Lambda gives.

Nothing of the daemon's own environment is passed on. The credentials belong to no AWS account; the endpoint
makes every SDK inside call the embedded cloud.
"""

from __future__ import annotations

import importlib.util
import json
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from accountsctl.localcloud.contracts.keys import FUNCTION, Keys, RoleSession
from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.interpreters import interpreter_for
from accountsctl.localcloud.lambdas.bootstrap_python import RUNTIME_PACKAGES
from accountsctl.localcloud.lambdas.errors import invalid_runtime

HERE = Path(__file__).parent
ARGUMENTS = "ACCOUNTSCTL_ARGUMENTS"
"""The variable from which our runtime reads its arguments if a wrapper script started it."""
SEARCH = "/usr/local/bin:/usr/bin:/bin:/opt/bin"


def command(function: FunctionConfig, debug_port: int | None = None) -> list[str]:
    """The program that runs `function`; raises InvokeError if this machine has none.

    `debug_port`: the loopback port on which a debugger may connect to it.
    """
    runtime = function.runtime
    language = runtime.rstrip("0123456789.x")
    if language not in ("python", "nodejs"):
        raise invalid_runtime(
            f"The embedded cloud runs Python and Node.js functions; {function.name} needs {runtime!r}."
        )
    interpreter = interpreter_for(runtime)
    if interpreter is None:
        raise invalid_runtime(f"{function.name} needs {runtime}: there is no program for it on this machine.")
    if language == "nodejs":
        return [interpreter.program, *_inspected(debug_port), str(HERE / "bootstrap_node.mjs")]
    # Without `site` the packages of an installation are not found: Lambda does not have them.
    debugger = [] if debug_port is None else [str(debug_port), _debugpy_folder(function.name)]
    # A debugger cannot stop in modules that are frozen into the interpreter.
    flags = ["-S", "-X", "frozen_modules=off"] if debugger else ["-S"]
    program = [interpreter.program, *flags, str(HERE / "bootstrap_python.py"), function.handler]
    return [*program, os.pathsep.join(runtime_folders()), *debugger]


def wrapped(
    program: list[str], function: FunctionConfig, folders: Folders
) -> tuple[list[str], Mapping[str, str]]:
    """The program as the function's wrapper script starts it, and what it reads of the environment then.

    A script puts its own arguments before the last one, as it may on Lambda: so that is our runtime's file.
    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
    """
    wrapper = function.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
    if not wrapper:
        return program, {}
    file = next(number for number, part in enumerate(program) if part.startswith(str(HERE / "bootstrap_")))
    shell = ["/bin/sh", "-c", 'exec "$0" "$@"', _here(wrapper, folders)]
    return [*shell, *program[: file + 1]], {ARGUMENTS: json.dumps(program[file + 1 :])}


def _here(path: str, folders: Folders) -> str:
    """Where a path of Lambda's machines is on this one."""
    places = {"/var/task/": folders.code, "/opt/": folders.layers}
    for start, folder in places.items():
        if path.startswith(start) and folder is not None:
            return str(folder / path.removeprefix(start))
    return path


def _inspected(debug_port: int | None) -> list[str]:
    """Node.js's options for its inspector, whose address stays out of the function's log."""
    return [f"--inspect=127.0.0.1:{debug_port}", "--inspect-publish-uid=http"] if debug_port else []


def _debugpy_folder(function: str) -> str:
    """The folder that holds debugpy, which runs in every version of Python that functions run on here."""
    found = importlib.util.find_spec("debugpy")
    if found is None or found.origin is None:
        raise invalid_runtime(f"{function} cannot be debugged: run pip install 'accountsctl[local]'.")
    return str(Path(found.origin).parents[1])


@cache
def runtime_folders() -> Sequence[str]:
    """The folders of this installation that hold the packages that Lambda's own runtime has."""
    found = (importlib.util.find_spec(name) for name in RUNTIME_PACKAGES)
    return sorted(
        {
            str(Path(spec.origin).parents[1 if spec.submodule_search_locations else 0])
            for spec in found
            if spec is not None and spec.origin
        }
    )


@dataclass(frozen=True)
class CloudAccess:
    """Where functions reach the embedded cloud, and what their sessions' secrets follow from."""

    endpoint: str
    keys: Keys = field(default_factory=Keys.random)


@dataclass(frozen=True)
class Folders:
    """The function's code, and what its layers hold; `layers` is None without layers. Lambda has the latter in /opt."""

    code: Path
    layers: Path | None = None


def variables(function: FunctionConfig, folders: Folders, api: str, access: CloudAccess) -> Mapping[str, str]:
    """The sandbox's environment; Lambda's reserved names win over the function's own."""
    root = folders.code
    session = RoleSession(function.role, function.name)
    return {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": "/tmp",  # noqa: S108  as on Lambda, where only /tmp can be written
        **_searched(function, folders),
        **function.environment,
        **_reserved(function, root, api),
        "AWS_ENDPOINT_URL": access.endpoint,
        "AWS_ACCESS_KEY_ID": FUNCTION,
        "AWS_SECRET_ACCESS_KEY": access.keys.session_secret(session),
        "AWS_SESSION_TOKEN": session.token,
        # No file or service of this machine may give real credentials to the code.
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _searched(function: FunctionConfig, folders: Folders) -> dict[str, str]:
    """Where programs, libraries and modules are searched; layers come as /opt does on Lambda.

    https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
    """
    root, layers = str(folders.code), folders.layers
    if layers is None:
        return {"PATH": SEARCH, "PYTHONPATH": root, "NODE_PATH": root}
    python = [layers / "python", layers / "python/lib" / function.runtime / "site-packages"]
    node = [
        layers / "nodejs" / function.runtime.removesuffix(".x").replace("nodejs", "node") / "node_modules",
        layers / "nodejs/node_modules",
    ]
    return {
        "PATH": f"{SEARCH}:{layers / 'bin'}",
        "LD_LIBRARY_PATH": f"{layers / 'lib'}:{root}:{root}/lib",
        "PYTHONPATH": ":".join([root, *map(str, python)]),
        "NODE_PATH": ":".join([*map(str, node), root]),
        "ACCOUNTSCTL_OPT": str(layers),
    }


def _reserved(function: FunctionConfig, root: Path, api: str) -> dict[str, str]:
    return {
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(root),
        "LAMBDA_RUNTIME_DIR": str(HERE),
        "AWS_LAMBDA_RUNTIME_API": api,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream(function.version),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
    }


def log_stream(version: str) -> str:
    """A new name of a log stream, as Lambda gives one to each sandbox."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{version}]{uuid.uuid4().hex}"
