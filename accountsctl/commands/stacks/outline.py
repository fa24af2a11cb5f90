"""What a push is about to do, for those who watch it: which stacks, how large, and which comes after which."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.model.events import Outline, Part
from accountsctl.model.plan import Action, Change, Plan
from accountsctl.model.template_body import TemplateBody


def outline(intended: Plan) -> Outline:
    """The stacks that the push changes, in the order in which CloudFormation can begin with them."""
    changes = {
        change.id.logical_id: change for change in intended.changes if change.action is not Action.NONE
    }
    resources = intended.assembly.root.body["Resources"]
    waits = {
        logical_id: {name for name in _names(resources.get(logical_id, {})) if name in changes} - {logical_id}
        for logical_id in changes
    }
    order: list[str] = []
    for logical_id in changes:
        _place(logical_id, waits, order)
    parts = (_part(intended, changes[name], sorted(waits[name]), changes) for name in order)
    return Outline(f"Pushing {intended.assembly.environment.stack_name}", tuple(parts))


def _part(intended: Plan, change: Change, waits: list[str], changes: dict[str, Change]) -> Part:
    new = change.action in (Action.CREATE, Action.IMPORT)
    templates = {child.id: child.template.body for child in intended.assembly.children}
    return Part(
        name=str(change.id),
        logical_id=change.id.logical_id,
        waits_for=tuple(str(changes[name].id) for name in waits),
        resources=len(templates[change.id]["Resources"]) if new and change.id in templates else 0,
    )


def _place(logical_id: str, waits: dict[str, set[str]], order: list[str]) -> None:
    """Append what it waits for, then itself. The root template has no cycle: that was checked when it was rendered."""
    if logical_id in order:
        return
    for dependency in sorted(waits[logical_id]):
        _place(dependency, waits, order)
    order.append(logical_id)


def _names(node: TemplateBody | list[object] | object) -> Iterator[str]:
    """Every text in a resource that may be the logical id of another one: DependsOn, Ref, GetAtt in long form."""
    if isinstance(node, dict):
        for value in node.values():
            yield from _names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value)
    elif isinstance(node, str):
        yield node
