"""Findings as faults: which are refused, and where they stand."""

from __future__ import annotations

from pathlib import Path

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.ports.linter import LintFinding
from accountsctl.synth import assemble
from accountsctl.synth.validation.linted import Linted, lint_children
from tests.fakes.linter import FakeLinter

SAMPLE = Path(__file__).parents[4]
ROLE = ("Resources", "LambdaExecutionRole")


def lint(*findings: LintFinding) -> Linted:
    """The sample's function, of which a linter says `findings`."""
    reading = FileProjects(SAMPLE).read("dev")
    children = [child for child in assemble(reading).children if child.id.category == "function"]
    words = dict(zip(("LogGroup", "Runtime"), findings, strict=False))
    return lint_children(reading.project, children, FakeLinter(words))


def test_an_error_is_a_fault_and_a_warning_is_none() -> None:
    linted = lint(LintFinding("E1", True, ROLE, "wrong."), LintFinding("W1", False, ROLE, "unwise"))
    (fault,), (warning,) = linted.faults, linted.warnings
    assert (fault.file, fault.resource) == (
        "amplify/build/dev/function/accountsAPI.json",
        "function/accountsAPI",
    )
    assert (fault.what, warning.what) == ("wrong (E1).", "unwise (W1).")
    assert fault.line == warning.line > 1
    assert "templates/function.yaml.j2" in fault.hint


def test_of_two_findings_that_say_the_same_only_the_one_that_says_more_is_shown() -> None:
    path = (*ROLE, "Properties", "RoleName")
    linted = lint(LintFinding("E3031", True, path, "shape"), LintFinding("E1161", True, path, "format"))
    assert [fault.what for fault in linted.faults] == ["format (E1161)."]
    apart = lint(LintFinding("E3031", True, path, "shape"), LintFinding("E1161", True, ROLE, "format"))
    assert len(apart.faults) == 2


def test_a_type_of_aws_that_is_not_known_is_refused() -> None:
    linted = lint(LintFinding("E3006", True, (*ROLE, "Type"), "unknown"))
    assert len(linted.faults) == 1
