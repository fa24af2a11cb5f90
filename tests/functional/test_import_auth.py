"""`import auth`: what Cognito does not confirm is not written, and what it confirms goes into one environment."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from accountsctl.commands.project.import_auth import import_auth
from accountsctl.commands.project.imported_pools import import_problems, problems
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.model.errors import CloudError
from accountsctl.ports.pools import AppClient
from tests.fakes.pools import FakePools

POOL, IDENTITIES = "eu-west-1_Pool12345", "eu-west-1:00000000-0000-0000-0000-000000000001"
SRP = frozenset({"ALLOW_USER_SRP_AUTH"})
NATIVE, WEB = AppClient("native", "native", True, SRP), AppClient("web", "web", False, SRP)
PROVIDER = f"cognito-idp.eu-west-1.amazonaws.com/{POOL}"
IDS = {
    "UserPoolId": POOL,
    "AppClientID": "native",
    "AppClientIDWeb": "web",
    "IdentityPoolId": IDENTITIES,
}


def cognito(*clients: AppClient, providers: frozenset[tuple[str, str]] | None = None) -> FakePools:
    named = frozenset({(PROVIDER, "web")}) if providers is None else providers
    return FakePools({POOL: "users"}, {POOL: clients or (NATIVE, WEB)}, {IDENTITIES: named})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one environment, as the current folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run(cli, ["init", "shop"]) == 0
    return folder


def test_nothing_is_said_against_ids_that_belong_together() -> None:
    assert problems(IDS, cognito()) == ()


def test_a_pool_that_is_not_there_is_all_there_is_to_say() -> None:
    assert problems({**IDS, "UserPoolId": "eu-west-1_Other"}, cognito()) == (
        "The user pool eu-west-1_Other does not exist in this region.",
    )


@pytest.mark.parametrize(
    ("pools", "said"),
    [
        (cognito(WEB), "The app client native does not belong to"),
        (cognito(NATIVE, replace(WEB, secret=True)), "The web client web has a secret"),
        (cognito(providers=frozenset({(PROVIDER, "other")})), f"does not name {POOL}"),
        (cognito(providers=frozenset({("cognito-idp.x/another", "web")})), f"does not name {POOL}"),
        (replace(cognito(), identities={}), f"The identity pool {IDENTITIES} does not exist"),
    ],
)
def test_each_id_is_checked_alone(pools: FakePools, said: str) -> None:
    (problem,) = problems(IDS, pools)
    assert said in problem


def test_a_client_without_srp_is_imported_with_a_note(project: Path) -> None:
    files = FileWorkspace(project)
    pools = cognito(NATIVE, replace(WEB, flows=frozenset({"ALLOW_USER_AUTH"})))
    done = import_auth(ProjectEditor(files, files.read("dev")), "users", IDS, pools)
    assert files.environment("dev").imported["auth"]["users"] == IDS
    assert "The app client web does not allow ALLOW_USER_SRP_AUTH" in done.notes[0]


class Unreadable(FakePools):
    """A Cognito whose pools the caller may not read."""

    def has_pool(self, pool_id: str) -> bool:
        raise CloudError("AWS refused.", why="not authorized (AccessDeniedException)", code="AccessDenied")


def test_a_pool_that_may_not_be_read_is_a_note_in_a_push_and_an_error_of_an_import(project: Path) -> None:
    files = FileWorkspace(project)
    environment = replace(files.environment("dev"), imported={"auth": {"users": IDS}})
    (note,) = import_problems(environment, Unreadable({})) or ()
    assert note == f"The user pool {POOL} was not checked: not authorized (AccessDeniedException)"
    with pytest.raises(CloudError):
        import_auth(ProjectEditor(files, files.read("dev")), "users", IDS, Unreadable({}))
    assert files.environment("dev").imported == {}


def test_all_problems_are_said_at_once_and_nothing_is_written(project: Path) -> None:
    files = FileWorkspace(project)
    pools = cognito(replace(WEB, secret=True), providers=frozenset())
    with pytest.raises(CloudError) as caught:
        import_auth(ProjectEditor(files, files.read("dev")), "users", IDS, pools)
    assert len(caught.value.why.splitlines()) == 3
    assert json.loads((project / "backend-config.json").read_text()) == {}
    assert files.environment("dev").imported == {}


def test_confirmed_ids_go_into_this_environment_alone(project: Path) -> None:
    assert run(cli, ["env", "add", "staging"]) == 0
    files = FileWorkspace(project)
    done = import_auth(ProjectEditor(files, files.read("dev")), "users", IDS, cognito())
    assert files.environment("dev").imported["auth"]["users"] == IDS
    assert files.environment("staging").imported == {}
    assert done.notes == ("Link a pool there too: accountsctl import auth users -e staging",)


@pytest.mark.parametrize("flag", ["--client-id", "--web-client-id"])
def test_a_client_without_its_pool_is_refused_in_a_local_environment_too(
    project: Path, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["import", "auth", "users", flag, "abc"]) == 2
    assert "--user-pool-id is missing" in capsys.readouterr().err
    assert json.loads((project / "backend-config.json").read_text()) == {}


def test_a_pool_of_another_region_is_refused_in_a_local_environment_too(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "auth", "users", "--user-pool-id", "us-east-1_Pool12345", "--client-id", "abc"]
    assert run(cli, words) == 2
    assert "is not in eu-west-1" in capsys.readouterr().err
    assert json.loads((project / "backend-config.json").read_text()) == {}
