"""Event patterns select what EventBridge selects; what is not part of their grammar is refused."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.patterns import PatternError, check, matches

EVENT = {
    "source": "shop",
    "detail": {
        "state": "Paid",
        "total": 50,
        "tags": ["new", "large"],
        "file": "in/a.png",
        "ip": "10.0.0.7",
        "none": None,
        "empty": "",
        "flag": True,
        "items": [{"sku": "a"}, {"sku": "b"}],
    },
}


@pytest.mark.parametrize(
    ("field", "conditions", "selected"),
    [
        ("state", ["Paid"], True),
        ("state", ["paid"], False),
        ("state", [{"equals-ignore-case": "paid"}], True),
        ("state", [{"prefix": "Pa"}], True),
        ("state", [{"prefix": {"equals-ignore-case": "pA"}}], True),
        ("file", [{"suffix": ".png"}], True),
        ("file", [{"wildcard": "in/*.png"}], True),
        ("file", [{"wildcard": "in/*.gif"}], False),
        ("state", [{"anything-but": "Open"}], True),
        ("state", [{"anything-but": ["Open", "Paid"]}], False),
        ("state", [{"anything-but": {"prefix": "Pa"}}], False),
        ("file", [{"anything-but": {"wildcard": "*/b*"}}], True),
        ("total", [{"numeric": [">", 10, "<=", 50]}], True),
        ("total", [{"numeric": [">", 50]}], False),
        ("total", [50.0], True),
        ("flag", [1], False),
        ("flag", [True], True),
        ("tags", ["large"], True),
        ("tags", [{"anything-but": "new"}], True),
        ("items", {"sku": ["b"]}, True),
        ("items", {"sku": ["c"]}, False),
        ("ip", [{"cidr": "10.0.0.0/24"}], True),
        ("ip", [{"cidr": "10.0.1.0/24"}], False),
        ("none", [None], True),
        ("empty", [""], True),
        ("absent", [{"exists": False}], True),
        ("state", [{"exists": False}], False),
        ("absent", [{"anything-but": "x"}], False),
        ("state", ["Open", {"prefix": "P"}], True),
        ("absent", {"deeper": [{"exists": False}]}, True),
    ],
)
def test_a_condition_selects_the_event(field: str, conditions: Any, selected: bool) -> None:
    pattern = {"source": ["shop"], "detail": {field: conditions}}
    check(pattern)
    assert matches(pattern, EVENT) is selected


def test_alternatives_are_enough_if_one_holds() -> None:
    alternatives = [{"state": ["Open"]}, {"total": [{"numeric": ["=", 50]}]}]
    assert matches({"detail": {"$or": alternatives}}, EVENT)
    assert not matches({"detail": {"$or": alternatives[:1]}}, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": "shop"},
        {"source": []},
        {"source": [["shop"]]},
        {"source": [{"near": "shop"}]},
        {"total": [{"numeric": [">"]}]},
        {"total": [{"numeric": ["~", 1]}]},
        {"file": [{"prefix": 1}]},
        {"ip": [{"cidr": "ten"}]},
        {"detail": {"state": [{"anything-but": {"near": "x"}}]}},
    ],
)
def test_what_is_not_a_pattern_is_refused(pattern: Any) -> None:
    with pytest.raises(PatternError, match="Event pattern is not valid"):
        check(pattern)
