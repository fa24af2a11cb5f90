"""Each fault stands with what to do about it."""

from __future__ import annotations

import io

from accountsctl.model.errors import AccountsctlError, Fault, ProjectError
from accountsctl.ui.errors import error_text
from accountsctl.ui.screen import Screen


def shown(problem: AccountsctlError) -> list[str]:
    err = io.StringIO()
    error_text(Screen(io.StringIO(), err), problem)
    return err.getvalue().splitlines()[1:]


def test_faults_that_need_the_same_stand_together_above_it() -> None:
    faults = [
        Fault("a.json", 1, "One.", "Leave it out."),
        Fault("b.json", 2, "Two."),
        Fault("c.json", 3, "Three.", "Rename it."),
        Fault("d.json", 4, "Four.", "Leave it out."),
    ]
    assert shown(ProjectError(faults)) == [
        "  a.json:1: One.",
        "  d.json:4: Four.",
        "  -> Leave it out.",
        "  c.json:3: Three.",
        "  -> Rename it.",
        "  b.json:2: Two.",
    ]


def test_faults_that_say_nothing_of_what_to_do_get_one_line_for_all() -> None:
    assert shown(ProjectError([Fault("a.json", 1, "One."), Fault("b.json", 0, "Two.")])) == [
        "  a.json:1: One.",
        "  b.json: Two.",
        "  -> Fix the lines named above.",
    ]


def test_another_error_says_why_and_what_next() -> None:
    assert shown(AccountsctlError("No.", why="Because.\nReally.", hint="Do this.")) == [
        "  Because.",
        "  Really.",
        "  -> Do this.",
    ]
    assert shown(AccountsctlError("No.")) == []
