"""The accounts API that the tests of its contract speak to. They know it by HTTP alone, whatever answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.accounts_api.client import AccountsApi
from tests.local.project import SAMPLE, LocalProject, copy_sample, unthrottle

NODE = SAMPLE / "accountsctl/commands/project/scaffold/accounts-nodejs/src"
FUNCTION = "amplify/backend/function/accountsAPI"


NODEJS = pytest.param("nodejs", marks=pytest.mark.slow)


@pytest.fixture(scope="session", params=["python", NODEJS])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountsApi]:
    """The sample's API, which its own function answers, or the one for Node in its place."""
    if request.param == "python":
        yield AccountsApi.of(request.getfixturevalue("deployed"))
        return
    if not shutil.which("npm"):
        pytest.skip("Node functions run on the machine's own node with an SDK from npm, and there is none")
    project = answered_by_node(copy_sample(tmp_path_factory.mktemp("node") / "accounts"))
    yield AccountsApi.of(project)
    project.run("local", "stop")


@pytest.fixture
def empty(api: AccountsApi) -> AccountsApi:
    """The API with no account and no key in its tables."""
    api.sql("truncate accounts, idempotency_keys restart identity")
    return api


def answered_by_node(project: LocalProject) -> LocalProject:
    """The project, pushed, with its tables, and with the other handler."""
    source: Path = project.root / FUNCTION / "src"
    shutil.rmtree(source)
    shutil.copytree(NODE, source)
    project.edit(f"{FUNCTION}/parameters.json", runtime="nodejs24.x")
    unthrottle(project)
    project.run("push")
    project.run("db", "init")
    return project
