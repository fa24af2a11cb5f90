"""Whatever goes wrong outside the program is three lines and an exit code; a bug stays a traceback."""

from __future__ import annotations

import errno
import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from accountsctl.cli.boundary import run
from accountsctl.model.errors import Declined


def raising(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.Command("fail", callback=fail)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/state"), 2, "Free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/state"), 2, "/x/state"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/x/start.lock"), 2, "Remove the folder"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), 2, "writable"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "output could not be written"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), 3, "accountsctl local status"),
        (http.client.RemoteDisconnected("gone"), 3, "accountsctl local status"),
        (http.client.IncompleteRead(b""), 3, "IncompleteRead"),
        (MemoryError(), 2, "memory"),
        (RecursionError(), 2, "nests too deeply"),
        (json.JSONDecodeError("Expecting value", "", 0), 2, "Expecting value"),
        (ValueError("Exceeds the limit (4300 digits)"), 2, "4300 digits"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_happens_outside_the_program_is_three_lines(
    error: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(raising(error), []) == code
    shown = capsys.readouterr().err
    assert words in shown
    assert "Traceback" not in shown
    assert len(shown.strip().splitlines()) == 3


@pytest.mark.parametrize("bug", [KeyError("x"), TypeError("x"), AssertionError("x"), AttributeError("x")])
def test_a_bug_stays_a_traceback(bug: Exception) -> None:
    with pytest.raises(type(bug)):
        run(raising(bug), [])


def test_as_json_it_is_an_error_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def fail(**_: object) -> None:
        (tmp_path / "missing").read_text()

    command = click.Command("fail", callback=fail, params=[click.Option(["--json"], is_flag=True)])
    assert run(command, ["--json"]) == 2
    assert "missing" in json.loads(capsys.readouterr().out)["error"]["why"]


def test_a_no_is_not_called_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(Declined("Nothing was changed.", why="You said no.")), []) == 130
    assert capsys.readouterr().err == "Nothing was changed.\n  You said no.\n"


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    program = "import sys; from accountsctl.cli import main; sys.argv = ['accountsctl', 'completion', 'bash']; main()"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
