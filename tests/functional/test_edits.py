"""init, import, add, remove and env, through the command line, in folders of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.synth import assemble
from tests.functional.shop import BACKEND, backend, contents, do, shop


def test_a_backend_that_was_added_by_flags_alone_is_sound(project: Path) -> None:
    shop()
    assembly = assemble(FileWorkspace(project).read("dev"))
    assert [str(child.id) for child in assembly.children] == [
        "auth/users",
        "rds/db",
        "function/hello",
        "api/web",
    ]
    code = assembly.children[2].template.body["Resources"]["LambdaFunction"]["Properties"]["Environment"]
    assert "DB_ARN" in code["Variables"]


def test_init_where_a_project_is_says_so_and_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop()
    before = contents(project)
    do("init", "other", expect=2)
    assert "There is a project here already" in capsys.readouterr().err
    assert contents(project) == before


def test_init_adds_its_lines_to_a_gitignore_and_keeps_the_others(project: Path) -> None:
    (project / ".gitignore").write_text("mine")
    do("init", "shop")
    lines = (project / ".gitignore").read_text().splitlines()
    assert lines[0] == "mine"
    assert "amplify/.local/" in lines


def test_a_missing_answer_without_a_terminal_names_its_flag(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    for words, flag in [
        (["add", "function", "f"], "--runtime"),
        (["add", "rds", "db"], "--database"),
        (["add", "api", "web"], "--path"),
    ]:
        do(*words, expect=2)
        assert flag in capsys.readouterr().err


def test_an_edit_that_would_bring_a_fault_is_refused_and_changes_nothing(project: Path) -> None:
    shop()
    before = contents(project)
    do("add", "dependency", "rds/db", "function/hello", "Name", expect=2)
    do("add", "dependency", "function/hello", "rds/db", "Nonsense", expect=2)
    do("add", "function", "f", "--runtime", "nodejs20.x", expect=2)
    do("add", "function", "../evil", "--runtime", "python3.14", expect=2)
    do("add", "function", "hello", "--runtime", "python3.14", expect=2)
    do("add", "api", "web", "--path", "/hello", "--function", "hello", expect=2)
    assert contents(project) == before


def test_an_api_for_signed_in_users_needs_a_pool(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do("init", "shop")
    do("add", "function", "hello", "--runtime", "python3.14")
    do("add", "api", "web", "--path", "/hello", "--function", "hello", expect=2)
    assert "accountsctl import auth" in capsys.readouterr().err
    do("add", "api", "web", "--path", "/hello", "--function", "hello", "--auth", "none")


def test_methods_may_authorize_in_their_own_way_and_check_their_bodies(project: Path) -> None:
    shop()
    (project / "schema.json").write_text('{"type": "object", "required": ["name"]}')
    words = [
        "--function",
        "hello",
        "--methods",
        "get,post",
        "--method-auth",
        "get=none",
        "--model",
        "post=schema.json",
    ]
    do("add", "api", "web", "--path", "/open", *words)
    resources = assemble(FileWorkspace(project).read("dev")).children[3].template.body["Resources"]
    assert resources["PathOpenGet"]["Properties"]["AuthorizationType"] == "NONE"
    post = resources["PathOpenPost"]["Properties"]
    assert post["AuthorizationType"] == "COGNITO_USER_POOLS"
    assert resources[post["RequestModels"]["application/json"]["Ref"]]["Properties"]["Schema"][
        "required"
    ] == ["name"]
    assert resources[post["RequestValidatorId"]["Ref"]]["Properties"]["ValidateRequestBody"] is True


def test_a_custom_resource_brings_its_template(project: Path, tmp_path: Path) -> None:
    do("init", "shop")
    template = tmp_path / "queue.yaml"
    template.write_text("Resources:\n  Q: {Type: AWS::SQS::Queue}\nOutputs:\n  Url: {Value: !Ref Q}\n")
    do("add", "custom", "queue", "jobs", "--template", str(template))
    do("add", "function", "worker", "--runtime", "nodejs24.x", "--depends-on", "queue/jobs:Url")
    assembly = assemble(FileWorkspace(project).read("dev"))
    assert "queuejobsUrl" in assembly.children[1].template.parameters


def test_remove_names_what_depends_and_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop()
    before = contents(project)
    do("remove", "rds/db", expect=2)
    assert "function/hello" in capsys.readouterr().err
    assert contents(project) == before


def test_removing_a_database_needs_its_name_and_says_what_stays(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    do("env", "add", "prod", "--cloud", "aws")
    do("add", "rds", "db", "--database", "shop")
    do("remove", "rds/db", expect=2)
    assert "--confirm db" in capsys.readouterr().err
    do("remove", "rds/db", "--confirm", "shop", expect=2)
    assert 'It was "shop".' in capsys.readouterr().err
    do("remove", "rds/db", "--confirm", "rds/db")
    assert capsys.readouterr().err.count("final snapshot is kept") == 1
    assert backend(project) == {}
    assert (project / "amplify/.removed/rds/db-1/parameters.json").is_file()


def test_removing_a_database_that_was_never_deployed_needs_no_confirmation(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    do("add", "rds", "db", "--database", "shop")
    do("remove", "rds/db")
    err = capsys.readouterr().err
    assert "Nothing was deployed yet, so that a push has nothing to delete." in err
    assert "holds data" not in err


def test_a_cloud_that_was_started_may_hold_the_database(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    do("add", "rds", "db", "--database", "shop")
    folder = project / "amplify/.local"
    folder.mkdir(mode=0o700)
    (folder / "state").mkdir()
    do("remove", "rds/db", expect=2)
    assert "--confirm db" in capsys.readouterr().err


def test_unlinking_a_pool_takes_its_ids_out_of_every_environment(project: Path) -> None:
    do("init", "shop")
    do("env", "add", "staging")
    do("import", "auth", "users")
    assert json.loads((project / "amplify/environments/staging.json").read_text())["imported"] == {}
    do("import", "auth", "users", "-e", "staging")
    for name in ("dev", "staging"):
        assert json.loads((project / f"amplify/environments/{name}.json").read_text())["imported"]["auth"][
            "users"
        ]
    do("remove", "auth/users")
    for name in ("dev", "staging"):
        assert json.loads((project / f"amplify/environments/{name}.json").read_text())["imported"] == {}


def test_unknown_keys_order_and_indentation_survive_every_edit(project: Path) -> None:
    shop()
    path = project / BACKEND
    text = path.read_text().replace('"rds": {', '"hosting": {},\n  "rds": {').replace("  ", "\t")
    path.write_text(text.replace('"service": "Lambda"', '"zeta": 1, "service": "Lambda"'))
    do("add", "function", "second", "--runtime", "python3.14")
    after = path.read_text()
    assert '"zeta": 1, "service": "Lambda"' in after
    assert list(backend(project)) == ["auth", "hosting", "rds", "function", "api"]
    assert "\n\t" in after
    assert "\n  " not in after


def test_a_new_environment_has_a_stack_of_its_own_and_touches_no_other_file(project: Path) -> None:
    shop()
    before = contents(project)
    do("env", "add", "staging", "--from", "dev")
    after = contents(project)
    added = after.keys() - before.keys()
    assert added == {"amplify/environments/staging.json"}
    assert {name: after[name] for name in before} == before
    dev, staging = (
        json.loads((project / f"amplify/environments/{n}.json").read_text()) for n in ("dev", "staging")
    )
    assert staging["stackName"] == "shop-staging"
    assert (
        staging["imported"]["auth"]["users"]["UserPoolId"] != dev["imported"]["auth"]["users"]["UserPoolId"]
    )
    assemble(FileWorkspace(project).read("staging"))


def test_a_checkout_that_fails_leaves_the_old_environment(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    do("env", "checkout", "nosuch", expect=2)
    (project / "amplify/environments/broken.json").write_text("{")
    do("env", "checkout", "broken", expect=2)
    capsys.readouterr()
    do("env", "get")
    assert capsys.readouterr().out == "dev\n"


def test_the_checked_out_environment_is_never_removed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init", "shop")
    do("env", "remove", "dev", "--yes", "--confirm", "dev", expect=2)
    assert "checked out" in capsys.readouterr().err


def test_an_environment_of_aws_is_forgotten_without_credentials(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(project / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    do("init", "shop")
    do("env", "add", "stage", "--cloud", "aws")
    do("env", "remove", "stage", "--keep-stack", expect=2)
    assert (project / "amplify/environments/stage.json").exists()
    do("env", "remove", "stage", "--keep-stack", "--yes", "--confirm", "stage")
    assert not (project / "amplify/environments/stage.json").exists()
    assert "shop-stage, if it is deployed, stays" in capsys.readouterr().err


@pytest.mark.parametrize("example", [(), ("--example", "accounts")], ids=["plain", "accounts"])
@pytest.mark.parametrize("language", ["python", "nodejs"])
def test_a_new_function_comes_with_tests_that_pass(
    project: Path, language: str, example: tuple[str, ...]
) -> None:
    if language == "nodejs" and not shutil.which("node"):
        pytest.skip("the tests of a Node function run on the machine's own node, and there is none")
    do("init", "shop")
    runtime = "python3.14" if language == "python" else "nodejs24.x"
    do("add", "function", "hello", "--runtime", runtime, *example)
    folder = project / "amplify/backend/function/hello"
    command = {
        "python": [sys.executable, "-m", "unittest", "discover", "-s", "test"],
        "nodejs": ["node", "--test"],
    }[language]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search(r"^# tests 0$|^Ran 0 tests", done.stdout + done.stderr, re.MULTILINE)
