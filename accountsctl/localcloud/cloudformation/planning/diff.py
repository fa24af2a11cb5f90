"""What an update does to a resource: nothing, a change in place, or a replacement, and because of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accountsctl.localcloud.cloudformation.runtime.shapes import (
    ChangeAction,
    Properties,
    Recreation,
    ReplacementLevel,
    TemplateValue,
)
from accountsctl.localcloud.cloudformation.template.functions import equal, unknown_within

ABSENT = object()


@dataclass(frozen=True)
class PropertyChange:
    """One top-level property that differs; `before` or `after` is ABSENT if it is added or removed."""

    name: str
    before: TemplateValue
    after: TemplateValue
    recreation: Recreation

    @property
    def kind(self) -> ChangeAction:
        """AWS's AttributeChangeType."""
        if self.before is ABSENT:
            return ChangeAction.ADD
        return ChangeAction.REMOVE if self.after is ABSENT else ChangeAction.MODIFY


def property_changes(
    old: Properties,
    new: Properties,
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


def replacement(changes: Sequence[PropertyChange]) -> ReplacementLevel:
    """Whether a resource with these changes is replaced."""
    levels = {change.recreation for change in changes}
    if Recreation.ALWAYS in levels:
        return ReplacementLevel.YES
    return ReplacementLevel.MAYBE if Recreation.CONDITIONALLY in levels else ReplacementLevel.NO


def _same(before: TemplateValue, after: TemplateValue) -> bool:
    return not unknown_within(after) and equal(before, after)


def _recreation(
    name: str,
    before: TemplateValue,
    after: TemplateValue,
    create_only: frozenset[str],
    conditional: frozenset[str],
) -> Recreation:
    level = Recreation.NEVER
    for paths, certain in ((conditional, Recreation.CONDITIONALLY), (create_only, Recreation.ALWAYS)):
        for path in paths:
            head, *rest = path.split("/")
            if head != name or level is Recreation.ALWAYS:
                continue
            pairs = list(_at(before, after, rest))
            if any(unknown_within(right) for _, right in pairs):
                level = Recreation.CONDITIONALLY
            elif any(not _equal_or_absent(left, right) for left, right in pairs):
                level = certain
    return level


def _equal_or_absent(left: TemplateValue, right: TemplateValue) -> bool:
    if left is ABSENT or right is ABSENT:
        return left is right
    return equal(left, right)


def _at(
    before: TemplateValue, after: TemplateValue, path: list[str]
) -> Iterator[tuple[TemplateValue, TemplateValue]]:
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
