"""`--debug-port`: which function a debugger may connect to on which port, and what to type then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from accountsctl.commands.functions.choose import project_functions
from accountsctl.commands.functions.logs import chosen
from accountsctl.formats.layout import LOCAL_STATE, code_folder
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.loopback import IPV4
from accountsctl.model.names import ResourceId
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.local_cloud import DebuggedFunction

DEBUGGED_CODE = f"{LOCAL_STATE}/functions/debugged"
"""The folder that holds the code of functions that are debugged, each in a folder of its name."""
PORTS = range(1024, 65536)


def check_debuggable(environment: Environment, stated: Sequence[str]) -> None:
    """UsageError unless functions of the environment run on this machine, and every ``[FUNCTION=]PORT`` has a port."""
    for text in stated:
        _port(text)
    if stated and environment.cloud is not Cloud.LOCAL:
        raise UsageError(
            f"--debug-port works with the embedded cloud only, and {environment.name} is on AWS.",
            why="A debugger cannot connect to functions on AWS by a port of this machine.",
            hint="Use a local environment: accountsctl dev -e dev --debug-port 5678",
        )


def check_debugged_functions(stated: Sequence[str], backend: Backend, region: str) -> None:
    """UsageError if ``[FUNCTION=]PORT`` names a function that the backend does not have, or is ambiguous.

    Before a push, which may take minutes: `debugged_functions` finds the same faults only in what is deployed.
    """
    names = {id_.name: "" for id_ in project_functions(backend)}
    for text in stated:
        name = text.rpartition("=")[0].removeprefix("function/")
        if name and name not in names:
            raise UsageError(
                f"--debug-port {text} names a function that the backend does not have.",
                why=f"Its functions are: {', '.join(sorted(names)) or 'none'}.",
                hint=did_you_mean(name, names) or "Name one of these.",
            )
    debugged_functions(stated, {f"function/{name}": "" for name in names}, region)


def debugged_functions(
    stated: Sequence[str], functions: Mapping[str, str], region: str, *, wait: bool = False
) -> tuple[DebuggedFunction, ...]:
    """The functions of ``[FUNCTION=]PORT``; without FUNCTION it is the only one.

    `functions` are their names in Lambda by resource. UsageError for what is ambiguous, unknown or stated twice.
    """
    found: dict[str, DebuggedFunction] = {}
    for text in stated:
        name, _, _ = text.rpartition("=")
        ((bare, physical), *others) = chosen(functions, name or None).items() or [("", "")]
        if not bare or others:
            raise _ambiguous(text, functions)
        port = _port(text)
        if bare in found or port in {function.port for function in found.values()}:
            raise UsageError(
                f"--debug-port {text} repeats a function or a port.",
                why="A debugger connects to one function by one port.",
                hint="Give each function a port of its own.",
            )
        found[bare] = DebuggedFunction(bare, physical, region, port, wait)
    return tuple(found.values())


def how_to_attach(function: DebuggedFunction, files: Iterable[str]) -> tuple[str, ...]:
    """What to do to stop at a breakpoint; `files` are the names of the function's files."""
    return (
        f"{function.name}: a debugger may connect to {IPV4}:{function.port}. With one, no time-out ends a call.",
        'VS Code: add this to "configurations" in .vscode/launch.json, set a breakpoint, and press F5:',
        json.dumps(vscode_configuration(function.name, function.port, is_python(files)), indent=2),
    )


def is_python(files: Iterable[str]) -> bool:
    """Whether these are the files of a function for Python, else for Node.js."""
    return any(file.endswith(".py") for file in files)


def vscode_configuration(name: str, port: int, python: bool) -> dict[str, object]:
    """A configuration of VS Code that attaches to a function.

    https://code.visualstudio.com/docs/python/debugging#_set-configuration-options and
    https://code.visualstudio.com/docs/nodejs/nodejs-debugging#_attaching-to-nodejs
    """
    source = f"${{workspaceFolder}}/{code_folder(ResourceId('function', name))}"
    code = f"${{workspaceFolder}}/{DEBUGGED_CODE}/{name}"
    shared = {"name": f"{name} (accountsctl)", "request": "attach", "restart": True}
    if python:
        return {
            **shared,
            "type": "debugpy",
            "connect": {"host": IPV4, "port": port},
            "pathMappings": [{"localRoot": source, "remoteRoot": code}],
        }
    return {
        **shared,
        "type": "node",
        "address": IPV4,
        "port": port,
        "localRoot": source,
        "remoteRoot": code,
    }


def _port(text: str) -> int:
    port = text.rpartition("=")[2]
    if not port.isdecimal() or int(port) not in PORTS:
        raise UsageError(
            f"--debug-port {text} has no port from {PORTS.start} to {PORTS.stop - 1}.",
            why="A program without special rights may use these ports.",
            hint="Pass --debug-port 5678, or --debug-port FUNCTION=5678.",
        )
    return int(port)


def _ambiguous(text: str, functions: Mapping[str, str]) -> UsageError:
    names = sorted(chosen(functions, None))
    return UsageError(
        f"--debug-port {text} does not say which function is meant.",
        why=f"The environment's functions are: {', '.join(names) or 'none'}.",
        hint=f"Name one: --debug-port {names[0]}={_port(text)}"
        if names
        else "Add one: accountsctl add function NAME",
    )
