"""`import auth` at a terminal, for an environment on AWS: Cognito's own API, here the embedded cloud's."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]  # it has no annotations
import pytest

from tests.local.project import COMMAND, LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """A project whose `dev` has made a pool, and whose `prod` is on "AWS": dev's cloud by its endpoint."""
    project = LocalProject(tmp_path)
    project.run("init", "shop")
    project.run("import", "auth", "users")
    project.run("local", "start")
    project.run("auth", "token")
    project.run("env", "add", "prod", "--cloud", "aws", "--region", "eu-west-1")
    yield project
    project.run("local", "stop")


def imported(project: LocalProject, environment: str) -> dict[str, str]:
    written = json.loads((project.root / f"amplify/environments/{environment}.json").read_text())
    found: dict[str, str] = written["imported"].get("auth", {}).get("users", {})
    return found


def test_pools_and_clients_are_listed_and_asked_for(project: LocalProject) -> None:
    child = pexpect.spawn(
        str(COMMAND),
        ["import", "auth", "users", "-e", "prod"],
        cwd=str(project.root),
        env={**os.environ, **project.aws()},
        encoding="utf-8",
        timeout=60,
    )
    child.logfile_read = sys.stdout
    dev = imported(project, "dev")
    child.expect(rf"1 .*{dev['UserPoolId']}")
    child.expect("Which user pool")
    child.sendline("1")
    child.expect("Which app client")
    shown = child.before
    child.sendline("1")
    child.expect("Which web client")
    child.sendline("2")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    prod = imported(project, "prod")
    assert prod["UserPoolId"] == dev["UserPoolId"]
    assert shown.index(prod["AppClientID"]) < shown.index(prod["AppClientIDWeb"])
    assert {prod["AppClientID"], prod["AppClientIDWeb"]} == {dev["AppClientID"], dev["AppClientIDWeb"]}


def test_ids_that_cognito_does_not_confirm_are_refused_with_exit_3(project: LocalProject) -> None:
    dev = imported(project, "dev")
    words = ["import", "auth", "users", "-e", "prod", "--user-pool-id"]
    stranger = project.run(*words, dev["UserPoolId"], "--client-id", "nosuch", expect=3, **project.aws())
    assert f"The app client nosuch does not belong to {dev['UserPoolId']}" in stranger.err
    absent = project.run(*words, "eu-west-1_Nosuch123", "--client-id", "nosuch", expect=3, **project.aws())
    assert "does not exist in this region" in absent.err
    missing = project.run("import", "auth", "users", "-e", "prod", expect=2, **project.aws())
    assert "--user-pool-id is missing" in missing.err
    assert imported(project, "prod") == {}
