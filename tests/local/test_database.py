"""The database as a team uses it day by day: shell, query, migrations, and a cluster that sleeps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]  # it has no annotations
import pytest

from tests.local.project import COMMAND, SAMPLE, LocalProject

SCHEMA = "amplify/backend/rds/accountsCluster/schema"


@pytest.fixture
def seeded(deployed: LocalProject) -> Iterator[LocalProject]:
    """The pushed sample with the example's accounts in it; empty again afterwards."""
    deployed.run("db", "query", "truncate accounts restart identity")
    deployed.run("db", "query", "drop table if exists accountsctl_seeds")
    deployed.run("db", "seed", str(SAMPLE / "examples" / "accounts.csv"))
    yield deployed
    deployed.run("db", "query", "truncate accounts restart identity")
    deployed.run("db", "query", "drop table if exists accountsctl_seeds")


def test_the_shell_takes_statements_from_a_pipe(seeded: LocalProject) -> None:
    said = seeded.run("db", "shell", stdin="\\d\nselect count(*)\n  from accounts;\nselect 'a;b' as text").out
    assert said.splitlines() == [
        "accounts",
        "idempotency_keys",
        "count",
        "-----",
        "   30",
        "(1 row)",
        "text",
        "----",
        "a;b",
        "(1 row)",
    ]


def test_status_tells_what_is_applied_and_a_rehearsal_what_would_be(deployed: LocalProject) -> None:
    states = deployed.run("db", "status", "--json").json
    assert {each["state"] for each in states} == {"applied"}
    assert deployed.run("db", "migrate", "--dry-run", "--json").json == {"pending": []}


def test_the_shell_at_a_terminal_edits_remembers_and_outlives_errors(
    seeded: LocalProject, tmp_path: Path
) -> None:
    # A home of its own for the shell's history; the key that the cloud's folder is marked with stays where it is.
    keys = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TERM": "dumb", "XDG_DATA_HOME": keys}
    first = pexpect.spawn(str(COMMAND), ["db", "shell"], cwd=seeded.root, env=environment, timeout=30)
    first.expect("db> ")
    first.sendline("select count(*)")
    first.expect(r"\.\.\. ")
    first.sendline("from accounts;")
    first.expect("30")
    first.expect("db> ")
    first.sendline("select pg_sleep(20);")
    while not seeded.sql(
        "select 1 from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"
    ):
        pass
    first.sendintr()  # as in psql it ends the statement, and not the session
    first.expect("Interrupted. The database may finish the statement all the same.")
    first.expect("db> ")
    first.sendline("select nope;")
    first.expect('column "nope" does not exist')
    first.expect("db> ")
    first.sendline("\\q")
    first.expect(pexpect.EOF)
    second = pexpect.spawn(str(COMMAND), ["db", "shell"], cwd=seeded.root, env=environment, timeout=30)
    second.expect("db> ")
    second.send("\x10\x10\r")  # twice the line before: the last one but one of the session before
    second.expect('column "nope" does not exist')
    second.sendeof()
    second.expect(pexpect.EOF)


def test_a_statement_comes_from_a_file_and_rows_go_out_as_csv(seeded: LocalProject, tmp_path: Path) -> None:
    (tmp_path / "totals.sql").write_text(
        "-- by type\nselect type, count(*) as n\nfrom accounts group by type order by type;\n"
    )
    asked = ["db", "query", "--file", str(tmp_path / "totals.sql"), "--format", "csv"]
    assert seeded.run(*asked).out == "type,n\ndomestic,16\ninternational,14\n"
    text = (tmp_path / "totals.sql").read_text()
    assert seeded.run("db", "query", "--file", "-", "--format", "csv", stdin=text).out.startswith("type,n\n")
    assert "not both" in seeded.run("db", "query", "select 1", "--file", "-", expect=2).err


def test_a_sleeping_database_is_woken_and_it_is_said(seeded: LocalProject) -> None:
    asleep = seeded.run("local", "sleep", "--wakes-in", "0.2", "--json").json["asleep"]
    assert "dbalacluster-dev" in asleep
    woken = seeded.run("db", "query", "select 1 as one", "--json")
    assert woken.json == [{"one": 1}]
    assert "The database is asleep; waking it." in woken.err
    assert "asleep" not in seeded.run("db", "query", "select 1").err


@pytest.mark.slow
def test_an_index_is_made_beside_readers_in_a_file_of_its_own(deployed: LocalProject) -> None:
    file = deployed.root / SCHEMA / "900_index.sql"
    file.write_text("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_update ON accounts (updated_at);\n")
    try:
        assert deployed.run("db", "migrate", "--dry-run", "--json").json == {"pending": ["900_index.sql"]}
        assert deployed.run("db", "migrate", "--to", "900", "--json").json["applied"] == ["900_index.sql"]
        file.write_text("SELECT 1;\n")
        edited = deployed.run("db", "status", "--json", expect=1).json
        assert {each["file"]: each["state"] for each in edited}["900_index.sql"] == "edited"
        assert "was edited after it was applied" in deployed.run("db", "migrate", expect=2).err
    finally:
        file.unlink()
        deployed.run("db", "query", "drop index if exists by_update")
        deployed.run("db", "query", "delete from accountsctl_migrations where name = '900_index.sql'")
