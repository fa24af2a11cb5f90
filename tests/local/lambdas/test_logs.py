"""The logs of functions on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from accountsctl.localcloud.appended_files import KEPT_SECONDS
from accountsctl.localcloud.lambdas.logs import ROTATE_AT, Logs


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logs(tmp_path: Path, clock: Clock) -> Iterator[Logs]:
    with closing(Logs(tmp_path, clock)) as logs:
        yield logs


def test_what_is_appended_is_in_the_file_at_once_and_in_order(logs: Logs, tmp_path: Path) -> None:
    for function, text in (("one", b"a\n"), ("one", b"b\n"), ("two", b"c\n"), ("one", b"d\n")):
        logs.append(function, text)
        assert (tmp_path / f"{function}.log").read_bytes().endswith(text)
    texts = [line.split()[1] for line in (tmp_path / "one.log").read_text().splitlines()]
    assert texts == ["a", "b", "d"]


def test_lines_have_the_time_of_their_own_invocation(logs: Logs, tmp_path: Path) -> None:
    for text in (b"", b"printed without an end", b"", b"next\n", b""):
        logs.append("silent", text)
    lines = (tmp_path / "silent.log").read_text().splitlines()
    assert [line.partition("Z ")[2] for line in lines] == ["printed without an end", "next"]


def test_a_log_that_was_deleted_comes_back(logs: Logs, tmp_path: Path, clock: Clock) -> None:
    logs.append("one", b"a\n")
    (tmp_path / "one.log").unlink()
    clock.seconds += KEPT_SECONDS
    logs.append("one", b"b\n")
    assert (tmp_path / "one.log").read_bytes().endswith(b" b\n")


def test_a_log_that_grows_too_large_becomes_the_older_one_at_once(logs: Logs, tmp_path: Path) -> None:
    logs.append("one", b"a" * (ROTATE_AT + 1))
    logs.append("one", b"b\n")
    assert (tmp_path / "one.log.1").stat().st_size > ROTATE_AT
    assert (tmp_path / "one.log").read_bytes().endswith(b" b\n")


def test_a_log_that_cannot_be_written_fails_no_invocation(logs: Logs, tmp_path: Path) -> None:
    (tmp_path / "one.log").mkdir()
    logs.append("one", b"a\n")
    logs.append("two", b"b\n")
    assert (tmp_path / "two.log").read_bytes().endswith(b" b\n")


def test_closing_twice_is_no_error(logs: Logs) -> None:
    logs.append("one", b"a\n")
    logs.close()
    logs.close()
