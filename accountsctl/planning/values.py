"""The values of an evaluated template, and when two of them are the same.

A value is JSON, except where it is known only when AWS deploys it:

    ResourceReference  an id or an attribute of a resource: the same as long as the resource is the same one
    Computed           a function whose result is not known here: the same if its arguments are
    PartialText        text that contains such values
    Secret             a value that is compared, but never shown

Two values are the SAME, CHANGED, or MAYBE the same: what is not known is never assumed to be equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

Value = object
"""JSON whose leaves may be one of the classes below."""
HIDDEN = "****"


class Sameness(IntEnum):
    """Whether a value changes; the larger one wins when verdicts are combined."""

    SAME = 0
    MAYBE = 1
    CHANGED = 2


@dataclass(frozen=True)
class Address:
    """A resource: the logical id of its nested stack (empty for the root), and its own."""

    stack: str
    name: str


@dataclass(frozen=True)
class ResourceReference:
    """``Ref`` (no attribute) or ``Fn::GetAtt`` of a resource."""

    target: Address
    attribute: str = ""

    @property
    def identifies(self) -> bool:
        """Whether another physical resource surely has another value here."""
        return self.attribute in ("", "Arn", "Id")


@dataclass(frozen=True)
class Computed:
    """The result of `function`, which is not known here."""

    function: str
    arguments: Value


@dataclass(frozen=True)
class Secret:
    """The value of a NoEcho parameter."""

    value: Value


@dataclass(frozen=True)
class PartialText:
    """Text of which some parts are not known here; no two neighbors are plain text."""

    parts: tuple[Value, ...]


class Missing:
    """Stands for a property that is not set; also the value of ``AWS::NoValue``."""


MISSING = Missing()
UNKNOWN = (ResourceReference, Computed, PartialText)
"""What is not known before AWS deploys it."""
Replaced = Mapping[Address, Sameness]
"""The resources that are replaced (CHANGED) or may be (MAYBE)."""


def scalar(value: Value) -> str | None:
    """A plain value as CloudFormation compares it (``5`` is ``"5"``, True is ``"true"``); None for any other."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None


def join(parts: list[Value]) -> Value:
    """Text put together from parts; plain text if all of it is known."""
    merged: list[Value] = []
    for part in _flat(parts):
        plain = scalar(part)
        if plain is not None and merged and isinstance(merged[-1], str):
            merged[-1] += plain
        elif plain != "":
            merged.append(part if plain is None else plain)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else PartialText(tuple(merged))


def _flat(parts: list[Value]) -> Iterator[Value]:
    for part in parts:
        if isinstance(part, PartialText):
            yield from part.parts
        else:
            yield part


def revealed(value: Value) -> Value:
    """The value with its secrets as plain values: for comparison only."""
    match value:
        case Secret(inner):
            return revealed(inner)
        case PartialText(parts):
            return join([revealed(part) for part in parts])
        case Computed(function, arguments):
            return Computed(function, revealed(arguments))
        case dict():
            return {key: revealed(item) for key, item in value.items()}
        case list():
            return [revealed(item) for item in value]
        case _:
            return value


def is_known(value: Value) -> bool:
    """Whether nothing in the value waits for AWS."""
    match value:
        case _ if isinstance(value, UNKNOWN):
            return False
        case Secret(inner):
            return is_known(inner)
        case dict():
            return all(is_known(item) for item in value.values())
        case list():
            return all(is_known(item) for item in value)
        case _:
            return True


def references(value: Value) -> Iterator[ResourceReference]:
    """Every reference to a resource in the value."""
    match value:
        case ResourceReference():
            yield value
        case Computed(_, inner) | Secret(inner):
            yield from references(inner)
        case PartialText(parts):
            for part in parts:
                yield from references(part)
        case dict():
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)


def compare(old: Value, new: Value, replaced: Replaced) -> Sameness:
    """Whether the value changes from `old` to `new` while the resources of `replaced` become other ones."""
    return _compare(revealed(old), revealed(new), replaced)


def _compare(old: Value, new: Value, replaced: Replaced) -> Sameness:
    match old, new:
        case Missing(), Missing():
            return Sameness.SAME
        case (Missing(), _) | (_, Missing()):
            return Sameness.CHANGED
        case dict(), dict():
            keys = [*old, *(key for key in new if key not in old)]
            pairs = ((old.get(key, MISSING), new.get(key, MISSING)) for key in keys)
            return max((_compare(a, b, replaced) for a, b in pairs), default=Sameness.SAME)
        case list(), list():
            if len(old) != len(new):
                return Sameness.CHANGED
            return max(map(lambda a, b: _compare(a, b, replaced), old, new), default=Sameness.SAME)
        case ResourceReference(), ResourceReference() if old == new:
            return _follow(old, replaced)
        case PartialText(), PartialText():
            return _compare_texts(old, new, replaced)
        case Computed(), Computed() if old.function == new.function:
            # Other arguments can have the same result, and so can other resources in them.
            return min(Sameness.MAYBE, _compare(old.arguments, new.arguments, replaced))
        case (ResourceReference() | Computed() | PartialText(), _) | (
            _,
            ResourceReference() | Computed() | PartialText(),
        ):
            return Sameness.MAYBE
        case _:
            return Sameness.SAME if _plain(old) == _plain(new) else Sameness.CHANGED


def _follow(reference: ResourceReference, replaced: Replaced) -> Sameness:
    verdict = replaced.get(reference.target, Sameness.SAME)
    return verdict if reference.identifies else min(Sameness.MAYBE, verdict)


def _compare_texts(old: PartialText, new: PartialText, replaced: Replaced) -> Sameness:
    """CHANGED only if the unknown parts are the same ones in the same order."""
    if [isinstance(part, str) for part in old.parts] != [isinstance(part, str) for part in new.parts]:
        return Sameness.MAYBE
    pairs = list(zip(old.parts, new.parts, strict=True))
    unknown = [_compare(a, b, replaced) for a, b in pairs if not isinstance(a, str)]
    if old == new:
        return max(unknown)
    same_unknown = all(verdict is Sameness.SAME for verdict in unknown)
    return Sameness.CHANGED if same_unknown else Sameness.MAYBE


def _plain(value: Value) -> Value:
    plain = scalar(value)
    return value if plain is None else plain


def shown(value: Value) -> Value:
    """The value as JSON for people: references as ``${Name.Attribute}``, secrets hidden, None if it is not set."""
    match value:
        case Missing():
            return None
        case Secret():
            return HIDDEN
        case ResourceReference():
            attribute = f".{value.attribute}" if value.attribute else ""
            return f"${{{value.target.name}{attribute}}}"
        case Computed():
            return f"{value.function}({json.dumps(shown(value.arguments))})"
        case PartialText(parts):
            return "".join(str(shown(part)) for part in parts)
        case dict():
            return {key: shown(item) for key, item in value.items()}
        case list():
            return [shown(item) for item in value]
        case _:
            return value
