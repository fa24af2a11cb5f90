"""What an update does to a resource: nothing, a change in place, or a replacement, and because of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.cloudformation.template.functions import equal, unknown_within

ABSENT = object()


@dataclass(frozen=True)
class PropertyChange:
    """One top-level property that differs. `recreation` is AWS's RequiresRecreation."""

    name: str
    before: Any
    after: Any
    recreation: str

    @property
    def kind(self) -> str:
        """AWS's AttributeChangeType."""
        if self.before is ABSENT:
            return "Add"
        return "Remove" if self.after is ABSENT else "Modify"


def property_changes(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    create_only: frozenset[str],
    conditional: frozenset[str] = frozenset(),
) -> list[PropertyChange]:
    """The properties that differ, by name; scalars are compared as text, as CloudFormation does."""
    changes = []
    for name in sorted(set(old) | set(new)):
        before, after = old.get(name, ABSENT), new.get(name, ABSENT)
        if before is not ABSENT and after is not ABSENT and _same(before, after):
            continue
        recreation = _recreation(name, before, after, create_only, conditional)
        changes.append(PropertyChange(name, before, after, recreation))
    return changes


def replacement(changes: list[PropertyChange]) -> str:
    """AWS's Replacement for a resource with these changes."""
    levels = {change.recreation for change in changes}
    if "Always" in levels:
        return "True"
    return "Conditional" if "Conditionally" in levels else "False"


def _same(before: Any, after: Any) -> bool:
    return not unknown_within(after) and equal(before, after)


def _recreation(
    name: str, before: Any, after: Any, create_only: frozenset[str], conditional: frozenset[str]
) -> str:
    level = "Never"
    for paths, certain in ((conditional, "Conditionally"), (create_only, "Always")):
        for path in paths:
            head, *rest = path.split("/")
            if head != name:
                continue
            pairs = list(_at(before, after, rest))
            if any(unknown_within(right) for _, right in pairs):
                level = level if level == "Always" else "Conditionally"
            elif any(not _equal_or_absent(left, right) for left, right in pairs):
                level = certain if level != "Always" else level
    return level


def _equal_or_absent(left: Any, right: Any) -> bool:
    if left is ABSENT or right is ABSENT:
        return left is right
    return equal(left, right)


def _at(before: Any, after: Any, path: list[str]) -> Iterator[tuple[Any, Any]]:
    """The two values at `path`; below a ``*`` each pair of items."""
    if not path or (unknown_within(after) and not isinstance(after, dict | list)):
        yield before, after
        return
    head, *rest = path
    if head == "*":
        if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
            yield before, after
            return
        for left, right in zip(before, after, strict=True):
            yield from _at(left, right, rest)
        return
    left = before.get(head, ABSENT) if isinstance(before, dict) else ABSENT
    right = after.get(head, ABSENT) if isinstance(after, dict) else ABSENT
    yield from _at(left, right, rest)
