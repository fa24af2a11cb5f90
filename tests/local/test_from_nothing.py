"""From an empty folder to an answer, without editing a file: by flags, and at a terminal."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]  # it has no annotations
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cfnlint.api import ManualArgs, lint_file

from tests.local.project import COMMAND, LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[LocalProject]:
    """An empty folder; whatever cloud is started in it is stopped."""
    folder = tmp_path / "shop"
    folder.mkdir()
    project = LocalProject(folder)
    yield project
    if (folder / "backend-config.json").exists():
        project.run("local", "stop")


def findings(root: Path) -> list[str]:
    """What cfn-lint says of all rendered templates, informational rules included."""
    config = ManualArgs(include_checks=["I"], regions=["eu-west-1"])
    files = sorted((root / "amplify/build/dev").rglob("*.json"))
    assert len(files) == 5
    return [
        f"{file.name}: {match.rule.id} {match.message}"
        for file in files
        for match in lint_file(file, config=config)
    ]


@pytest.mark.parametrize("runtime", ["python3.14", "nodejs24.x"])
def test_by_flags_alone(empty: LocalProject, runtime: str) -> None:
    if runtime.startswith("nodejs") and not shutil.which("node"):
        pytest.skip("Node functions run on the machine's own node, and there is none")
    empty.run("init", "shop")
    empty.run("import", "auth", "users")
    empty.run("add", "rds", "db", "--database", "shop")
    empty.run("add", "function", "hello", "--runtime", runtime)
    empty.run("add", "dependency", "function/hello", "rds/db", "Arn", "SecretArn")
    empty.run("add", "api", "web", "--path", "/hello", "--function", "hello", "--methods", "get,post")
    schema = empty.root / "amplify/backend/rds/db/schema"
    schema.mkdir()
    (schema / "001_tables.sql").write_text("CREATE TABLE things (id bigint PRIMARY KEY);\n")
    empty.run("push")
    assert empty.run("db", "init", "--json").json == {"applied": ["001_tables.sql"], "already": []}
    answer = empty.run("call", "GET", "/hello")
    assert answer.err.startswith("200")
    assert json.loads(answer.out)["path"] == "/hello"
    assert empty.run("call", "GET", "/hello", "--anonymous", expect=1).err.startswith("401")
    assert findings(empty.root) == []


@pytest.mark.parametrize("runtime", ["python3.14", "nodejs24.x"])
def test_the_accounts_by_commands_alone(empty: LocalProject, runtime: str) -> None:
    if runtime.startswith("nodejs") and not shutil.which("npm"):
        pytest.skip("Node functions run on the machine's own node with an SDK from npm, and there is none")
    example = ("--example", "accounts")
    empty.run("init", "shop")
    empty.run("import", "auth", "users")
    empty.run("add", "rds", "db", "--database", "shop", *example)
    empty.run(
        "add", "function", "shop", "--runtime", runtime, *example, "--depends-on", "rds/db:Arn,SecretArn"
    )
    empty.run("add", "api", "web", *example, "--function", "shop")
    empty.run("push")
    assert empty.run("db", "init", "--json").json["applied"][0] == "001_accounts.sql"
    rent = {"nickname": "Bücher", "balance": 1200.5, "type": "domestic", "account_number": "DE01"}
    added = empty.run("call", "POST", "/accounts", "--data", json.dumps(rent))
    assert added.err.startswith("201")
    assert added.json == {"id": 1, **rent}
    assert empty.run("call", "GET", "/accounts").json == [added.json]
    changed = empty.run("call", "PATCH", "/accounts/1", "--data", '{"balance": -3}')
    assert changed.json == {**added.json, "balance": -3}
    assert empty.run("call", "DELETE", "/accounts/1", "-H", "If-Match: *").err.startswith("204")
    assert empty.run("call", "GET", "/accounts/1", expect=1).err.startswith("404")
    assert empty.run("call", "GET", "/accounts", "--anonymous", expect=1).err.startswith("401")


def test_at_a_terminal_with_prompts(empty: LocalProject) -> None:
    def ask(words: str, *dialogue: tuple[str, str]) -> None:
        child = pexpect.spawn(str(COMMAND), words.split(), cwd=str(empty.root), encoding="utf-8", timeout=60)
        child.logfile_read = sys.stdout
        for question, answer in dialogue:
            child.expect(question)
            child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0, words

    ask("init shop")
    ask("import auth users")
    ask("add rds db", ("Which database", "shop"))
    ask("add function hello", ("Which runtime", "python3.14"))
    ask("add dependency function/hello rds/db Arn SecretArn")
    ask(
        "add api web --methods get",
        ("Which path", "/hello"),
        ("Which function handles", "hello"),
        ("Who may call them", "cognito"),
    )
    ask("push")
    ask("db init")
    assert empty.run("call", "GET", "/hello").err.startswith("200")
    ask("remove api/web")
    ask("remove function/hello")
    ask("remove rds/db", ("Type db to remove", "db"))
    ask("push", ("Type rds/db to agree to the loss of its data", "rds/db"))
    assert "rds/db" not in empty.run("outputs", "--json").out
    ask("delete", ("Type dev to delete", "dev"))
    assert empty.run("status", "--json").json["stackStatus"] == "NOT_DEPLOYED"


def test_an_api_for_signed_callers_takes_signatures_and_refuses_tokens(empty: LocalProject) -> None:
    empty.run("init", "shop")
    empty.run("import", "auth", "users")
    empty.run("add", "function", "hello", "--runtime", "python3.14")
    empty.run(
        "add", "api", "web", "--path", "/hello", "--function", "hello", "--methods", "get", "--auth", "iam"
    )
    empty.run("push")
    url = empty.run("outputs", "api/web", "RootUrl").out.strip() + "/hello"
    request = AWSRequest(method="GET", url=url)
    aws = empty.aws()
    key = Credentials(aws["AWS_ACCESS_KEY_ID"], aws["AWS_SECRET_ACCESS_KEY"])
    SigV4Auth(key, "execute-api", "eu-west-1").add_auth(request)
    signed = [word for name, value in request.headers.items() for word in ("-H", f"{name}: {value}")]
    assert empty.run("call", "GET", "/hello", "--anonymous", *signed).err.startswith("200")
    refused = empty.run("call", "GET", "/hello", expect=1)
    assert refused.err.startswith("403")
    assert "requires 'Credential' parameter" in json.loads(refused.out)["message"]
