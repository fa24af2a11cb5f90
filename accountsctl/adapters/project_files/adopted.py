"""What an adopted environment's stack was: the files below ``amplify/adopted/<environment>/``."""

from __future__ import annotations

from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.layout import (
    adopted_code,
    adopted_folder,
    adopted_root,
    converted_file,
    converted_folder,
)
from accountsctl.model.adoption import Adoption, Conversion
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.template_body import TemplateBody

HINT = "Adopt the environment again: accountsctl adopt"


def read_adoption(tree: Tree, environment: Environment) -> Adoption | None:
    """The templates of an adopted environment, also of resources that have left the backend; None if it is not adopted.

    What cannot be read is a fault.
    """
    if not environment.adopted:
        return None
    root = _template(tree, adopted_root(environment.name))
    if root is None:
        if not tree.exists(adopted_root(environment.name)):
            tree.fault(adopted_folder(environment.name), "The adopted root template is missing.", HINT)
        return None
    converted = converted_folder(environment.name)
    templates = _templates(tree, adopted_folder(environment.name), besides=converted)
    code = _code(tree, adopted_code(environment.name))
    return Adoption(root, templates, code, _conversions(tree, environment.name))


def _templates(tree: Tree, folder: str, besides: str = "") -> dict[ResourceId, TemplateBody]:
    """The templates of resources below a folder, without those below `besides`."""
    templates: dict[ResourceId, TemplateBody] = {}
    for path in tree.files(folder):
        resource = parse_resource_id(path.removeprefix(f"{folder}/").removesuffix(".json"))
        below = bool(besides) and path.startswith(f"{besides}/")
        if resource is not None and not below and (body := _template(tree, path)) is not None:
            templates[resource] = body
    return templates


def _conversions(tree: Tree, environment: str) -> dict[ResourceId, Conversion]:
    """What was converted: its former template, and the logical ids and names that it keeps."""
    path = converted_file(environment)
    source = tree.json(path) if tree.exists(path) else None
    stated = source.value if source is not None and isinstance(source.value, dict) else {}
    found: dict[ResourceId, Conversion] = {}
    for resource, template in _templates(tree, converted_folder(environment)).items():
        entry = stated.get(str(resource))
        kept = entry if isinstance(entry, dict) else {}
        if not isinstance(entry, dict):
            tree.fault(path, f"It states nothing of {resource}, which was converted.", HINT)
        found[resource] = Conversion(template, kept.get("logicalIds", {}), kept.get("names", {}))
    return found


def _template(tree: Tree, path: str) -> TemplateBody | None:
    source = tree.json(path) if tree.exists(path) else None
    if source is None or source.faults:
        return None
    if not isinstance(source.value, dict) or not isinstance(source.value.get("Resources"), dict):
        tree.faults.append(source.fault((), 'It must be a template with "Resources".', HINT))
        return None
    return source.value


def _code(tree: Tree, path: str) -> dict[ResourceId, str]:
    source = tree.json(path) if tree.exists(path) else None
    written = source.value if source is not None and isinstance(source.value, dict) else {}
    return {
        resource: digest
        for name, digest in written.items()
        if (resource := parse_resource_id(name)) and isinstance(digest, str)
    }
