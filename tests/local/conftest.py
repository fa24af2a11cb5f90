"""One pushed project for all tests that only need an API that answers, and its page in a browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.local.accounts_page import ACCOUNTS, TREE, fill
from tests.local.browser import Browser, chromium, read_user
from tests.local.project import COMMAND, LocalProject, copy_sample, unthrottle


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """The sample, pushed to an embedded cloud of its own, with its table. Tests leave it answering."""
    project = copy_sample(tmp_path_factory.mktemp("deployed") / "accounts")
    unthrottle(project)
    project.run("push")
    project.run("db", "init")
    yield project
    project.run("local", "stop")


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def served(deployed: LocalProject) -> Iterator[str]:
    """The URL that `accountsctl ui` prints."""
    command = [COMMAND, "ui", "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, cwd=deployed.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        yield run.stdout.readline().strip()
        run.terminate()


@pytest.fixture
def page(tab: Browser, served: str, deployed: LocalProject) -> Browser:
    """The sign-in form, as a new visitor meets it; the table holds ACCOUNTS."""
    fill(deployed, ACCOUNTS)
    tab.open(served)
    tab.reset()
    tab.open(served)
    tab.see("Sign in")
    return tab


@pytest.fixture
def tree(page: Browser, deployed: LocalProject) -> Browser:
    """The tree, signed in."""
    page.sign_in(read_user(deployed.root))
    page.until(page.rows)
    page.until(lambda: page.rows() == TREE)
    return page
