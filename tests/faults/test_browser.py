"""The browser is the judge: what Chromium makes of every fault is what the doctor says of it.

The embedded cloud serves the faults and shares no code with the doctor, which sees the templates alone here.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.faults.chromium import CHROMIUM
from tests.faults.conftest import Zoo
from tests.faults.test_templates import told_to

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"
)


@pytest.fixture(scope="session")
def seen(zoo: Zoo) -> dict[str, Any]:
    """What Chromium saw of every fault, and of the healthy API."""
    cases = {name: zoo.case(fault, zoo.served[name]) for name, fault in zoo.faults.items()}
    healthy = next(iter(zoo.faults.values()))
    return zoo.page.fetch({**cases, "healthy": zoo.case(healthy, zoo.healthy)})


def test_the_healthy_api_answers_the_page(seen: dict[str, Any]) -> None:
    assert seen["healthy"] == {"ok": True, "status": 200}


def test_chromium_and_the_doctor_agree_on_every_fault(zoo: Zoo, seen: dict[str, Any]) -> None:
    differ = {}
    for name, fault in zoo.faults.items():
        if not fault.static:
            continue
        found = told_to(fault, zoo.bodies[name], zoo.page.origin, zoo.cloud.pool_arn)
        assert found.walk.verdict is not None, name
        expected = {"ok": found.walk.verdict.ok, "status": found.walk.verdict.status}
        got = {"ok": seen[name]["ok"], "status": seen[name]["status"]}
        if expected != got:
            differ[name] = (expected, got)
    assert differ == {}


def test_no_fault_gives_the_page_its_answer(zoo: Zoo, seen: dict[str, Any]) -> None:
    fine = [name for name in zoo.faults if seen[name]["ok"] and seen[name]["status"] < 400]
    assert fine == []
