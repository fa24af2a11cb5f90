"""What a deleted database left comes back: through the API, with its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.local.project import LocalProject, copy_sample

pytestmark = pytest.mark.slow

ACCOUNT = json.dumps(
    {"account_number": "DE89370400440532013000", "nickname": "Kept", "type": "domestic", "balance": 1.5}
)
PUSH = ("push", "--yes")


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path_factory.mktemp("restored") / "accounts")
    made.run(*PUSH)
    made.run("db", "init")
    yield made
    made.run("local", "stop")


def nicknames(project: LocalProject) -> list[str]:
    answer = project.run("call", "GET", "/accounts", "--json").json["body"]
    return [account["nickname"] for account in answer]


def test_the_rows_of_a_deleted_environment_come_back_from_its_snapshot(project: LocalProject) -> None:
    project.run("call", "POST", "/accounts", "-d", ACCOUNT)
    assert nicknames(project) == ["Kept"]
    project.run("delete", "--yes", "--confirm", "dev")
    (snapshot,) = project.run("db", "snapshots", "--json").json

    project.run(*PUSH)
    project.run("db", "init")
    assert nicknames(project) == []
    project.run("db", "restore", snapshot["snapshot"])
    refused = project.run(*PUSH, expect=2)
    assert "rds/accountsCluster" in refused.err
    assert nicknames(project) == []  # nothing is lost without the flag

    project.run(*PUSH, "--allow-data-loss", "rds/accountsCluster")
    assert nicknames(project) == ["Kept"]
    assert project.run(*PUSH, "--json").json["changed"] is False
    assert len(project.run("db", "snapshots", "--json").json) == 2  # of the empty one, too
