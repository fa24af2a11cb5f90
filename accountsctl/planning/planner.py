"""From an assembly and what is deployed to a plan. Pure: templates in, changes out.

    compare the roots            which nested stacks are created, deleted or updated
    └── compare the templates    which properties changed, and whether that replaces a resource
        └── follow references    what refers to a replaced resource in a create-only property is replaced too
    follow the dependsOn         a consumer of a replaced resource's attribute changes with it

The deployed root names each template by its content's hash, so that "what is deployed" is always
known. Which properties are create-only comes from AWS's own resource schemas (`replacement`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Change, Plan, Replacement
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.planning.replacement import create_only, custom_name
from accountsctl.planning.stateful import holds_data, what_remains

STACK = "AWS::CloudFormation::Stack"
TemplateOf = Callable[[str], TemplateBody]
"""Logical id of a nested stack in the deployed root -> its deployed template."""


def plan(assembly: Assembly, deployed: TemplateBody | None, template_of: TemplateOf) -> Plan:
    """The plan that takes the `deployed` root template (None: there is no stack) to `assembly`."""
    old = nested_stacks(deployed or {})
    changes = [
        _change(child, assembly, old.get(child.id.logical_id), template_of) for child in assembly.children
    ]
    desired = {child.id.logical_id for child in assembly.children}
    changes += [_deletion(name, old[name], template_of(name)) for name in old if name not in desired]
    return Plan(
        assembly=assembly,
        changes=tuple(_with_consumers(changes, assembly)),
        first=deployed is None,
        root_changed=deployed is None or deployed != assembly.root.body,
    )


def nested_stacks(root: TemplateBody) -> dict[str, TemplateResource]:
    """The nested stacks of a root template, by logical id."""
    resources = root.get("Resources", {})
    return {name: resource for name, resource in resources.items() if resource.get("Type") == STACK}


def _change(
    child: Child, assembly: Assembly, old: TemplateResource | None, template_of: TemplateOf
) -> Change:
    resource = child.resource
    if old is None:
        action = Action.IMPORT if resource.imported else Action.CREATE
        return Change(resource.id, resource.service, action, ("It is not deployed yet.",))
    new = assembly.root.body["Resources"][resource.id.logical_id]
    if _without_metadata(new) == _without_metadata(old):
        return Change(resource.id, resource.service, Action.NONE)
    before = template_of(resource.id.logical_id)
    replaces = tuple(replacements(before, child.template.body))
    reasons = (*_stack_reasons(old, new), *template_reasons(before, child.template.body, replaces))
    return Change(
        resource.id, resource.service, Action.UPDATE, reasons, replaces, _lost(before, child.template.body)
    )


def _without_metadata(stack: TemplateResource) -> TemplateResource:
    """A nested stack without what CloudFormation ignores when it compares."""
    return {key: value for key, value in stack.items() if key != "Metadata"}


def _stack_reasons(old: TemplateResource, new: TemplateResource) -> Iterator[str]:
    before, after = (stack.get("Properties", {}).get("Parameters", {}) for stack in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield "Its code changed." if name == "s3Key" else f"Its parameter {name} changed."


def template_reasons(
    before: TemplateBody, after: TemplateBody, replaces: tuple[Replacement, ...]
) -> Iterator[str]:
    """Sentences on how one template differs from another."""
    old, new = before.get("Resources", {}), after.get("Resources", {})
    replaced = {replacement.logical_id for replacement in replaces}
    for name in sorted(new.keys() - old.keys()):
        yield f"{name} ({new[name].get('Type')}) is added."
    for name in sorted(old.keys() - new.keys()):
        data = f"; {what_remains(old[name], 'DeletionPolicy')}" if holds_data(old[name]) else ""
        yield f"{name} ({old[name].get('Type')}) is deleted{data}."
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            paths = ", ".join(changed_paths(old[name], new[name])) or "its type"
            yield f"{name} ({new[name].get('Type')}) changes: {paths}{_replacement_note(new[name], name in replaced)}."
    for section in ("Outputs", "Parameters", "Conditions", "Mappings", "Metadata", "Description"):
        if before.get(section) != after.get(section):
            yield f"The template's {section} change."


def _replacement_note(resource: TemplateResource, replaced: bool) -> str:
    if not replaced:
        return ""
    if not holds_data(resource):
        return "; it is replaced"
    return f"; it is REPLACED by an empty one, {what_remains(resource, 'UpdateReplacePolicy')}"


def changed_paths(old: TemplateResource, new: TemplateResource) -> list[str]:
    """The property names in which two template resources differ, sorted; other attributes by their own name."""
    before, after = old.get("Properties", {}), new.get("Properties", {})
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    names |= {
        key
        for key in old.keys() | new.keys()
        if key not in ("Properties", "Type") and old.get(key) != new.get(key)
    }
    return sorted(names)


def replacements(before: TemplateBody, after: TemplateBody) -> list[Replacement]:
    """What an update from one template to the other replaces, including what refers to replaced resources."""
    old, new = before.get("Resources", {}), after.get("Resources", {})
    shared = [name for name in new if name in old]
    replaced: dict[str, Replacement] = {}
    while True:  # a replaced resource can cause further ones: repeat until none is added
        count = len(replaced)
        for name in shared:
            kind = new[name].get("Type", "")
            paths = _replacing_paths(old[name], new[name], create_only(kind), replaced.keys())
            if name not in replaced and (paths or old[name].get("Type") != kind):
                custom = _keeps_custom_name(old[name], new[name], custom_name(kind))
                replaced[name] = Replacement(name, kind, tuple(paths), holds_data(old[name]), custom)
        if len(replaced) == count:
            return [replaced[name] for name in shared if name in replaced]


def _replacing_paths(
    old: TemplateResource, new: TemplateResource, paths: tuple[str, ...], replaced: Collection[str]
) -> list[str]:
    before, after = old.get("Properties", {}), new.get("Properties", {})
    return [
        path
        for path in paths
        if _at(before, path) != _at(after, path) or any(_refers(_at(after, path), name) for name in replaced)
    ]


def _keeps_custom_name(old: TemplateResource, new: TemplateResource, names: tuple[str, ...]) -> bool:
    before, after = old.get("Properties", {}), new.get("Properties", {})
    return any(_at(after, name) is not None and _at(before, name) == _at(after, name) for name in names)


def _at(value: object, path: str) -> object:
    """The value at a path of keys; None if there is none."""
    for step in path.split("/"):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _refers(value: object, name: str) -> bool:
    """Whether `value` (long-form intrinsics) refers to the resource `name`."""
    if isinstance(value, Mapping):
        if value.get("Ref") == name:
            return True
        target = value.get("Fn::GetAtt")
        if isinstance(target, list) and target and target[0] == name:
            return True
        return any(_refers(child, name) for child in value.values())
    return isinstance(value, list) and any(_refers(item, name) for item in value)


def _lost(before: TemplateBody, after: TemplateBody) -> tuple[str, ...]:
    old, new = before.get("Resources", {}), after.get("Resources", {})
    return tuple(name for name in old if name not in new and holds_data(old[name]))


def _deletion(logical_id: str, stack: TemplateResource, before: TemplateBody) -> Change:
    resources = before.get("Resources", {})
    with_data = {name: resource for name, resource in resources.items() if holds_data(resource)}
    reasons = ["It is no longer in backend-config.json."]
    reasons += [
        f"{name} ({resource['Type']}) goes; {what_remains(resource, 'DeletionPolicy')}."
        for name, resource in with_data.items()
    ]
    owner = stack.get("Metadata", {}).get("accountsctl", {})
    deleted = ResourceId(owner.get("category", ""), owner.get("name", logical_id))
    return Change(deleted, owner.get("service", ""), Action.DELETE, tuple(reasons), (), tuple(with_data))


def _with_consumers(changes: list[Change], assembly: Assembly) -> Iterator[Change]:
    """Consumers of a replaced resource's attributes change with it, though their own templates do not."""
    replaced = {change.id for change in changes if change.replaces}
    for change in changes:
        child = assembly.child(change.id)
        on = [d.on for d in child.resource.depends_on if d.attributes and d.on in replaced] if child else []
        if change.action is Action.NONE and on:
            reason = f"It follows {on[0]}, of which something is replaced."
            yield Change(change.id, change.service, Action.UPDATE, (reason,))
        else:
            yield change
