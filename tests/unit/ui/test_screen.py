"""Foreign text cannot control a terminal."""

from __future__ import annotations

import io
import unicodedata

import pytest
from rich.console import Console

from accountsctl.model.events import Note
from accountsctl.ui.board import Board
from accountsctl.ui.progress import TerminalBlock
from accountsctl.ui.screen import RED, Screen, in_style, visible

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x1b[8mhidden\x9b31m\r\x08\x7f\u202eexe.txt\u2066"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_messages_and_data_show_control_characters_on_a_terminal() -> None:
    out, err = Terminal(), Terminal()
    screen = Screen(out, err)
    screen.say(HOSTILE)
    screen.line(HOSTILE)
    screen.write(HOSTILE)
    screen.table(["a"], [[HOSTILE]])
    shown = out.getvalue() + err.getvalue()
    assert "\\x1b]0;owned\\x07" in shown
    assert not [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n"]


def test_notes_above_a_live_block_show_them_too() -> None:
    err = Terminal()
    console = Console(file=err, force_terminal=True, color_system=None)
    with TerminalBlock(Screen(io.StringIO(), err), Board(lambda: 0.0), console) as listen:
        listen(Note(HOSTILE))
    assert "\\x1b]0;owned\\x07" in err.getvalue()
    assert "\x1b]0;" not in err.getvalue()


def test_notes_above_a_live_block_are_broken_as_other_messages_are() -> None:
    err = Terminal()
    console = Console(file=err, force_terminal=True, color_system=None, width=30)
    with TerminalBlock(Screen(io.StringIO(), err), Board(lambda: 0.0), console) as listen:
        listen(Note("uploaded auth/users, rds/db, function/accounts"))
    assert "uploaded auth/users, rds/db,\n  function/accounts\n" in err.getvalue()


def test_data_for_a_file_is_left_as_it_is() -> None:
    out = io.StringIO()
    Screen(out, io.StringIO()).write(HOSTILE)
    assert out.getvalue() == HOSTILE


@pytest.mark.parametrize("text", ["a\tb\n", "żółć 👋", in_style("x", RED)])
def test_what_is_ours_or_harmless_is_left(text: str) -> None:
    assert visible(text) == text


def test_a_message_is_broken_between_words_to_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    err, pipe = Terminal(), io.StringIO()
    text = "  -> Name one of these functions, or https://example.com/a/very/long/address/indeed"
    Screen(io.StringIO(), err).say(text)
    Screen(io.StringIO(), pipe).say(text)
    assert err.getvalue().splitlines() == [
        "  -> Name one of these",
        "    functions, or",
        "    https://example.com/a/very/long/address/indeed",
    ]
    assert pipe.getvalue() == text + "\n"


@pytest.mark.parametrize(("kind", "may"), [("xterm-256color", True), ("dumb", False)])
def test_a_dumb_terminal_gets_neither_color_nor_anything_drawn_over(
    kind: str, may: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", kind)
    screen = Screen(Terminal(), Terminal())
    assert (screen.colored, screen.out_colored, screen.live) == (may, may, may)


def test_half_of_a_surrogate_pair_can_be_written() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    Screen(out, io.StringIO()).line("a\ud83d")
    out.seek(0)
    assert out.read() == "a\\ud83d\n"
