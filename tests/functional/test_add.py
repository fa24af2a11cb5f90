"""`add api`, `init` and `remove` where what is asked for and what is there differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from accountsctl.synth import assemble

SAMPLE = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a function, as the current folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    do("init", "shop")
    do("add", "function", "hello", "--runtime", "python3.14")
    return folder


def do(*words: str, expect: int = 0) -> None:
    assert run(cli, list(words)) == expect, words


def add_path(path: str, *words: str, expect: int = 0) -> None:
    do("add", "api", "web", "--path", path, "--function", "hello", "--methods", "get", *words, expect=expect)


def authorization(root: Path, method: str) -> Any:
    """What a method of the rendered API asks for."""
    api = next(
        each for each in assemble(FileProjects(root).read("dev")).children if each.id.category == "api"
    )
    return api.template.body["Resources"][method]["Properties"]["AuthorizationType"]


def test_a_path_for_signed_in_users_of_an_open_api_is_not_open(project: Path) -> None:
    do("import", "auth", "users")
    add_path("/open", "--auth", "none")
    add_path("/closed", "--auth", "cognito")
    assert authorization(project, "PathOpenGet") == "NONE"
    assert authorization(project, "PathClosedGet") == "COGNITO_USER_POOLS"


def test_an_open_path_of_an_api_for_signed_in_users_opens_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("import", "auth", "users")
    add_path("/closed")
    assert "Anyone" not in capsys.readouterr().err
    add_path("/open", "--auth", "none")
    assert "Anyone may call its open methods" in capsys.readouterr().err
    assert authorization(project, "PathOpenGet") == "NONE"
    assert authorization(project, "PathClosedGet") == "COGNITO_USER_POOLS"


def test_a_path_of_which_nothing_is_said_is_as_its_api(project: Path) -> None:
    add_path("/open", "--auth", "none")
    add_path("/more")
    assert authorization(project, "PathMoreGet") == "NONE"
    assert "auth" not in json.loads((project / "backend-config.json").read_text())


def test_no_pool_is_needed_where_every_method_says_otherwise(project: Path) -> None:
    add_path("/open", "--method-auth", "get=none")
    assert authorization(project, "PathOpenGet") == "NONE"


@pytest.mark.parametrize("flag", ["--method-auth", "--model"])
def test_what_is_said_of_a_method_that_is_not_added_is_refused(
    project: Path, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "schema.json").write_text("{}")
    value = {"--method-auth": "post=none", "--model": "post=schema.json"}[flag]
    add_path("/open", "--auth", "none", flag, value, expect=2)
    assert "--methods get,post" in capsys.readouterr().err
    assert not (project / "amplify/backend/api").exists()


def test_origins_of_an_api_that_is_there_change_only_when_they_are_given(project: Path) -> None:
    file = project / "amplify/backend/api/web/parameters.json"
    add_path("/a", "--auth", "none", "--allow-origin", "https://a.example")
    add_path("/b")
    assert json.loads(file.read_text())["cors"]["allowOrigins"] == ["https://a.example"]
    add_path("/c", "--allow-origin", "https://c.example")
    assert json.loads(file.read_text())["cors"]["allowOrigins"] == ["https://c.example"]


def test_init_refuses_what_no_environment_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "other"
    do("init", "other", "-C", str(folder), "--region", "nowhere", expect=2)
    assert '"region" must be a region' in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_init_in_a_file_is_an_error_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    do("init", "other", "-C", str(tmp_path / "file"), expect=2)
    assert "cannot be a project's folder" in capsys.readouterr().err


def test_a_resource_that_is_at_fault_can_be_removed_after_a_question(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "amplify/backend/function/hello/parameters.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "timeout": 2500}))
    do("env", "add", "prod", "--cloud", "aws")
    do("remove", "function/hello", expect=2)
    assert "it is not known what function/hello holds" in capsys.readouterr().err
    do("remove", "function/hello", "--confirm", "hello")
    assert json.loads((project / "backend-config.json").read_text()) == {}


def test_a_pool_is_unlinked_without_a_question_whatever_else_is_at_fault(project: Path) -> None:
    do("import", "auth", "users")
    file = project / "amplify/backend/function/hello/parameters.json"
    file.write_text(json.dumps({"timeout": 2500}))
    do("remove", "auth/users")
    assert list(json.loads((project / "backend-config.json").read_text())) == ["function"]


def test_the_accounts_are_three_commands_and_each_names_the_next(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("import", "auth", "users")
    said = notes(capsys, "add", "rds", "db", "--database", "shop", "--example", "accounts")
    assert "accountsctl add function NAME --example accounts --depends-on rds/db:Arn,SecretArn" in said
    needs = ("--depends-on", "rds/db:Arn,SecretArn")
    said = notes(
        capsys, "add", "function", "shop", "--runtime", "python3.14", "--example", "accounts", *needs
    )
    assert "accountsctl add api NAME --example accounts --function shop" in said
    assert "It needs a database" not in said
    said = notes(capsys, "add", "api", "web", "--example", "accounts", "--function", "shop")
    assert "accountsctl push, accountsctl db init, accountsctl call GET /accounts" in said
    methods = {"PathAccountsGet", "PathAccountsPost"}
    methods |= {f"PathAccountsById{verb}" for verb in ("Get", "Put", "Patch", "Delete")}
    for method in methods:
        assert authorization(project, method) == "COGNITO_USER_POOLS"


@pytest.mark.parametrize(("runtime", "beginning"), [("python3.14", "def test_"), ("nodejs24.x", "test(")])
def test_an_example_in_either_language_brings_as_many_tests(
    runtime: str, beginning: str, project: Path
) -> None:
    do("add", "rds", "db", "--database", "shop", "--example", "accounts")
    do("add", "function", "shop", "--runtime", runtime, "--example", "accounts")
    texts = contents(project / "amplify/backend/function/shop/test").values()
    assert sum(text.decode().count(beginning) for text in texts) >= 20


def test_an_example_is_a_copy_of_the_sample_that_belongs_to_the_team(project: Path) -> None:
    do("add", "rds", "db", "--database", "shop", "--example", "accounts")
    do("add", "function", "shop", "--runtime", "python3.14", "--example", "accounts")
    backend = SAMPLE / "amplify/backend"
    for sample, copy in {
        backend / "rds/accountsCluster/schema": project / "amplify/backend/rds/db/schema",
        backend / "function/accountsAPI/src": project / "amplify/backend/function/shop/src",
    }.items():
        assert not copy.is_symlink()
        assert contents(copy) == contents(sample)
        assert contents(copy)


def test_the_function_of_an_example_says_which_database_it_waits_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ("add", "function", "--runtime", "python3.14", "--example", "accounts")
    said = notes(capsys, *add, "one")
    assert "accountsctl add rds NAME --example accounts, then accountsctl add dependency" in said
    do("add", "rds", "db", "--database", "shop")
    said = notes(capsys, *add, "two")
    assert "It needs a database: accountsctl add dependency function/two rds/db Arn SecretArn" in said
    said = notes(capsys, *add, "three", "--depends-on", "rds/db:Arn")
    assert "accountsctl add dependency function/three rds/db Arn SecretArn" in said
    do("add", "rds", "more", "--database", "shop")
    assert "function/four rds/NAME Arn SecretArn" in notes(capsys, *add, "four")


@pytest.mark.parametrize(
    "flags", [("--path", "/x"), ("--methods", "get"), ("--method-auth", "get=none"), ("--model", "post=x")]
)
def test_an_example_brings_its_own_paths(
    project: Path, flags: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    do("add", "api", "web", "--example", "accounts", "--function", "hello", *flags, expect=2)
    assert f"--example and {flags[0]} do not go together" in capsys.readouterr().err
    assert not (project / "amplify/backend/api").exists()


def notes(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command says."""
    capsys.readouterr()
    do(*words)
    return capsys.readouterr().err


def contents(folder: Path) -> dict[str, bytes]:
    """The files in a folder, by name."""
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
