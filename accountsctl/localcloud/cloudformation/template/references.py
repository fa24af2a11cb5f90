"""Which names a template value points to, found without evaluating it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

SUBSTITUTION = re.compile(r"\$\{(!?)([^}]*)\}")
Taken = Callable[[str], bool]


def split_get_att(value: TemplateValue) -> list[TemplateValue]:
    """``[logical id, attribute]`` of either form of Fn::GetAtt; the attribute may be an intrinsic."""
    if isinstance(value, str):
        return value.split(".", 1)
    if isinstance(value, list) and len(value) > 2 and all(isinstance(part, str) for part in value):
        return [value[0], ".".join(value[1:])]
    return list(value) if isinstance(value, list) else [value]


def sub_parts(value: TemplateValue) -> tuple[str, dict[str, TemplateValue]]:
    """The text and the variables of either form of Fn::Sub."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        return str(value[0]), value[1]
    return str(value), {}


def references(value: TemplateValue, taken: Taken | None = None) -> Iterator[tuple[str, str | None]]:
    """Each ``(name, attribute or None)`` that `value` refers to.

    With `taken` only the branch of an Fn::If that its condition selects is followed.
    """
    if isinstance(value, list):
        for item in value:
            yield from references(item, taken)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_member(key, inner, taken)


def _of_member(key: str, inner: TemplateValue, taken: Taken | None) -> Iterator[tuple[str, str | None]]:
    if key == "Ref" and isinstance(inner, str):
        yield inner, None
    elif key == "Fn::GetAtt":
        name, *rest = split_get_att(inner)
        yield str(name), rest[0] if rest and isinstance(rest[0], str) else None
        yield from references(rest, taken)
    elif key == "Fn::Sub":
        yield from _of_sub(inner, taken)
    elif key == "Fn::If" and taken and isinstance(inner, list) and len(inner) == 3:
        yield from references(inner[1] if taken(inner[0]) else inner[2], taken)
    else:
        yield from references(inner, taken)


def _of_sub(inner: TemplateValue, taken: Taken | None) -> Iterator[tuple[str, str | None]]:
    text, variables = sub_parts(inner)
    for literal, raw in SUBSTITUTION.findall(text):
        name = raw.strip()
        if literal or name in variables:
            continue
        head, _, attribute = name.partition(".")
        yield head, attribute or None
    yield from references(variables, taken)
