"""What a service's own model demands of an input: required members, lengths, patterns, values.

AWS's services check their inputs by the models that botocore has too, and say alike what was wrong: see
https://smithy.io/2.0/spec/constraint-traits.html for the constraints. The wording is what the services answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
"""By type of a shape: what a value of it is once JSON is read; blobs and timestamps are written in several ways."""


def faults(shape: Any, values: Mapping[str, Any]) -> str | None:
    """All that an operation's input breaks, in one sentence as AWS writes it; None if it breaks nothing.

    `shape` is botocore's input shape, `values` the parsed input by its member names.
    """
    return in_one_sentence(each_fault(shape, values))


def each_fault(shape: Any, values: Mapping[str, Any]) -> list[str]:
    """The same, one by one."""
    return list(_structure(shape, values, ""))


def text_faults(shape: Any, name: str, text: str) -> Iterator[str]:
    """What one text breaks; `name` is its member's."""
    return _text(shape, text, _camel(name))


def in_one_sentence(found: Sequence[str]) -> str | None:
    """Faults as a service lists them; None if there are none."""
    plural = "errors" if len(found) > 1 else "error"
    return f"{len(found)} validation {plural} detected: {'; '.join(found)}" if found else None


def fault(value: object, path: str, constraint: str) -> str:
    """One value and the constraint that it breaks; None is a value that is absent."""
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def _structure(shape: Any, values: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if values.get(name) is None:
            yield fault(None, path + _camel(name), "Member must not be null")
    for name, member in shape.members.items():
        if values.get(name) is not None:
            yield from _value(member, values[name], path + _camel(name))


def _value(shape: Any, value: Any, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _structure(shape, value, f"{path}.")
        case "list":
            yield from _list(shape, value, path)
        case "map":
            yield from _map(shape, value, path)
        case "string":
            yield from _text(shape, value, path)
        case "integer" | "long" | "float" | "double":
            yield from _number(shape, value, path)


def _list(shape: Any, items: Sequence[Any], path: str) -> Iterator[str]:
    """A list of texts and numbers is one value; its faulty item is shown in it."""
    plain = shape.member.type_name not in ("structure", "list", "map")
    shown = f"[{', '.join(map(str, items))}]" if plain else items
    yield from _sized(shape, len(items), shown, path)
    if plain and any(any(_value(shape.member, item, path)) for item in items):
        yield fault(shown, path, f"Member must satisfy constraint: [{_all_rules(shape.member)}]")
    for number, item in enumerate([] if plain else items, start=1):
        yield from _value(shape.member, item, f"{path}.{number}.member")


def _map(shape: Any, values: Mapping[str, Any], path: str) -> Iterator[str]:
    numbers = shape.value.type_name in ("float", "double")
    pairs = [f"{name}={float(value) if numbers else value}" for name, value in values.items()]
    shown = f"{{{', '.join(pairs)}}}"
    yield from _sized(shape, len(values), shown, path)
    if any(any(_value(shape.key, name, path)) for name in values):
        yield fault(shown, path, f"Map keys must satisfy constraint: [{_all_rules(shape.key)}]")
    if any(any(_value(shape.value, value, path)) for value in values.values()):
        yield fault(shown, path, f"Map value must satisfy constraint: [{_all_rules(shape.value)}]")


def _text(shape: Any, text: str, path: str) -> Iterator[str]:
    rules = shape.metadata
    yield from _sized(shape, len(text), text, path)
    if rules.get("enum") and text not in rules["enum"]:
        yield fault(text, path, _one_of(rules["enum"]))
    pattern = rules.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled is not None and not compiled.fullmatch(text):
        yield fault(text, path, _matching(pattern))


def _one_of(values: Sequence[str]) -> str:
    return f"Member must satisfy enum value set: [{', '.join(values)}]"


def _matching(pattern: str) -> str:
    return f"Member must satisfy regular expression pattern: {pattern}"


def _all_rules(shape: Any) -> str:
    """All constraints of an item, which are named together when one is broken."""
    rules = shape.metadata
    what, as_text = ("length", str) if shape.type_name == "string" else ("value", _bound(shape))
    found = [
        f"Member must have {what} {words} than or equal to {as_text(rules[name])}"
        for name, words in (("max", "less"), ("min", "greater"))
        if name in rules
    ]
    if rules.get("enum"):
        found.append(_one_of(rules["enum"]))
    if rules.get("pattern"):
        found.append(_matching(rules["pattern"]))
    return ", ".join([*found, "Member must not be null"])


def _bound(shape: Any) -> Callable[[float], object]:
    return float if shape.type_name in ("float", "double") else int


def _sized(shape: Any, length: int, value: object, path: str) -> Iterator[str]:
    rules = shape.metadata
    if length > rules.get("max", length):
        yield fault(value, path, f"Member must have length less than or equal to {rules['max']}")
    if length < rules.get("min", length):
        yield fault(value, path, f"Member must have length greater than or equal to {rules['min']}")


def _number(shape: Any, number: float, path: str) -> Iterator[str]:
    rules = shape.metadata
    if number > rules.get("max", number):
        yield fault(number, path, f"Member must have value less than or equal to {rules['max']}")
    if number < rules.get("min", number):
        yield fault(number, path, f"Member must have value greater than or equal to {rules['min']}")


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for a pattern of Java that Python does not have, such as ``\\p{L}``: it is not checked."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None
