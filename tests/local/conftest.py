"""One pushed project for all tests that only need an API that answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.project import LocalProject, copy_sample, unthrottle


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """The sample, pushed to an embedded cloud of its own, with its table. Tests leave it answering."""
    project = copy_sample(tmp_path_factory.mktemp("deployed") / "accounts")
    unthrottle(project)
    project.run("push")
    project.run("db", "init")
    yield project
    project.run("local", "stop")
