"""Packages that a function declares and that nothing would install: it would be deployed without them.

What a push installs is found by `synth.packaging`, from a lock file or from a list of requirements. Everything else
must be below ``src/`` already. The AWS SDK is part of Lambda's runtimes (for Node.js 18 and later ``@aws-sdk/*``).
Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import code_folder, resource_folder
from accountsctl.formats.node_locks import NODE_LOCKS, NPM_LOCK, folders
from accountsctl.formats.python_locks import required_by_project
from accountsctl.model.errors import Fault
from accountsctl.model.packaging import Manager
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.layer_packaging import layer_manifest
from accountsctl.synth.packaging import PROJECT_FILE, Manifest, missing_packages, python_manifest

LAYER = "LambdaLayer"
IN_NODE_RUNTIME = ("@aws-sdk/", "@smithy/")
OTHER_TOOLS = {
    PROJECT_FILE: "Lock it with uv (`uv lock`) or Poetry (`poetry lock`), and keep the lock file next to it.",
    "environment.yml": "Name the packages in a requirements.txt; Conda's do not run on Lambda.",
    "environment.yaml": "Name the packages in a requirements.txt; Conda's do not run on Lambda.",
    "setup.py": "Name the packages in a requirements.txt.",
    "setup.cfg": "Name the packages in a requirements.txt.",
    "pdm.lock": "Write a requirements.txt: pdm export --prod -o requirements.txt",
    "pixi.lock": "Name the packages in a requirements.txt.",
}
"""Files of tools that a push does not run, and what to do instead."""
_LOCAL = re.compile(r"^\s*((?:-e|--editable)\b.*|\.{0,2}/.*|\.|file:.*|.*@\s*(?:file|git\+\w+):.*|git\+.*)")


def packages_not_installed(inputs: Inputs) -> Iterator[Fault]:
    """A fault for each file that names packages which the function would be deployed without."""
    if not inputs.source.code:
        return
    if inputs.resource.service == LAYER:
        yield from _node_layer(inputs)
        return
    yield from _node(inputs)
    manifest = python_manifest(inputs.source)
    if manifest is None:
        yield from _files_of_other_tools(inputs)
    elif missing_packages(manifest, inputs.source):
        yield from _local_requirements(inputs, manifest)


def _local_requirements(inputs: Inputs, manifest: Manifest) -> Iterator[Fault]:
    """Requirements that are folders or repositories: what is installed comes from an index, as wheels."""
    if manifest.manager is not Manager.REQUIREMENTS:
        return
    for name in manifest.files:
        for line, text in enumerate(manifest.text(name).splitlines(), 1):
            if match := _LOCAL.match(text):
                what = f"{inputs.resource.id}: nothing installs {match[1].strip()}, which no index has."
                hint = f"Put its code into {code_folder(inputs.resource.id)}/, or publish it as a wheel."
                yield Fault(f"{manifest.folder}/{name}", line, what, hint, str(inputs.resource.id))


def _files_of_other_tools(inputs: Inputs) -> Iterator[Fault]:
    """A file that names packages for a tool that is not supported, of a function that has no other."""
    resource = inputs.resource.id
    places = (
        (code_folder(resource), inputs.source.code),
        (resource_folder(resource), inputs.source.others),
    )
    for folder, files in places:
        for name, way_out in OTHER_TOOLS.items():
            content = files.get(name)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
            if text is not None and _names_packages(name, text):
                what = f"{resource}: nothing installs the packages of {name}."
                yield Fault(f"{folder}/{name}", 0, what, way_out, str(resource))


def _names_packages(file: str, text: str) -> bool:
    if file == PROJECT_FILE:
        try:
            return bool(required_by_project(text))
        except tomllib.TOMLDecodeError:
            return False
    return "install_requires" in text if file.startswith("setup.") else True


def _node(inputs: Inputs) -> Iterator[Fault]:
    code, file = inputs.source.code, f"{code_folder(inputs.resource.id)}/package.json"
    source = read(code.get("package.json", b"{}").decode("utf-8", "replace"), file)
    dependencies = source.value.get("dependencies") if isinstance(source.value, dict) else None
    locks = [name for name in NODE_LOCKS if name in code]
    if not isinstance(dependencies, dict) or locks:
        yield from _folders(inputs, locks)
        return
    missing = sorted(
        name
        for name in dependencies
        if not name.startswith(IN_NODE_RUNTIME) and f"node_modules/{name}/package.json" not in code
    )
    if missing:
        what = (
            f"{inputs.resource.id} needs {', '.join(missing)}, and without a lock file nothing installs it."
        )
        hint = f"Write the lock file: npm install --package-lock-only, in {code_folder(inputs.resource.id)}"
        yield Fault(file, source.line_of("dependencies"), what, hint, str(inputs.resource.id), "dependencies")


def _folders(inputs: Inputs, locks: list[str]) -> Iterator[Fault]:
    """Folders that Yarn or pnpm would link: only npm installs those in place."""
    for lock in locks:
        named = () if lock == NPM_LOCK else folders(inputs.source.code[lock].decode("utf-8", "replace"))
        if named:
            what = f"{inputs.resource.id}: {', '.join(named)} is a folder, and nothing installs it."
            hint = f"Put its code into {code_folder(inputs.resource.id)}/, publish it, or lock with npm."
            yield Fault(f"{code_folder(inputs.resource.id)}/{lock}", 0, what, hint, str(inputs.resource.id))


def _node_layer(inputs: Inputs) -> Iterator[Fault]:
    """A layer's packages of Node.js: they are installed from a lock file, or are there already."""
    code, folder = inputs.source.code, f"{resource_folder(inputs.resource.id)}/lib/nodejs"
    source = read(code.get("nodejs/package.json", b"{}").decode("utf-8", "replace"), f"{folder}/package.json")
    dependencies = source.value.get("dependencies") if isinstance(source.value, dict) else None
    if layer_manifest(inputs.source, "nodejs") is not None:
        return
    missing = sorted(
        name
        for name in (dependencies if isinstance(dependencies, dict) else {})
        if f"nodejs/node_modules/{name}/package.json" not in code
    )
    if missing:
        what = f"{inputs.resource.id} needs {', '.join(missing)}, and nothing installs it."
        hint = f"Write the lock file: npm install --package-lock-only --prefix {folder}"
        yield Fault(
            source.file, source.line_of("dependencies"), what, hint, str(inputs.resource.id), "dependencies"
        )
