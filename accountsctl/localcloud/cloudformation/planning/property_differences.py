"""The comparison of a drift detection: what a template sets, and what the service reports.

Only what the template sets is compared. See
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_PropertyDifference.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from accountsctl.localcloud.cloudformation.runtime.shapes import Properties, PropertyDifference
from accountsctl.localcloud.cloudformation.template.functions import equal, scalar


class DifferenceType(StrEnum):
    """AWS's DifferenceType."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    NOT_EQUAL = "NOT_EQUAL"


def property_differences(expected: Properties, actual: Properties) -> list[PropertyDifference]:
    """The differences at the properties of `expected` that `actual` has; a value of None is a property not set.

    Properties that `actual` does not name could not be read, and are left out.
    """
    return [
        difference
        for name in sorted(expected.keys() & actual.keys())
        for difference in _differences(f"/{name}", expected[name], actual[name])
    ]


def _differences(path: str, expected: object, actual: object) -> Iterator[PropertyDifference]:
    if equal(expected, actual) or (_unset(expected) and _unset(actual)):
        return
    if actual is None:
        yield _difference(path, expected, None, DifferenceType.REMOVE)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in sorted(expected.keys() | actual.keys()):
            where = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in expected:
                yield from _differences(where, expected[key], actual.get(key))
            else:
                yield _difference(where, None, actual[key], DifferenceType.ADD)
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _of_lists(path, expected, actual)
    else:
        yield _difference(path, expected, actual, DifferenceType.NOT_EQUAL)


def _of_lists(
    path: str, expected: Sequence[object], actual: Sequence[object]
) -> Iterator[PropertyDifference]:
    """Equal items belong together wherever they are: services return most lists in an order of their own."""
    added = list(enumerate(actual))
    missing = []
    for index, item in enumerate(expected):
        match = next((pair for pair in added if not list(_differences("", item, pair[1]))), None)
        if match is None:
            missing.append((index, item))
        else:
            added.remove(match)
    changed = min(len(missing), len(added))
    for (index, item), (_, other) in zip(missing[:changed], added[:changed], strict=True):
        yield from _differences(f"{path}/{index}", item, other)
    for index, item in missing[changed:]:
        yield _difference(f"{path}/{index}", item, None, DifferenceType.REMOVE)
    for index, item in added[changed:]:
        yield _difference(f"{path}/{index}", None, item, DifferenceType.ADD)


def _unset(value: object) -> bool:
    """Whether it is what services report, or leave out, for a property without a value."""
    return value is None or value is False or value == "" or value == [] or value == {}


def _difference(path: str, expected: object, actual: object, kind: DifferenceType) -> PropertyDifference:
    return {
        "PropertyPath": path,
        "ExpectedValue": _text(expected),
        "ActualValue": _text(actual),
        "DifferenceType": kind.value,
    }


def _text(value: object) -> str:
    """A value as AWS writes it into a difference: ``null`` for none, JSON for an object or a list."""
    if value is None or isinstance(value, Mapping | list):
        return json.dumps(value)
    return scalar(value)
