"""A value that is hidden among what it may be accuses nothing, and one that has nothing to do with a fault hides none.

A value has nothing to do with a fault if the fault is named without it, and with another in its place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from accountsctl.model.errors import CouldNotLook, ProjectError
from tests.faults.all_faults import FAULTS
from tests.faults.changes import Fault
from tests.faults.hidden_values import (
    VALUES,
    Body,
    conditional,
    hidden,
    is_function,
    places,
    replaced,
    value_at,
)
from tests.faults.hiding import body_of
from tests.faults.test_hidden import HEALTHY, accusation
from tests.faults.test_templates import ORIGIN, told

OF_A_TEMPLATE = 12
OF_A_FAULT = 4
MAY_BE_ANY = ("HttpMethod", "PathPart", "RouteKey", "Type")
"""A verb, a path, a route or a type that is not known may be the one that answers."""
KEPT = "both branches"
NO_TEXT_IS_ADDED = ("a parameter", "selected", "its second half", "a list parameter", "imported")
# The faults that are told of the template alone.
PLAIN = [fault for fault in FAULTS if fault.static and fault.later is None]


def changes(
    body: Body, ways: tuple[str, ...], seed: str
) -> Iterator[tuple[tuple[str | int, ...], str, Body]]:
    """The body with one value hidden: every value in every way, in an order of its own for each template."""
    every = [
        (place, way)
        for name, resource in body["Resources"].items()
        for place in places(resource.get("Properties"), ("Resources", name, "Properties"))
        for way in ways
    ]
    random.Random(seed).shuffle(every)
    for place, way in every:
        if (changed := hidden(body, place, way)) is not None:
            yield place, way, changed


@pytest.mark.slow
@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_a_value_that_may_be_right_accuses_nothing(file: Path) -> None:
    body = body_of(file)
    some = islice(changes(body, tuple(VALUES), file.stem), OF_A_TEMPLATE)
    accused = {(place, way): accusation(changed) for place, way, changed in some}
    accused |= {((name,), "condition"): accusation(conditional(body, name)) for name in body["Resources"]}
    assert {place: cause for place, cause in accused.items() if cause} == {}


def cause_of(fault: Fault, body: Body) -> str:
    """The cause that is named; empty if there is none, or the template cannot be read."""
    try:
        found = told(fault, body)
    except (CouldNotLook, ProjectError, ValueError):
        return ""
    return found.root.card.id if found.fails and found.root else ""


def has_to_do(fault: Fault, body: Body, place: tuple[str | int, ...]) -> bool:
    """Whether the cause rests on a value: without it, or with another one, something else is named."""
    value = value_at(body, place)
    other = [] if isinstance(value, list) else "other" if isinstance(value, str) or is_function(value) else {}
    without = replaced(body, place, None)
    return {cause_of(fault, without), cause_of(fault, replaced(body, place, other))} != {fault.id}


@pytest.mark.slow
@pytest.mark.parametrize("fault", PLAIN, ids=str)
def test_a_fault_is_named_whatever_else_is_hidden(fault: Fault) -> None:
    body = fault.body(ORIGIN)
    if cause_of(fault, body) != fault.id:
        pytest.skip("a template alone does not tell it")
    others = (
        (place, way, changed)
        for place, way, changed in changes(body, (KEPT, *NO_TEXT_IS_ADDED), str(fault))
        if place[-1] not in MAY_BE_ANY and (way == KEPT or not has_to_do(fault, body, place))
    )
    named = {(place, way): cause_of(fault, changed) for place, way, changed in islice(others, OF_A_FAULT)}
    assert {place: cause for place, cause in named.items() if cause != fault.id} == {}
