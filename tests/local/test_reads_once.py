"""Each command reads the project once: backend-config.json and each parameters.json are opened once.

What Python opens is reported by its audit events, so nothing of the command is replaced.
https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from tests.local.project import LocalProject, copy_sample

pytestmark = pytest.mark.slow

BACKEND = "backend-config.json"
NAMES = (BACKEND, "parameters.json")


class Opened:
    """Counts how often the files of a project are opened, while it is told to. Hooks cannot be removed."""

    def __init__(self) -> None:
        self._root: Path | None = None
        self.counts: Counter[str] = Counter()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or self._root is None or not isinstance(arguments[0], str | Path):
            return
        path = Path(arguments[0])
        if path.name in NAMES and path.is_relative_to(self._root) and "build" not in path.parts:
            self.counts[path.relative_to(self._root).as_posix()] += 1

    @contextmanager
    def of(self, root: Path) -> Iterator[Counter[str]]:
        self._root, self.counts = root, Counter()
        try:
            yield self.counts
        finally:
            self._root = None


OPENED = Opened()


def sources(root: Path) -> set[str]:
    return {
        BACKEND,
        *(path.relative_to(root).as_posix() for path in root.glob("amplify/backend/*/*/parameters.json")),
    }


@pytest.mark.parametrize(
    "words",
    [
        "outputs",
        "status",
        "push --dry-run",
        "push --yes",
        "render",
        "validate",
        "drift",
        "export",
        "export --format openapi",
        "doctor",
        "doctor cors",
        "doctor cors --layer static --fix",
        "call GET /accounts",
        "db status",
    ],
)
def test_a_command_reads_the_project_once(deployed: LocalProject, words: str) -> None:
    with OPENED.of(deployed.root) as counts:
        run(cli, [*words.split(), "-C", str(deployed.root)])
    assert counts == dict.fromkeys(sources(deployed.root), 1)


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("add function job --runtime python3.13", {BACKEND}),
        (
            "add api accountsAPI --function accountsAPI --path /jobs",
            {BACKEND, "amplify/backend/api/accountsAPI/parameters.json"},
        ),
        ("remove api/accountsAPI", {BACKEND}),
    ],
)
def test_a_command_that_edits_reads_once_copies_once_and_reads_what_it_changes_under_the_lock(
    tmp_path: Path, words: str, changed: set[str]
) -> None:
    project = copy_sample(tmp_path / "accounts")
    before = sources(project.root)
    with OPENED.of(project.root) as counts:
        assert run(cli, [*words.split(), "-C", str(project.root)]) == 0
    assert {file: counts[file] for file in before} == {file: 3 if file in changed else 2 for file in before}
