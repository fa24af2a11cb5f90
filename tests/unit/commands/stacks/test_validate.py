"""What is checked before a push: what it would change, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.stacks.validate import Validate
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import ProjectError
from accountsctl.model.plan import Action, Plan
from accountsctl.planning.planner import plan
from accountsctl.ports.linter import LintFinding
from accountsctl.ports.projects import Reading
from accountsctl.synth import assemble
from tests.fakes.linter import FakeLinter

SAMPLE = Path(__file__).parents[4]
WRONG = LintFinding("E1", True, ("Resources",), "wrong")
TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return FileProjects(SAMPLE).read("dev")


@pytest.fixture(scope="module")
def assembly(reading: Reading) -> Assembly:
    return assemble(reading)


def changing(assembly: Assembly, *categories: str) -> Plan:
    """A plan that changes the resources of `categories` only."""
    intended = plan(assembly, None, lambda _: {})
    changes = tuple(
        replace(change, action=Action.UPDATE if change.id.category in categories else Action.NONE)
        for change in intended.changes
    )
    return replace(intended, changes=changes)


def test_only_what_changes_is_checked(reading: Reading, assembly: Assembly) -> None:
    linter = FakeLinter()
    Validate(linter, TODAY).before_push(reading, changing(assembly, "api"))
    api = next(child for child in assembly.children if child.id.category == "api")
    assert linter.checked == [(api.template.text, "eu-west-1")]


def test_a_push_that_changes_nothing_checks_nothing(reading: Reading, assembly: Assembly) -> None:
    linter = FakeLinter({"Resources": WRONG})
    nothing = replace(changing(assembly, "api"), root_changed=False)
    Validate(linter, TODAY).before_push(reading, nothing)
    assert linter.checked == []


def test_a_fault_refuses_the_push(reading: Reading, assembly: Assembly) -> None:
    with pytest.raises(ProjectError) as refused:
        Validate(FakeLinter({"Resources": WRONG}), TODAY).before_push(
            reading, changing(assembly, "api", "function")
        )
    assert {fault.resource for fault in refused.value.faults} == {"api/accountsAPI", "function/accountsAPI"}


def test_a_warning_refuses_nothing(reading: Reading, assembly: Assembly) -> None:
    unwise = FakeLinter({"Resources": replace(WRONG, error=False)})
    Validate(unwise, TODAY).before_push(reading, changing(assembly, "api"))
    assert unwise.checked
