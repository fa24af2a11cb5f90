"""What a project's folders hold of each resource, and which templates there are.

A function's code is every file under its ``src/``, as bytes, but for hidden files, ``__pycache__`` and
``*.pyc``; ``node_modules`` belongs to it unless a push installs from a lock file. `ResourceSource.others` is every
further text of the folder, but for hidden files and what tools leave behind (``node_modules``, ``build``, ``dist``); a
file there that is not text is passed over, except below ``schema/``, whose files are all meant to be run.

A layer of Amplify's has its files below ``opt/`` and ``lib/``; both are what ``/opt`` holds in a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.environment_config import secrets
from accountsctl.formats.gen1 import rest_inputs
from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import (
    BACKEND_FOLDER,
    CLI_INPUTS,
    TEMPLATES_FOLDER,
    amplify_build_folder,
    code_folder,
    parameters_file,
    resource_folder,
)
from accountsctl.formats.node_locks import IN_PLACE_MARK, NODE_LOCKS, NPM_LOCK, has_links, in_place_mark
from accountsctl.model.backend import Resource
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId
from accountsctl.model.project import ResourceSource, TemplateSource

_OWN_TEMPLATE = re.compile(r".*template.*\.(json|yaml|yml)(\.j2)?")
_NOT_CODE = frozenset({"__pycache__"})
_NOT_OTHERS = frozenset({"src", "node_modules", "build", "dist", "__pycache__"})
_LAYER = "LambdaLayer"
_OF_LAYER = frozenset({"lib", "opt"})


def read_templates(tree: Tree) -> dict[str, TemplateSource]:
    """Every ``*.j2`` of the project's ``templates/`` over the package's, by its path below ``templates/``."""
    templates = dict(_all_package_templates())
    for path in tree.files(TEMPLATES_FOLDER):
        if path.endswith(".j2"):
            text = tree.text(path)
            if text is not None:
                templates[path.removeprefix(f"{TEMPLATES_FOLDER}/")] = TemplateSource(path, text)
    return templates


def read_source(tree: Tree, resource: Resource) -> ResourceSource | None:
    """All that is on disk of a resource; None if any of it is at fault (then the faults are in `tree`).

    Whether it needs a folder at all is for `synth` to say, which knows what renders without one.
    """
    before = len(tree.faults)
    folder, code_path = resource_folder(resource.id), code_folder(resource.id)
    own = [name for name in tree.names(folder) if _OWN_TEMPLATE.fullmatch(name)]
    template, parameters_path = _own_template(tree, folder, own), parameters_file(resource.id)
    if not own:
        template, parameters_path = _built_template(tree, resource.id, parameters_path)
    parameters, refused = read_parameters(tree, parameters_path)
    if template is None and resource.service == "API Gateway":
        parameters = {**_rest_inputs(tree, resource), **parameters}
    code, skipped = {}, _NOT_OTHERS
    if resource.service == _LAYER:
        code, code_path, skipped = _read_layer(tree, folder), f"{folder}/opt", _NOT_OTHERS | _OF_LAYER
    elif _is_function(resource):
        code = _read_code(tree, code_path)
    needs_code = resource.service == _LAYER or _is_function(resource)
    if needs_code and not (code or template or own or len(tree.faults) > before):
        tree.fault(code_path, f"There is no code for {resource.id}.", "Put the code there.")
    others = _read_others(tree, folder, {"parameters.json", *own}, skipped)
    built = _read_built(tree, resource.id, template)
    sound = len(tree.faults) == before
    # With a secret in it a resource is refused, but it can be read: its other faults are found too.
    tree.faults += refused
    source = ResourceSource(resource.id, parameters, parameters_path, template, code, others, built)
    return source if sound else None


def read_parameters(tree: Tree, path: str) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """A ``parameters.json``, empty where there is none, and a fault for each value that seems to be a secret."""
    source = tree.json(path) if tree.exists(path) else None
    if source is None:
        return {}, ()
    if isinstance(source.value, dict):
        return source.value, secrets(source)
    if not source.faults:
        tree.faults.append(
            source.fault((), "The parameters must be an object.", "Write {} where there are none.")
        )
    return {}, secrets(source)


def stray_parameters(tree: Tree, known: frozenset[ResourceId]) -> None:
    """Read the ``parameters.json`` of every folder on disk that is not in `known`, for its faults alone.

    This is for a backend-config.json that lost some of its text: what it named is not all that it means.
    """
    for category in tree.names(BACKEND_FOLDER):
        if tree.is_folder(f"{BACKEND_FOLDER}/{category}"):
            for name in tree.names(f"{BACKEND_FOLDER}/{category}"):
                resource = ResourceId(category, name)
                if resource not in known and tree.is_folder(resource_folder(resource)):
                    _, refused = read_parameters(tree, parameters_file(resource))
                    tree.faults += refused


def _own_template(tree: Tree, folder: str, names: list[str]) -> TemplateSource | None:
    if len(names) > 1:
        tree.fault(folder, f"It holds more than one template: {', '.join(names)}.", "Keep one of them.")
    if len(names) != 1:
        return None
    path = f"{folder}/{names[0]}"
    text = tree.text(path)
    if text is None:
        return None
    # A .json that does not start with a brace is YAML, as it is for Amplify; that is read when it is rendered.
    if path.endswith(".json") and text.lstrip().startswith("{"):
        tree.faults += read(text, path).faults
    return TemplateSource(path, text)


def _built_template(tree: Tree, resource: ResourceId, parameters: str) -> tuple[TemplateSource | None, str]:
    """What `amplify build` left of a resource, overrides included, and the file of its parameters.

    Amplify writes one template for the nested stack, and with some resources further ones that it refers to:
    the one that bears the resource's name counts. `parameters` is the file if the build left none.
    """
    folder = amplify_build_folder(resource)
    names = [name for name in tree.names(folder) if _OWN_TEMPLATE.fullmatch(name)]
    main = [name for name in names if name.startswith(f"{resource.name}-")]
    template = _own_template(tree, folder, main or names)
    built = f"{folder}/parameters.json"
    return template, built if template is not None and tree.exists(built) else parameters


def _read_built(tree: Tree, resource: ResourceId, template: TemplateSource | None) -> dict[str, bytes]:
    """The further files of `amplify build`, to which its template may refer: nested stacks, resolvers, code."""
    folder = amplify_build_folder(resource)
    if template is None or not template.file.startswith(f"{folder}/"):
        return {}
    found = {}
    for path in tree.files(folder):
        if (
            path not in (template.file, f"{folder}/parameters.json")
            and (content := tree.bytes(path)) is not None
        ):
            found[path.removeprefix(f"{folder}/")] = content
    return found


def _rest_inputs(tree: Tree, resource: Resource) -> dict[str, object]:
    """The parameters of a REST API that Amplify's cli-inputs.json describes; empty if there is no such file."""
    path = f"{resource_folder(resource.id)}/{CLI_INPUTS}"
    source = tree.json(path) if tree.exists(path) else None
    if source is None or source.faults:
        return {}
    parameters, faults = rest_inputs.parameters(source, resource.entry)
    tree.faults += faults
    return parameters


