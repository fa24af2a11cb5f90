"""A bug of the doctor is no verdict: exit code 1 means that a cause was found."""

from __future__ import annotations

import pytest

from accountsctl.cli.doctor_cors import never_crash
from accountsctl.commands.doctor.cors import Findings
from accountsctl.model.errors import CouldNotLook, Fault, ProjectError


def test_a_crash_of_the_doctor_is_exit_code_4_and_names_its_place() -> None:
    def look() -> Findings:
        raise KeyError("no such card")

    with pytest.raises(CouldNotLook, match="The doctor itself failed") as failed:
        never_crash(look)
    assert failed.value.exit_code == 4
    assert "KeyError: 'no such card'" in failed.value.why
    assert "report" in failed.value.hint


def test_what_is_wrong_with_a_file_stays_what_it_is() -> None:
    refused = ProjectError([Fault("a.json", 1, "It is not valid.")])

    def look() -> Findings:
        raise refused

    with pytest.raises(ProjectError) as raised:
        never_crash(look)
    assert raised.value is refused
