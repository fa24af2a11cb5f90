"""What a template does not tell is never held against it: one thing after another is hidden of each healthy one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from accountsctl.doctor.facts.templates import read_templates
from tests.faults.hiding import (
    WAYS_TO_HIDE,
    WAYS_TO_MOVE,
    Body,
    body_of,
    diagnosed,
    hidden,
    movable,
    places,
)
from tests.unit.doctor.facts.test_generated import GENERATED, judged

HEALTHY = sorted((Path(__file__).parents[1] / "data" / "doctor" / "healthy").iterdir())
EVERY = 11
"""Of how many values one is hidden; the slow test hides all, each in three ways."""
FEW = 23
"""The same of generated templates, which are alike."""
MOVES = 7
"""Of how many moves of a resource one is made; the slow test makes all. 7 and the six ways have no common factor."""


def accusation(body: Body) -> str | None:
    """The cause that the doctor names; None if it names none."""
    found = diagnosed(body, read_templates({"template.json": json.dumps(body)}))
    if found is None or not found.fails:
        return None
    return found.root.card.id if found.root else "blocked"


@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_a_value_that_only_the_deployment_knows_accuses_nothing(file: Path) -> None:
    body = body_of(file)
    some = list(enumerate(places(body)))[len(file.stem) % EVERY :: EVERY]
    accused = {place: accusation(hidden(body, place, number // EVERY)) for number, place in some}
    assert {place: cause for place, cause in accused.items() if cause} == {}


def test_a_mapping_template_of_which_a_part_stands_in_ssm_may_set_any_header() -> None:
    (file,) = [file for file in HEALTHY if file.stem == "explicit-several-origins-credentials"]
    body = body_of(file)
    (place,) = [
        place for place in places(body) if place[1] == "ItemsOptions" and "ResponseTemplates" in place
    ]
    assert accusation(hidden(body, place, WAYS_TO_HIDE - 1)) is None


@pytest.mark.slow
@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_no_value_accuses_anything(file: Path) -> None:
    body = body_of(file)
    # Every value in three of the six ways: the odd ones, or the even ones.
    accused = {
        (place, way): accusation(hidden(body, place, way))
        for number, place in enumerate(places(body))
        for way in range(number % 2, WAYS_TO_HIDE, 2)
    }
    assert {place: cause for place, cause in accused.items() if cause} == {}


def accusations(body: Body) -> list[str]:
    """The causes that the doctor names for any request of a generated template."""
    blocked = [found for found in judged(json.dumps(body)) if found.fails]
    return [found.root.card.id if found.root else "blocked" for found in blocked]


@pytest.mark.parametrize("name", [name for name in GENERATED if name != "cdk websocket-and-http"])
def test_a_value_of_a_generated_template_that_is_not_known_accuses_nothing(name: str) -> None:
    body = GENERATED[name]
    some = list(enumerate(places(body)))[len(name) % FEW :: FEW]
    accused = {place: accusations(hidden(body, place, number // FEW)) for number, place in some}
    assert {place: causes for place, causes in accused.items() if causes} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", GENERATED)
def test_a_resource_of_a_generated_template_elsewhere_accuses_nothing(name: str) -> None:
    body = GENERATED[name]
    accused = {
        (way.__name__, moved): accusations(way(body, moved))
        for moved in movable(body)
        for way in WAYS_TO_MOVE
    }
    assert {key: causes for key, causes in accused.items() if causes} == {}


def moves(body: Body) -> list[tuple[Callable[[Body, str], Body], str]]:
    """Every resource in every place where it may stand."""
    return [(way, name) for name in movable(body) for way in WAYS_TO_MOVE]


def accused_of_moves(body: Body, some: Iterable[tuple[Callable[[Body, str], Body], str]]) -> dict[str, str]:
    found = {f"{way.__name__} {name}": accusation(way(body, name)) for way, name in some}
    return {move: cause for move, cause in found.items() if cause}


@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_a_resource_elsewhere_accuses_nothing(file: Path) -> None:
    body = body_of(file)
    every = moves(body)
    assert accused_of_moves(body, every[len(file.stem) % MOVES :: MOVES]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_no_resource_elsewhere_in_any_place_accuses(file: Path) -> None:
    body = body_of(file)
    assert accused_of_moves(body, moves(body)) == {}
