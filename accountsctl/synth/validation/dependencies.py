"""Packages that a function declares and that nothing would install: it would be deployed without them.

A push installs from ``package-lock.json`` (``npm ci``), and nothing else. Everything else must be below ``src/``
already. The AWS SDK is part of Lambda's runtimes (boto3; for Node.js 18 and later ``@aws-sdk/*``).
Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import code_folder, resource_folder
from accountsctl.model.errors import Fault
from accountsctl.synth.inputs import Inputs

LAYER = "LambdaLayer"
IN_NODE_RUNTIME = ("@aws-sdk/", "@smithy/")
IN_PYTHON_RUNTIME = frozenset({"boto3", "botocore", "s3transfer", "awslambdaric"})
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


def packages_not_installed(inputs: Inputs) -> Iterator[Fault]:
    """A fault for each file that names packages which the function would be deployed without."""
    if not inputs.source.code:
        return
    if inputs.resource.service == LAYER:
        yield from _node_layer(inputs)
        return
    yield from _node(inputs)
    for file, text in _python_files(inputs).items():
        missing = sorted(name for name in _required(file, text) if not _is_present(name, inputs.source.code))
        if missing:
            what = f"{inputs.resource.id} needs {', '.join(missing)}, and nothing installs it."
            folder = code_folder(inputs.resource.id)
            hint = f"Install into the code: pip install -r {file} -t {folder}"
            if file.endswith("Pipfile"):
                hint = f"Install into the code: pipenv requirements > requirements.txt, then pip install -t {folder}"
            yield Fault(file, 0, what, hint, str(inputs.resource.id))


def _node(inputs: Inputs) -> Iterator[Fault]:
    code, file = inputs.source.code, f"{code_folder(inputs.resource.id)}/package.json"
    source = read(code.get("package.json", b"{}").decode("utf-8", "replace"), file)
    dependencies = source.value.get("dependencies") if isinstance(source.value, dict) else None
    if not isinstance(dependencies, dict) or "package-lock.json" in code:
        return
    missing = sorted(
        name
        for name in dependencies
        if not name.startswith(IN_NODE_RUNTIME) and f"node_modules/{name}/package.json" not in code
    )
    if missing:
        what = f"{inputs.resource.id} needs {', '.join(missing)}, and without a package-lock.json nothing installs it."
        hint = f"Write the lock file: npm install --package-lock-only, in {code_folder(inputs.resource.id)}"
        yield Fault(file, source.line_of("dependencies"), what, hint, str(inputs.resource.id), "dependencies")


def _node_layer(inputs: Inputs) -> Iterator[Fault]:
    """A layer's packages: Amplify installs them at every push, and a push of ours packs what is there."""
    code, folder = inputs.source.code, f"{resource_folder(inputs.resource.id)}/lib/nodejs"
    source = read(code.get("nodejs/package.json", b"{}").decode("utf-8", "replace"), f"{folder}/package.json")
    dependencies = source.value.get("dependencies") if isinstance(source.value, dict) else None
    missing = sorted(
        name
        for name in (dependencies if isinstance(dependencies, dict) else {})
        if f"nodejs/node_modules/{name}/package.json" not in code
    )
    if missing:
        what = f"{inputs.resource.id} needs {', '.join(missing)}, and nothing installs it."
        hint = f"Install into the layer: npm install --omit=dev --prefix {folder}"
        yield Fault(
            source.file, source.line_of("dependencies"), what, hint, str(inputs.resource.id), "dependencies"
        )


def _python_files(inputs: Inputs) -> dict[str, str]:
    """The files that name Python packages, in the code or next to it."""
    resource, found = inputs.resource.id, {}
    for name in ("requirements.txt", "Pipfile"):
        if name in inputs.source.code:
            found[f"{code_folder(resource)}/{name}"] = inputs.source.code[name].decode("utf-8", "replace")
        elif name in inputs.source.others:
            found[f"{resource_folder(resource)}/{name}"] = inputs.source.others[name]
    return found


def _required(file: str, text: str) -> set[str]:
    """The packages that a file names, by their normalized names (PEP 503); none if it cannot be read."""
    if file.endswith("Pipfile"):
        try:
            packages = tomllib.loads(text).get("packages", {})
        except tomllib.TOMLDecodeError:
            return set()
        # Amplify writes the function's own folder here: src = {editable = true, path = "./src"}
        entries = packages.items() if isinstance(packages, dict) else ()
        names = [name for name, value in entries if not (isinstance(value, dict) and "path" in value)]
    else:
        names = [match[1] for line in text.splitlines() if (match := _REQUIREMENT.match(line.strip()))]
    return {_normalized(name) for name in names} - IN_PYTHON_RUNTIME


def _is_present(name: str, code: Mapping[str, bytes]) -> bool:
    """Whether the code contains a package: its metadata, or a module of its name."""
    tops = {path.split("/")[0] for path in code}
    distributions = {
        _normalized(top.split("-")[0]) for top in tops if top.endswith((".dist-info", ".egg-info"))
    }
    return name in distributions or bool({name.replace("-", "_"), f"{name.replace('-', '_')}.py"} & tops)


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
