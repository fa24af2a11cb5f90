"""What `doctor` shows on terminals of different widths."""

from __future__ import annotations

import io

import pytest

from accountsctl.model.health import Check, Health, Outcome
from accountsctl.ui.results.health import health_text
from accountsctl.ui.screen import ColorMode, Screen

HEALTH = Health(
    "dev",
    "local",
    "eu-west-1",
    (
        Check(
            "deployment", Outcome.FINDING, "The stage serves what was deployed a day ago.", "accountsctl push"
        ),
        Check("stack", Outcome.OK, "shop-dev is UPDATE_COMPLETE."),
    ),
)


class Terminal(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [30, 40, 44, 46, 60, 80])
def test_no_check_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = Terminal()
    health_text(HEALTH, Screen(out, io.StringIO(), ColorMode.NEVER))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(out.getvalue().split()) == (
        "finding deployment The stage serves what was deployed a day ago. -> accountsctl push"
        " ok stack shop-dev is UPDATE_COMPLETE."
    )
