"""`local reset` names what is lost, before it asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from accountsctl.localcloud.state.parts import encode
from accountsctl.ui.results.local import found_line
from tests.fakes import sample


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an embedded cloud that holds a stack and a database, in the current folder."""
    root = sample.write(tmp_path / "project")
    monkeypatch.chdir(root)
    data = root / "amplify/.local"
    (data / "postgres/cluster-A/data").mkdir(parents=True)
    (data / "postgres/cluster-A/data/PG_VERSION").write_bytes(b"16\n")
    stacks = [{"name": "sample-dev", "parent_id": None, "status": "CREATE_COMPLETE"}]
    places = [(f"cloudformation/stacks/{stack['name']}", json.dumps(stack).encode()) for stack in stacks]
    (data / "state").write_bytes(b"a mark\n" + encode({}, places))
    return data


def test_what_is_lost_is_named_before_it_is_asked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["local", "reset"]) == 2
    shown = capsys.readouterr().err
    assert "Stacks, with their functions and users: sample-dev." in shown
    assert "Databases, with all rows: cluster-A (0 MB)." in shown
    assert "Pass --yes" in shown
    assert (data / "state").exists()


def test_what_is_lost_is_data_too(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["local", "reset", "--yes", "--json"]) == 0
    lost = json.loads(capsys.readouterr().out)["lost"]
    assert (lost["stacks"], lost["snapshots"]) == (["sample-dev"], [])
    assert not data.exists()


def test_databases_that_are_kept_are_not_named_as_lost(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["local", "reset", "--keep-databases", "--yes"]) == 0
    shown = capsys.readouterr().err
    assert "Databases" not in shown
    assert str(data / "aside-1") in shown
    assert (data / "postgres/cluster-A/data/PG_VERSION").exists()


def test_databases_that_this_user_did_not_create_need_to_be_trusted_before_the_next_push(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["local", "reset", "--keep-databases", "--yes"]) == 0
    assert "Push again after `accountsctl local trust`: new clusters take over the rows." in said(capsys)

    assert run(cli, ["local", "trust", "--yes"]) == 0
    capsys.readouterr()
    (data / "state").write_bytes(b"")
    assert run(cli, ["local", "reset", "--keep-databases", "--yes"]) == 0
    shown = said(capsys)
    assert "Push again: new clusters take over the rows." in shown
    assert "local trust" not in shown


def test_a_folder_without_a_state_needs_to_be_trusted_too(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "state").unlink()
    assert run(cli, ["local", "reset", "--keep-databases", "--yes"]) == 0
    assert "There is no state." in (shown := said(capsys))
    assert "accountsctl local trust" in shown


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


def test_a_found_database_is_described_by_what_is_known() -> None:
    known = {"identifier": "mine", "region": "eu-west-1", "resourceId": "cluster-A", "database": "d"}
    assert found_line(known) == (
        "found the rows of mine (eu-west-1): the next cluster of this name takes them over"
    )
    assert "postgres/cluster-A" in found_line({**known, "identifier": ""})
