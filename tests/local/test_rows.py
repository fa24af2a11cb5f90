"""Rows of files into the embedded database and back: each exactly once, whoever is killed."""

from __future__ import annotations

import csv
import io
import json
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.project import COMMAND, SAMPLE, LocalProject

ROWS = 12_000
FIELDS = ["nickname", "balance", "type", "account_number"]


@pytest.fixture
def empty(deployed: LocalProject) -> Iterator[LocalProject]:
    """The pushed sample with no account in it, before and after."""
    deployed.run("db", "query", "truncate accounts restart identity")
    yield deployed
    deployed.run("db", "query", "truncate accounts restart identity")
    deployed.run("db", "query", "drop table if exists accountsctl_seeds")


def write(path: Path, rows: int) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        kinds = ("domestic", "international")
        writer.writerows(
            (f"Account, no. {n}", f"{n}.{n % 100:02}", kinds[n % 2], f"XX{n:020}") for n in range(1, rows + 1)
        )
    return path


def count(project: LocalProject) -> tuple[int, int]:
    """Rows, and different account numbers."""
    sql = "select count(*) as rows, count(distinct account_number) as numbers from accounts"
    (row,) = project.run("db", "query", sql, "--json").json
    return row["rows"], row["numbers"]


def test_the_examples_are_seeded_once_however_often_it_is_asked(empty: LocalProject) -> None:
    file = str(SAMPLE / "examples" / "accounts.csv")
    assert empty.run("db", "seed", file, "--json").json == {"table": "accounts", "added": 30, "before": 0}
    assert empty.run("db", "seed", file, "--json").json == {"table": "accounts", "added": 0, "before": 30}
    assert count(empty) == (30, 30)


def test_a_seeding_that_is_killed_anywhere_neither_loses_nor_doubles_a_row(
    empty: LocalProject, tmp_path: Path
) -> None:
    file = write(tmp_path / "accounts.csv", ROWS)
    chance = random.Random(7)
    killed = 0
    for _ in range(8):
        process = subprocess.Popen(
            [COMMAND, "db", "seed", str(file)], cwd=empty.root, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=chance.uniform(0.5, 1.6))
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
    assert killed
    empty.run("db", "seed", str(file))
    assert count(empty) == (ROWS, ROWS)


def test_two_seedings_at_once_add_every_row_once(empty: LocalProject, tmp_path: Path) -> None:
    file = write(tmp_path / "accounts.csv", ROWS)
    runs = [
        subprocess.Popen([COMMAND, "db", "seed", str(file)], cwd=empty.root, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    assert count(empty) == (ROWS, ROWS)


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_what_is_exported_can_be_seeded_again(empty: LocalProject, tmp_path: Path, shape: str) -> None:
    empty.run("db", "seed", str(write(tmp_path / "first.csv", 2500)), "--table", "accounts")
    text = empty.run("db", "export", "--format", shape).out
    empty.run("db", "query", "truncate accounts restart identity")
    (tmp_path / f"accounts.{shape}").write_text(text)
    empty.run("db", "seed", str(tmp_path / f"accounts.{shape}"))
    assert empty.run("db", "export", "--format", shape).out == text
    empty.run("call", "POST", "/accounts", "-d", json.dumps(one()))
    assert count(empty) == (2501, 2501)


def one() -> dict[str, object]:
    return {"nickname": "Rent", "balance": 1, "type": "domestic", "account_number": "DE89370400440532013000"}


def test_a_row_that_the_database_refuses_is_named_by_its_line(empty: LocalProject, tmp_path: Path) -> None:
    file = write(tmp_path / "accounts.csv", 300)
    lines = file.read_text().splitlines()
    lines[200] = lines[200].replace("domestic", "offshore").replace("international", "offshore")
    file.write_text("\n".join(lines) + "\n")
    refused = empty.run("db", "seed", str(file), expect=3)
    assert "accounts.csv:201: the database refused this row; 0 rows before its batch are in." in refused.err
    assert count(empty) == (0, 0)


def test_a_file_that_does_not_fit_the_table_is_refused_before_anything_is_sent(
    empty: LocalProject, tmp_path: Path
) -> None:
    (tmp_path / "accounts.csv").write_text("nickname,colour\nRent,red\n")
    refused = empty.run("db", "seed", str(tmp_path / "accounts.csv"), expect=2)
    assert "has colour, which the table has not and lacks balance, type, account_number" in refused.err


def test_an_export_is_in_the_order_of_the_key(empty: LocalProject, tmp_path: Path) -> None:
    empty.run("db", "seed", str(write(tmp_path / "accounts.csv", 120)))
    rows = list(csv.DictReader(io.StringIO(empty.run("db", "export").out)))
    assert [int(each["id"]) for each in rows] == list(range(1, 121))


def test_the_shell_takes_statements_from_a_pipe(empty: LocalProject) -> None:
    empty.run("db", "seed", str(SAMPLE / "examples" / "accounts.csv"))
    said = empty.run("db", "shell", stdin="\\d\nselect count(*)\n  from accounts;\nselect 'a;b' as text").out
    assert said.splitlines() == [
        "accounts",
        "idempotency_keys",
        "count",
        "-----",
        "30",
        "(1 row)",
        "text",
        "----",
        "a;b",
        "(1 row)",
    ]


def test_status_tells_what_is_applied_and_a_rehearsal_what_would_be(empty: LocalProject) -> None:
    states = empty.run("db", "status", "--json").json
    assert {each["state"] for each in states} == {"applied"}
    assert empty.run("db", "migrate", "--dry-run", "--json").json == {"pending": []}
