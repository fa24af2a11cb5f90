"""When two values are the same, when they change, and when only AWS will know."""

from __future__ import annotations

import pytest

from accountsctl.planning.values import (
    HIDDEN,
    MISSING,
    Address,
    Computed,
    PartialText,
    ResourceReference,
    Sameness,
    Secret,
    Value,
    compare,
    is_known,
    join,
    references,
    scalar,
    shown,
)

A, B = (ResourceReference(Address("stack", name)) for name in "AB")
NAME_OF_A = ResourceReference(A.target, "Name")
IMPORTED = Computed("Fn::ImportValue", "x")
SAME, MAYBE, CHANGED = Sameness
VERDICTS: dict[str, tuple[Value, Value, Sameness]] = {
    "a text and itself": ("a", "a", SAME),
    "a number and its text": (5, "5", SAME),
    "true and its text": (True, "true", SAME),
    "two texts": ("a", "b", CHANGED),
    "a text and a list": ("a", ["a"], CHANGED),
    "nothing and nothing": (MISSING, MISSING, SAME),
    "a value that is removed": ("a", MISSING, CHANGED),
    "a value that is added": (MISSING, IMPORTED, CHANGED),
    "a mapping with another item": ({"a": 1, "b": 1}, {"a": 1, "b": 2}, CHANGED),
    "a mapping with one item more": ({"a": 1}, {"a": 1, "b": 2}, CHANGED),
    "two empty mappings": ({}, {}, SAME),
    "a list with another item": (["a", "b"], ["a", "c"], CHANGED),
    "a list with one item more": (["a"], ["a", "b"], CHANGED),
    "two empty lists": ([], [], SAME),
    "a secret and itself": (Secret("a"), Secret("a"), SAME),
    "two secrets": (Secret("a"), Secret("b"), CHANGED),
    "a secret and its value": (Secret("a"), "a", SAME),
    "a reference to what stays": (B, B, SAME),
    "a reference to what is replaced": (A, A, CHANGED),
    "an attribute of what is replaced": (NAME_OF_A, NAME_OF_A, MAYBE),
    "two references": (A, B, MAYBE),
    "a reference and a text": (B, "b", MAYBE),
    "a text and a reference": ("b", B, MAYBE),
    "a function of the same": (IMPORTED, IMPORTED, SAME),
    "a function of others": (IMPORTED, Computed("Fn::ImportValue", "y"), MAYBE),
    "a function of what is replaced": (Computed("Fn::Base64", A), Computed("Fn::Base64", A), MAYBE),
    "two functions": (IMPORTED, Computed("SSM", "x"), MAYBE),
    "text around what stays": (PartialText(("a", B)), PartialText(("a", B)), SAME),
    "text around what is replaced": (PartialText(("a", A)), PartialText(("a", A)), CHANGED),
    "other text around what stays": (PartialText(("a", B)), PartialText(("b", B)), CHANGED),
    "other text around what is replaced": (PartialText(("a", A)), PartialText(("b", A)), MAYBE),
    "text in another place": (PartialText(("a", B)), PartialText((B, "a")), MAYBE),
    "more text": (PartialText(("a", B)), PartialText(("a", B, "c")), MAYBE),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_two_values_are_compared(case: str) -> None:
    before, after, verdict = VERDICTS[case]
    assert compare(before, after, {A.target: CHANGED}) is verdict


def test_a_reference_to_what_may_be_replaced_may_change() -> None:
    assert compare(A, A, {A.target: MAYBE}) is MAYBE


@pytest.mark.parametrize(
    "value", [A, IMPORTED, PartialText(("a", A)), Secret(A), {"a": [IMPORTED]}, ["a", A]], ids=str
)
def test_what_waits_for_aws_is_not_known(value: Value) -> None:
    assert not is_known(value)


@pytest.mark.parametrize("value", ["a", 1, None, Secret("a"), {"a": ["b"]}, [], {}], ids=str)
def test_everything_else_is_known(value: Value) -> None:
    assert is_known(value)


def test_every_reference_is_found() -> None:
    value = {"a": [A], "b": Computed("f", B), "c": Secret(A), "d": PartialText(("x", B)), "e": "y"}
    assert list(references(value)) == [A, B, A, B]


def test_text_is_put_together_as_far_as_it_is_known() -> None:
    assert join(["a", 1, True]) == "a1true"
    assert join(["", A, ""]) == A
    assert join([]) == ""
    assert join(["a", PartialText(("b", A)), "c", "d"]) == PartialText(("ab", A, "cd"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((True, "true"), (False, "false"), (5, "5"), (5.0, "5"), (5.5, "5.5"), ("a", "a")),
        *((None, None), (["a"], None), ({}, None), (A, None)),
    ],
)
def test_plain_values_are_compared_as_cloudformation_does(value: Value, text: str | None) -> None:
    assert scalar(value) == text


def test_values_are_shown_to_people_without_their_secrets() -> None:
    value = {
        "gone": MISSING,
        "secret": Secret("hunter2"),
        "text": PartialText(("a-", NAME_OF_A, Secret("hunter2"))),
        "computed": Computed("Fn::Base64", [A, Secret("hunter2")]),
        "list": [1, "b"],
    }
    assert shown(value) == {
        "gone": None,
        "secret": HIDDEN,
        "text": "a-${A.Name}****",
        "computed": 'Fn::Base64(["${A}", "****"])',
        "list": [1, "b"],
    }
