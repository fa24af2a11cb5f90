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


def started(*words: str, stdout: int = subprocess.DEVNULL, closed: int | None = None) -> tuple[int, str]:
    """The exit code and stderr of the program itself, with a stdout of the test's choice, or without a stream."""
    program = [sys.executable, "-m", "accountsctl", *words]
    if closed is not None:
        program = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *program]
    done = subprocess.run(program, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(("words", "code"), [(["completion", "bash"], 0), (["no-such", "--json"], 2)])
def test_a_reader_that_has_seen_enough_gets_no_complaint(words: list[str], code: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert started(*words, stdout=writing) == (code, "")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["completion", "bash"], "The output could not be written."),
        (["version", "--json"], "The output could not be written."),
        (["no-such", "--json"], "no-such"),
    ],
)
def test_an_error_is_reported_where_the_output_takes_nothing_more(words: list[str], what: str) -> None:
    with Path("/dev/full").open("w") as full:
        code, complaint = started(*words, stdout=full.fileno())
    assert code == 2
    assert what in complaint
    assert "Traceback" not in complaint
    assert "Exception" not in complaint


@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_stream_discards_what_is_written_to_it(closed: int) -> None:
    assert started("version", "--json", closed=closed) == (0, "")
    assert started("no-such", "--json", closed=closed)[0] == 2
