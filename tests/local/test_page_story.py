"""The whole story: from an empty folder to the tree in a browser, over the CORS error that everybody meets."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.browser import Browser, chromium, read_user
from tests.local.project import COMMAND, SAMPLE, LocalProject

HANDLER = "amplify/backend/function/accounts/src"
SCHEMA = "amplify/backend/rds/db/schema"
RENT = {
    "nickname": "Rent",
    "balance": -1200,
    "type": "domestic",
    "account_number": "DE89 3704 0044 0532 0130 00",
}
VILLA = {
    "nickname": "Villa",
    "balance": 0.5,
    "type": "international",
    "account_number": "CH93 0076 2011 6238 5295 7",
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[LocalProject]:
    """An empty folder; whatever cloud is started in it is stopped."""
    project = LocalProject(tmp_path / "bank")
    project.root.mkdir()
    yield project
    if (project.root / "backend-config.json").exists():
        project.run("local", "stop")


def test_from_an_empty_folder_to_the_tree(empty: LocalProject) -> None:
    with chromium() as tab:
        make_the_backend(empty)
        port = free_port()
        origin = f"http://localhost:{port}"
        with page(empty, port) as said:
            assert f"The API allows https://bank.example, not {origin}" in said
            meet_the_cors_error(tab, origin, read_user(empty.root))
            mend(empty, origin)
            see_the_tree(tab)


def make_the_backend(project: LocalProject) -> None:
    """What the commands write, the team's own schema and handler, a push, and two accounts."""
    project.run("init", "bank")
    project.run("import", "auth", "users")
    project.run("add", "rds", "db", "--database", "bank")
    project.run("add", "function", "accounts", "--runtime", "python3.14")
    project.run("add", "dependency", "function/accounts", "rds/db", "Arn", "SecretArn")
    api = ["add", "api", "accounts", "--function", "accounts", "--allow-origin", "https://bank.example"]
    project.run(*api, "--path", "/accounts", "--methods", "get,post")
    project.run(*api, "--path", "/accounts/{id}", "--methods", "get,put,delete")
    shutil.rmtree(project.root / HANDLER)
    shutil.copytree(SAMPLE / "amplify/backend/function/accountsAPI/src", project.root / HANDLER)
    shutil.copytree(SAMPLE / "amplify/backend/rds/accountsCluster/schema", project.root / SCHEMA)
    project.run("push", "--yes")
    project.run("db", "init")
    for account in (RENT, VILLA):
        project.run("call", "POST", "/accounts", "-d", json.dumps(account))


def meet_the_cors_error(tab: Browser, origin: str, user: dict[str, str]) -> None:
    tab.open(origin)
    tab.sign_in(user)
    tab.see("The browser got no answer that it may show to this page.")
    tab.see(f"accountsctl doctor cors --origin {origin}")
    assert any("blocked by CORS policy" in each for each in tab.complaints())
    tab.picture("story-1-cors-error")


def mend(project: LocalProject, origin: str) -> None:
    """The doctor names the cause and mends it; after the push it finds nothing."""
    doctor = ["doctor", "cors", "--origin", origin, "--path", "/accounts", "--method", "GET"]
    assert project.run(*doctor, "--json", expect=1).json["rootCause"]["id"] == "acao.host"
    assert f'+      "{origin}"' in project.run(*doctor, "--fix", "--apply", expect=1).out
    project.run("push", "--yes")
    assert project.run(*doctor, "--json").json["verdict"] == "pass"


def see_the_tree(tab: Browser) -> None:
    tab.press("Try now")
    tab.until(tab.rows)
    assert tab.rows() == [
        "Domestic | 1 account | -1,200.00",
        f"Rent | {RENT['account_number']} | -1,200.00",
        "International | 1 account | 0.50",
        f"Villa | {VILLA['account_number']} | 0.50",
    ]
    tab.picture("story-2-tree")


@contextmanager
def page(project: LocalProject, port: int) -> Iterator[str]:
    """`accountsctl ui`, serving; gives what it said until then."""
    command = [COMMAND, "ui", "--no-open", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        try:
            assert run.stdout.readline() == f"http://localhost:{port}/\n"
            said = [run.stderr.readline()]
            while "Ctrl-C ends it." not in said[-1]:
                assert said[-1], said
                said.append(run.stderr.readline())
            yield "".join(said)
        finally:
            run.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
