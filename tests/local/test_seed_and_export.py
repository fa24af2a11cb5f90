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

pytestmark = pytest.mark.slow

ROWS = 12_000
MANY = 60_000
"""Enough that a run is still at work when it is killed, on a fast machine too."""
FIELDS = ["nickname", "balance", "type", "account_number"]


@pytest.fixture
def empty(deployed: LocalProject) -> Iterator[LocalProject]:
    """The pushed sample with no account in it, before and after."""
    deployed.sql("truncate accounts restart identity")
    yield deployed
    deployed.sql("truncate accounts restart identity")
    deployed.sql("drop table if exists accountsctl_seeds")


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
    (row,) = project.sql(sql)
    return row["rows"], row["numbers"]


def test_the_examples_are_seeded_once_however_often_it_is_asked(empty: LocalProject) -> None:
    file = str(SAMPLE / "examples" / "accounts.csv")
    assert empty.run("db", "seed", file, "--json").json == {"table": "accounts", "added": 30, "before": 0}
    assert empty.run("db", "seed", file, "--json").json == {"table": "accounts", "added": 0, "before": 30}
    assert count(empty) == (30, 30)


def test_a_seeding_that_is_killed_anywhere_neither_loses_nor_doubles_a_row(
    empty: LocalProject, tmp_path: Path
) -> None:
    file = write(tmp_path / "accounts.csv", MANY)
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
    assert count(empty) == (MANY, MANY)


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
    empty.sql("truncate accounts restart identity")
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


def test_a_corrected_row_and_rows_added_at_the_end_double_none_before_them(
    empty: LocalProject, tmp_path: Path
) -> None:
    file = write(tmp_path / "accounts.csv", 6000)
    sound = file.read_text()
    lines = sound.splitlines(keepends=True)
    lines[5500] = lines[5500].replace("domestic", "offshore").replace("international", "offshore")
    file.write_text("".join(lines))
    refused = empty.run("db", "seed", str(file), expect=3)
    assert (
        "accounts.csv:5501: the database refused this row; 5000 rows before its batch are in." in refused.err
    )
    file.write_text(sound)
    assert empty.run("db", "seed", str(file), "--json").json["added"] == 1000
    write(file, 6010)
    assert empty.run("db", "seed", str(file), "--json").json == {
        "table": "accounts",
        "added": 10,
        "before": 6000,
    }
    assert count(empty) == (6010, 6010)


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


def test_a_table_of_large_rows_is_exported_in_smaller_pages(empty: LocalProject) -> None:
    made = "create table letters (id int primary key, body text)"
    empty.sql(made)
    try:
        fill = "insert into letters select n, repeat('x', 9000) from generate_series(1, 300) n"
        empty.sql(fill)
        rows = list(csv.DictReader(io.StringIO(empty.run("db", "export", "letters").out)))
        assert [(int(each["id"]), len(each["body"])) for each in rows] == [(n, 9000) for n in range(1, 301)]
    finally:
        empty.sql("drop table letters")
