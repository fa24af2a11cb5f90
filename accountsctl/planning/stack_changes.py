"""The change of one stack, described: which of its resources are added, deleted, replaced or changed, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from accountsctl.model.backend import Resource
from accountsctl.model.names import ROOT_CATEGORY, ResourceId
from accountsctl.model.plan import Action, Change, Deletion, PropertyPreview, Replacement
from accountsctl.model.template_body import STACK, TemplateBody, TemplateResource
from accountsctl.planning.comparison import (
    Resources,
    keeps_custom_name,
    property_changes,
    replacing_paths,
)
from accountsctl.planning.gateway_responses import dropped_responses
from accountsctl.planning.stack_tree import EvaluatedResource
from accountsctl.planning.stateful import deletion_loses_data, holds_data, successor, what_remains
from accountsctl.planning.values import Address, Replaced, Sameness, compare
from accountsctl.planning.weakening import weakened_guards

SECTIONS = ("Outputs", "Parameters", "Conditions", "Mappings", "Metadata", "Description")


NO_RESOURCE_CHANGES = "No resource in it changes: only the text of its template, or its entry in the root."


@dataclass(frozen=True)
class StackSides:
    """The resources of one stack on both sides, and all resources that are replaced."""

    old: Resources
    new: Resources
    replaced: Replaced

    def shared(self) -> Iterator[tuple[Address, EvaluatedResource, EvaluatedResource]]:
        """The resources on both sides, in the order of the new template."""
        return ((a, self.old[a], self.new[a]) for a in self.new if a in self.old)

    def additions(self) -> Iterator[tuple[str, EvaluatedResource]]:
        """The resources that only the new side has."""
        return ((a.name, resource) for a, resource in self.new.items() if a not in self.old)

    def deletions(self) -> Iterator[Deletion]:
        """The resources that leave the stack, or may: their entry is gone, or their condition is no longer true."""
        for address, old in self.old.items():
            new = self.new.get(address)
            if new is not None and compare(old.exists, new.exists, self.replaced) is Sameness.SAME:
                continue
            if new is not None and new.exists is True:
                continue
            stated = {**old.source, **old.attributes}
            loses, remains = deletion_loses_data(stated), what_remains(stated, "DeletionPolicy")
            yield Deletion(address.name, old.type, loses, remains, certain=new is None)

    def replacements(self) -> Iterator[Replacement]:
        """The resources that are replaced, or may be. A nested stack is never replaced itself."""
        for address, old, new in self.shared():
            if address not in self.replaced or new.type == STACK:
                continue
            yield Replacement(
                address.name,
                new.type,
                tuple(replacing_paths(old, new, self.replaced)) if old.type == new.type else (),
                holds_data(old.source),
                keeps_custom_name(old, new),
                certain=self.replaced[address] is Sameness.CHANGED,
                remains=what_remains({**new.source, **new.attributes}, "UpdateReplacePolicy"),
                by=successor(new.source),
            )

    def properties(self) -> Iterator[PropertyPreview]:
        """Every property that changes or may change."""
        for address, old, new in self.shared():
            yield from property_changes(address.name, old, new, self.replaced)

    def weakened(self) -> Iterator[str]:
        """Sentences on guards of data that become weaker."""
        for address, old, new in self.shared():
            yield from weakened_guards(address.name, old, new)


def stack_change(
    resource: Resource,
    sides: StackSides,
    stacks: tuple[TemplateResource, TemplateResource],
    templates: tuple[TemplateBody, TemplateBody],
) -> Change:
    """The change of a nested stack that exists; `stacks` are its entries in the old and in the new root."""
    ignored = {"Metadata", "TemplateURL"} if templates[0] == templates[1] else {"Metadata"}
    old, new = (_without(stack, ignored) for stack in stacks)
    properties = tuple(sides.properties())
    replacements, deletions = tuple(sides.replacements()), tuple(sides.deletions())
    same_entry = old == new
    if same_entry and not properties and not deletions:
        return Change(resource.id, resource.service, Action.NONE, holds_data=_any_data(sides.old))
    dropped = dropped_responses(sides.old, sides.new, properties)
    notes = (*_stack_notes(old, new), *_added(sides), *_section_notes(*templates), *dropped)
    if not (notes or properties or deletions):
        notes = (NO_RESOURCE_CHANGES,)
    return Change(
        resource.id,
        resource.service,
        Action.UPDATE,
        (*notes, *_deleted(deletions), *_changed(sides, properties, replacements)),
        replacements,
        deletions,
        properties,
        notes,
        tuple(sides.weakened()),
        _any_data(sides.old),
        follows=same_entry,
    )


def root_changes(sides: StackSides) -> Iterator[Change]:
    """One change for each resource of the root itself that is added, deleted, replaced or changed."""
    for name, resource in sides.additions():
        yield Change(
            ResourceId(ROOT_CATEGORY, name), resource.type, Action.CREATE, ("It is added to the root.",)
        )
    for address in sides.old:
        one = StackSides(
            {address: sides.old[address]},
            {address: sides.new[address]} if address in sides.new else {},
            sides.replaced,
        )
        properties, deletions = tuple(one.properties()), tuple(one.deletions())
        if not properties and not deletions:
            continue
        replacements = tuple(one.replacements())
        certain = any(deletion.certain for deletion in deletions)
        yield Change(
            ResourceId(ROOT_CATEGORY, address.name),
            sides.old[address].type,
            Action.DELETE if certain else Action.UPDATE,
            (*_deleted(deletions), *_changed(one, properties, replacements)),
            replacements,
            deletions,
            properties,
            weakens=tuple(one.weakened()),
            holds_data=_any_data(one.old),
        )


def _any_data(resources: Resources) -> bool:
    return any(holds_data(resource.source) for resource in resources.values())


def _without(stack: TemplateResource, ignored: Collection[str]) -> TemplateResource:
    """A nested stack's entry without some of its keys and properties: CloudFormation compares no metadata, and the
    same template at another address changes nothing."""
    properties = {key: value for key, value in stack.get("Properties", {}).items() if key not in ignored}
    return {**{key: value for key, value in stack.items() if key not in ignored}, "Properties": properties}


def _stack_notes(old: TemplateResource, new: TemplateResource) -> Iterator[str]:
    before, after = (stack.get("Properties", {}).get("Parameters", {}) for stack in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield "Its code changed." if name == "s3Key" else f"Its parameter {name} changed."


def _section_notes(before: TemplateBody, after: TemplateBody) -> Iterator[str]:
    for section in SECTIONS:
        if before.get(section) != after.get(section):
            yield f"The template's {section} change."


def _added(sides: StackSides) -> Iterator[str]:
    for name, resource in sorted(sides.additions(), key=lambda addition: addition[0]):
        yield f"{name} ({resource.type}) is added."


def _deleted(deletions: tuple[Deletion, ...]) -> Iterator[str]:
    for deletion in deletions:
        verb = "is deleted" if deletion.certain else "may be deleted"
        data = f"; {deletion.remains}" if deletion.holds_data else ""
        yield f"{deletion.logical_id} ({deletion.type}) {verb}{data}."


def _changed(
    sides: StackSides, properties: tuple[PropertyPreview, ...], replacements: tuple[Replacement, ...]
) -> Iterator[str]:
    paths: dict[str, list[str]] = {}
    for change in properties:
        paths.setdefault(change.logical_id, []).append(change.path)
    notes = {replacement.logical_id: _replacement_note(replacement) for replacement in replacements}
    types = {address.name: resource.type for address, resource in sides.new.items()}
    for name, changed in paths.items():
        yield f"{name} ({types[name]}) changes: {', '.join(changed)}{notes.get(name, '')}."


def _replacement_note(replacement: Replacement) -> str:
    verb = "is" if replacement.certain else "may be"
    if not replacement.holds_data:
        return f"; it {verb} replaced"
    return f"; it {verb} REPLACED by {replacement.by}, {replacement.remains}"
