"""What differs between the resources that are deployed and those to be deployed, and which are replaced.

A create-only property that changes replaces its resource, and so does one that refers to a replaced resource, in
the same stack or through the outputs of another. A value that only AWS can work out "may" change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accountsctl.model.plan import PropertyPreview, ReplacementKind
from accountsctl.model.template_body import STACK
from accountsctl.planning.replacement import conditional_create_only, create_only, custom_name
from accountsctl.planning.secrets import is_secret
from accountsctl.planning.stack_tree import EvaluatedResource
from accountsctl.planning.values import (
    HIDDEN,
    MISSING,
    Address,
    Replaced,
    Sameness,
    Value,
    compare,
    references,
    shown,
)

Resources = Mapping[Address, EvaluatedResource]
CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
RECREATIONS = {
    Sameness.SAME: ReplacementKind.NEVER,
    Sameness.MAYBE: ReplacementKind.CONDITIONAL,
    Sameness.CHANGED: ReplacementKind.ALWAYS,
}


@dataclass(frozen=True)
class ValueDifference:
    """One value at a path, on both sides."""

    path: tuple[str, ...]
    before: Value
    after: Value


def replaced_resources(old: Resources, new: Resources) -> dict[Address, Sameness]:
    """The resources of both sides that are replaced (CHANGED) or may be (MAYBE).

    Custom resources and nested stacks of nested stacks count as MAYBE once they change: their attributes can.
    """
    shared = [address for address in new if address in old]
    replaced: dict[Address, Sameness] = {}
    while True:  # a replaced resource can cause further ones: repeat until nothing is added
        before = dict(replaced)
        for address in shared:
            verdict = _replacement(old[address], new[address], replaced)
            if verdict is not Sameness.SAME:
                replaced[address] = verdict
        if replaced == before:
            return replaced


def _replacement(old: EvaluatedResource, new: EvaluatedResource, replaced: Replaced) -> Sameness:
    if old.type != new.type:
        return Sameness.CHANGED
    if new.type.startswith(CUSTOM) or new.type == STACK:
        return min(Sameness.MAYBE, compare(old.properties, new.properties, replaced))
    return max(replacing_paths(old, new, replaced).values(), default=Sameness.SAME)


def replacing_paths(
    old: EvaluatedResource, new: EvaluatedResource, replaced: Replaced
) -> dict[str, Sameness]:
    """The create-only properties whose change replaces the resource, or may replace it."""
    found = {path: _compare_at(old, new, path, replaced) for path in create_only(new.type)}
    for path in conditional_create_only(new.type):
        found[path] = min(Sameness.MAYBE, _compare_at(old, new, path, replaced))
    return {path: verdict for path, verdict in found.items() if verdict is not Sameness.SAME}


def _compare_at(old: EvaluatedResource, new: EvaluatedResource, path: str, replaced: Replaced) -> Sameness:
    steps = path.split("/")
    return compare(_at(old.properties, steps), _at(new.properties, steps), replaced)


def _at(value: Value, steps: Sequence[str]) -> Value:
    """The value at a path (``*``: of each item), or the value on the way to it that only AWS knows."""
    for index, step in enumerate(steps):
        if isinstance(value, list) and step == "*":
            return [_at(item, steps[index + 1 :]) for item in value]
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, str | int | float | list):
            return MISSING
        else:
            return value
    return value


def property_changes(
    name: str, old: EvaluatedResource, new: EvaluatedResource, replaced: Replaced
) -> tuple[PropertyPreview, ...]:
    """Each property of a resource that changes or may change, with what that does to the resource."""
    if old.type != new.type:
        why = "a resource cannot change its type"
        return (PropertyPreview(name, "Type", old.type, new.type, ReplacementKind.ALWAYS, why),)
    replacing = replacing_paths(old, new, replaced)
    changes = [
        _property_change(name, new.type, difference, replacing, replaced)
        for difference in _differences(old.properties, new.properties, replaced, ())
    ]
    changes += [
        PropertyPreview(name, difference.path[0], shown(difference.before), shown(difference.after))
        for difference in _differences(dict(old.attributes), dict(new.attributes), replaced, ())
        if difference.path[0] != "Metadata"
    ]
    return tuple(changes)


def _differences(
    old: Value, new: Value, replaced: Replaced, path: tuple[str, ...]
) -> Iterator[ValueDifference]:
    if compare(old, new, replaced) is Sameness.SAME:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(old.get(key, MISSING), new.get(key, MISSING), replaced, (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, replaced, (*path, str(index)))
    else:
        yield ValueDifference(path, old, new)


def _property_change(
    name: str, kind: str, difference: ValueDifference, replacing: Mapping[str, Sameness], replaced: Replaced
) -> PropertyPreview:
    causes = {path: verdict for path, verdict in replacing.items() if _related(difference.path, path)}
    verdict = max(causes.values(), default=Sameness.SAME)
    before, after = shown(difference.before), shown(difference.after)
    if is_secret(difference.path):
        before, after = (value and HIDDEN for value in (before, after))
    why = _why(kind, difference, causes, replaced) if causes else ""
    return PropertyPreview(name, "/".join(difference.path), before, after, RECREATIONS[verdict], why)


def _related(path: Sequence[str], create_only_path: str) -> bool:
    """Whether one path is the other, or leads to it."""
    steps = zip(path, create_only_path.split("/"), strict=False)
    return all(step == pattern or pattern == "*" for step, pattern in steps)


def _why(kind: str, difference: ValueDifference, causes: Mapping[str, Sameness], replaced: Replaced) -> str:
    followed = [
        reference.target for reference in references(difference.after) if reference.target in replaced
    ]
    if followed:
        verb = "is" if replaced[followed[0]] is Sameness.CHANGED else "may be"
        return f"{followed[0].name}, to which it refers, {verb} replaced"
    if Sameness.CHANGED in causes.values():
        return "AWS sets it only when it creates the resource"
    if all(path in conditional_create_only(kind) for path in causes):
        return "AWS replaces the resource for some changes of it"
    return "its new value is known only when AWS deploys it"


def keeps_custom_name(old: EvaluatedResource, new: EvaluatedResource) -> bool:
    """Whether the resource has a fixed name that stays, so that AWS cannot create its replacement."""
    for path in custom_name(new.type):
        steps = path.split("/")
        before, after = _at(old.properties, steps), _at(new.properties, steps)
        if after is not MISSING and compare(before, after, {}) is Sameness.SAME:
            return True
    return False
