"""A wait on a terminal is a spinner that goes; elsewhere it is a line, and our own work of seconds is nothing."""

from __future__ import annotations

from io import StringIO

import pytest

from accountsctl.ui.screen import Screen
from accountsctl.ui.waiting import busy, waiting


class WatchedText(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_a_wait_is_a_line_where_nothing_can_be_drawn_over() -> None:
    err = StringIO()
    with waiting(Screen(StringIO(), err), "the database resumes"):
        assert err.getvalue() == "the database resumes\n"
    assert err.getvalue() == "the database resumes\n"


def test_our_own_work_is_shown_on_a_terminal_alone() -> None:
    piped, watched, quiet = StringIO(), WatchedText(), WatchedText()
    for err, screen in (
        (piped, Screen(StringIO(), piped)),
        (watched, Screen(StringIO(), watched)),
        (quiet, Screen(StringIO(), quiet, quiet=True)),
    ):
        with busy(screen, "checking the templates"):
            pass
        assert ("checking the templates" in err.getvalue()) == (err is watched)


def test_a_spinner_is_gone_when_its_wait_is_over() -> None:
    err = WatchedText()
    with busy(Screen(StringIO(), err), "checking the templates"):
        pass
    assert err.getvalue().rstrip().endswith("\x1b[2K")
