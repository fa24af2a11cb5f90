"""Event patterns: which events a rule of EventBridge, or a filter of an event source mapping, selects.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import ipaddress
import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Pattern = Mapping[str, Any]
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class PatternError(ValueError):
    """An event pattern that EventBridge refuses, or that this cloud does not evaluate."""


def parse(text: str) -> Pattern:
    """The pattern; raises PatternError if it is not one."""
    try:
        pattern = json.loads(text)
    except ValueError as fault:
        raise PatternError(f"Event pattern is not valid. Reason: {fault}") from None
    if not isinstance(pattern, dict) or not pattern:
        raise PatternError("Event pattern is not valid. Reason: Filter is not an object, or is empty")
    check(pattern)
    return pattern


def check(pattern: Pattern) -> None:
    """Raise PatternError for what is not part of the grammar."""
    for name, value in pattern.items():
        if name == "$or" and isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            for alternative in value:
                check(alternative)
        elif isinstance(value, Mapping):
            check(value)
        elif not isinstance(value, list) or not value:
            raise PatternError(
                f'Event pattern is not valid. Reason: "{name}" must be an object or a non-empty array'
            )
        else:
            for condition in value:
                _check_condition(name, condition)


def _check_condition(name: str, condition: object) -> None:
    if not isinstance(condition, Mapping):
        if isinstance(condition, list):
            raise PatternError(f'Event pattern is not valid. Reason: "{name}" holds an array in an array')
        return
    if len(condition) != 1 or next(iter(condition)) not in _OPERATORS:
        found = ", ".join(condition) or "{}"
        raise PatternError(f"Event pattern is not valid. Reason: Unrecognized match type {found}")
    try:
        _OPERATORS[next(iter(condition))]("", next(iter(condition.values())))
    except (TypeError, ValueError, LookupError, AttributeError):
        raise PatternError(
            f'Event pattern is not valid. Reason: "{name}" has a wrong value for {next(iter(condition))}'
        ) from None


def matches(pattern: Pattern, event: object) -> bool:
    """Whether the event has every field that the pattern names, with a value that it allows."""
    return all(_field(name, value, event) for name, value in pattern.items())


def _field(name: str, wanted: object, event: object) -> bool:
    """A list in an event stands for each of its members."""
    if name == "$or" and isinstance(wanted, list) and all(isinstance(item, Mapping) for item in wanted):
        return any(matches(alternative, event) for alternative in wanted)
    found = list(_values(event, name))
    if isinstance(wanted, Mapping):
        return any(matches(wanted, value) for value in found or [{}])
    assert isinstance(wanted, list)
    leaves = [value for value in found if not isinstance(value, Mapping)]
    return any(_condition(condition, leaves) for condition in wanted)


def _values(event: object, name: str) -> Iterator[object]:
    for holder in event if isinstance(event, list) else [event]:
        if isinstance(holder, Mapping) and name in holder:
            value = holder[name]
            yield from value if isinstance(value, list) else [value]


def _condition(condition: object, leaves: list[object]) -> bool:
    if isinstance(condition, Mapping) and "exists" in condition:
        return bool(leaves) == bool(condition["exists"])
    return any(_leaf(condition, leaf) for leaf in leaves)


def _leaf(condition: object, leaf: object) -> bool:
    if not isinstance(condition, Mapping):
        # True is 1 in Python, and is not in JSON.
        return leaf == condition and isinstance(leaf, bool) == isinstance(condition, bool)
    name, wanted = next(iter(condition.items()))
    return _OPERATORS[name](leaf, wanted)


def _text(test: Callable[[str, str], bool]) -> Callable[[object, Any], bool]:
    """An operator on texts, whose value may be ``{"equals-ignore-case": text}``."""

    def apply(leaf: object, wanted: Any) -> bool:
        folded = isinstance(wanted, Mapping)
        value = wanted["equals-ignore-case"] if folded else wanted
        if not isinstance(value, str):
            raise TypeError(value)
        if not isinstance(leaf, str):
            return False
        return test(leaf.lower(), value.lower()) if folded else test(leaf, value)

    return apply


def _anything_but(leaf: object, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        name, inner = next(iter(wanted.items()))
        if name not in ("prefix", "suffix", "equals-ignore-case", "wildcard"):
            raise ValueError(name)
        return not any(_OPERATORS[name](leaf, value) for value in _listed(inner))
    return not any(_leaf(value, leaf) for value in _listed(wanted))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _numeric(leaf: object, wanted: list[Any]) -> bool:
    if not wanted or len(wanted) % 2:
        raise ValueError(wanted)
    tests = [
        (_COMPARISONS[sign], float(limit)) for sign, limit in zip(wanted[::2], wanted[1::2], strict=True)
    ]
    if isinstance(leaf, bool) or not isinstance(leaf, int | float):
        return False
    return all(test(leaf, limit) for test, limit in tests)


def _cidr(leaf: object, wanted: Any) -> bool:
    network = ipaddress.ip_network(wanted, strict=False)
    try:
        return ipaddress.ip_address(str(leaf)) in network
    except ValueError:
        return False


def _wildcard(leaf: object, wanted: Any) -> bool:
    """Only ``*`` is special; a backslash takes that away."""
    parts = re.split(r"(\\.|\*)", _string(wanted))
    expression = "".join(".*" if part == "*" else re.escape(part.removeprefix("\\")) for part in parts)
    return isinstance(leaf, str) and re.fullmatch(expression, leaf, re.DOTALL) is not None


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _ignore_case(leaf: object, wanted: Any) -> bool:
    return isinstance(leaf, str) and leaf.lower() == _string(wanted).lower()


_OPERATORS: Mapping[str, Callable[[object, Any], bool]] = {
    "prefix": _text(str.startswith),
    "suffix": _text(str.endswith),
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exists": lambda leaf, wanted: bool(leaf) == bool(wanted),
}