def _read_code(tree: Tree, folder: str, node: str = "") -> dict[str, bytes]:
    """The files of a folder; `node` is where its Node.js packages are declared, by default in the folder itself."""
    code = {}
    for path in tree.files(
        folder, _NOT_CODE | ({"node_modules"} if _installs_elsewhere(tree, node or folder) else set())
    ):
        content = None if path.endswith(".pyc") else tree.bytes(path)
        if content is not None:
            code[path.removeprefix(f"{folder}/")] = content
    return code


def _installs_elsewhere(tree: Tree, folder: str) -> bool:
    """Whether a push installs Node.js packages from a lock file: then ``node_modules`` is the developer's own.

    npm installs in place what is linked to other folders, and what needs scripts to run.
    """
    lock = next((name for name in NODE_LOCKS if tree.exists(f"{folder}/{name}")), None)
    content = (tree.bytes(f"{folder}/{lock}") or b"") if lock == NPM_LOCK else b""
    if has_links(content.decode("utf-8", "replace")):
        return False
    mark = f"{folder}/{IN_PLACE_MARK}"
    in_place = in_place_mark(content, scripts=True)
    return lock is not None and not (tree.exists(mark) and tree.bytes(mark) == in_place.encode())


def _is_function(resource: Resource) -> bool:
    return resource.service == "Lambda" or (resource.id.category == "function" and not resource.service)


def _read_layer(tree: Tree, folder: str) -> dict[str, bytes]:
    """A layer's files as they are below ``/opt``; where ``opt/`` and ``lib/`` have the same one, that of ``opt/``."""
    lib, opt = f"{folder}/lib", f"{folder}/opt"
    return {**_read_code(tree, lib, f"{lib}/nodejs"), **_read_code(tree, opt)}


def _read_others(tree: Tree, folder: str, known: set[str], skipped: frozenset[str]) -> dict[str, str]:
    others = {}
    for path in tree.files(folder, skipped):
        name = path.removeprefix(f"{folder}/")
        if name in known:
            continue
        text = tree.text(path) if name.startswith("schema/") else _text_or_none(tree, path)
        if text is not None:
            others[name] = text
    return others


def _text_or_none(tree: Tree, path: str) -> str | None:
    content = tree.bytes(path)
    try:
        return None if content is None else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def package_template(path: str) -> str | None:
    """One of the package's templates by its path below ``templates/``; None if it has none."""
    return next((template.text for name, template in _all_package_templates() if name == path), None)


def _all_package_templates() -> Iterator[tuple[str, TemplateSource]]:
    yield from _package_templates(package_files("accountsctl.synth") / TEMPLATES_FOLDER, "")


def _package_templates(folder: Traversable, prefix: str) -> Iterator[tuple[str, TemplateSource]]:
    for child in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{prefix}{child.name}"
        if child.is_dir():
            yield from _package_templates(child, f"{path}/")
        elif path.endswith(".j2"):
            yield (
                path,
                TemplateSource(f"package:{TEMPLATES_FOLDER}/{path}", child.read_text(encoding="utf-8")),
            )
