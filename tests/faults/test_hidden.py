"""What a template does not tell is never held against it: one thing after another is hidden of each healthy one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.hiding import Body, body_of, diagnosed, hidden, movable, places, split

HEALTHY = sorted((Path(__file__).parents[1] / "data" / "doctor" / "healthy").iterdir())
EVERY = 5
"""Of how many values one is hidden; the slow test hides all."""


def accusation(body: Body) -> str | None:
    """The cause that the doctor names; None if it names none."""
    found = diagnosed(body, read_templates({"template.json": json.dumps(body)}))
    if found is None or found.outcome is not DiagnosisOutcome.BLOCKED:
        return None
    return found.root.card.id if found.root else "blocked"


@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_a_value_that_only_the_deployment_knows_accuses_nothing(file: Path) -> None:
    body = body_of(file)
    some = list(enumerate(places(body)))[len(file.stem) % EVERY :: EVERY]
    accused = {place: accusation(hidden(body, place, number // EVERY)) for number, place in some}
    assert {place: cause for place, cause in accused.items() if cause} == {}


@pytest.mark.slow
@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_no_value_in_any_way(file: Path) -> None:
    body = body_of(file)
    accused = {
        (place, way): accusation(hidden(body, place, way)) for place in places(body) for way in range(4)
    }
    assert {place: cause for place, cause in accused.items() if cause} == {}


@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_a_resource_in_another_stack_accuses_nothing(file: Path) -> None:
    body = body_of(file)
    accused = {name: accusation(split(body, name)) for name in movable(body)}
    assert {name: cause for name, cause in accused.items() if cause} == {}
