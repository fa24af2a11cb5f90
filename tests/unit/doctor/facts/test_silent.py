"""What the AWS CDK and Serverless write for working APIs is not accused, whole or with one thing of it hidden.

Kept is what the doctor reads of it: nested stacks, APIs and functions of other stacks, proxies, documents, domains,
distributions, and the integrations and authorizers of either tool.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.hiding import WAYS_TO_MOVE, Body, hidden, movable, places
from tests.unit.doctor.facts.test_generated import judged

FOLDER = Path(__file__).parents[3] / "data" / "doctor" / "silent"
SILENT: dict[str, dict[str, Any]] = {
    f"{file.stem} {name}": template
    for file in sorted(FOLDER.iterdir())
    for name, template in json.loads(file.read_text()).items()
}
EVERY = 12
"""Of how many templates one is judged in the fast tests."""
STEP = 25
"""Of how many values of a template one is hidden."""


def accusations(body: Body) -> list[str]:
    """The causes that the doctor names for any request of a template."""
    blocked = [found for found in judged(json.dumps(body)) if found.fails]
    return [found.root.card.id if found.root else "blocked" for found in blocked]


@pytest.mark.parametrize("name", list(SILENT)[::EVERY])
def test_what_works_is_not_accused(name: str) -> None:
    assert accusations(SILENT[name]) == []


@pytest.mark.slow
def test_nothing_that_works_is_accused() -> None:
    assert {name: found for name in SILENT if (found := accusations(SILENT[name]))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", SILENT)
def test_a_value_that_is_not_known_accuses_nothing(name: str) -> None:
    body = SILENT[name]
    some = list(enumerate(places(body)))[len(name) % STEP :: STEP]
    accused = {place: accusations(hidden(body, place, number // STEP)) for number, place in some}
    assert {place: causes for place, causes in accused.items() if causes} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", SILENT)
def test_a_resource_elsewhere_accuses_nothing(name: str) -> None:
    body = SILENT[name]
    ways = [(way, moved) for moved in movable(body) for way in WAYS_TO_MOVE]
    accused = {(way.__name__, moved): accusations(way(body, moved)) for way, moved in ways}
    assert {key: causes for key, causes in accused.items() if causes} == {}
