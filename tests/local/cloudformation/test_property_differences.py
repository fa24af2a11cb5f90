"""The comparison of a drift detection: what counts as a difference, and where."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.cloudformation.planning.property_differences import property_differences


def found(expected: Any, actual: Any) -> list[tuple[str, str, str, str]]:
    return [
        (each["PropertyPath"], each["ExpectedValue"], each["ActualValue"], each["DifferenceType"])
        for each in property_differences({"P": expected}, {"P": actual})
    ]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (25, "25"),
        (True, "true"),
        ("a", "a"),
        ([], None),
        ({}, None),
        ("", None),
        (False, None),
        ({"a": {"b": 1}}, {"a": {"b": 1}}),
        ([1, 2, 3], [3, 1, 2]),
        ([{"k": 1}, {"k": 2}], [{"k": 2}, {"k": 1}]),
        ({"a": []}, {}),
    ],
)
def test_these_are_the_same(expected: Any, actual: Any) -> None:
    assert found(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        (25, 7, [("/P", "25", "7", "NOT_EQUAL")]),
        (0, None, [("/P", "0", "null", "REMOVE")]),
        (True, False, [("/P", "true", "false", "NOT_EQUAL")]),
        (True, None, [("/P", "true", "null", "REMOVE")]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("/P/b", "2", "3", "NOT_EQUAL")]),
        ({"a": 1}, {"a": 1, "c/d": 4}, [("/P/c~1d", "null", "4", "ADD")]),
        ({"a": 1}, {}, [("/P/a", "1", "null", "REMOVE")]),
        ([1, 2], [2], [("/P/0", "1", "null", "REMOVE")]),
        ([1], [1, 5], [("/P/1", "null", "5", "ADD")]),
        ([1, 1], [1], [("/P/1", "1", "null", "REMOVE")]),
        ([{"k": 1, "v": 2}], [{"k": 1, "v": 3}], [("/P/0/v", "2", "3", "NOT_EQUAL")]),
        ({"a": [1]}, [1], [("/P", '{"a": [1]}', "[1]", "NOT_EQUAL")]),
    ],
)
def test_these_differ(expected: Any, actual: Any, differences: list[tuple[str, str, str, str]]) -> None:
    assert found(expected, actual) == differences


def test_a_property_that_could_not_be_read_is_not_compared() -> None:
    assert property_differences({"Read": 1, "Unread": 2}, {"Read": 1}) == []


def test_a_property_that_the_template_does_not_set_is_not_compared() -> None:
    assert property_differences({"Set": 1}, {"Set": 1, "Default": 9}) == []
