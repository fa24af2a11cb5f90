"""Pushing again and again, whatever one push ends with."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.cli.watch import project_changes, watch
from accountsctl.formats.layout import is_source
from accountsctl.model.errors import AccountsctlError, CloudError, Declined, UsageError
from accountsctl.model.events import PushResult
from accountsctl.ui.screen import Screen

BUGS = (TypeError, KeyError)


def pushed(*, changed: bool = True) -> PushResult:
    return PushResult("dev", "local", "shop-dev", changed, (), {}, 0.25)


def watched(*ends: PushResult | Exception) -> str:
    """What is said while pushes end so, one after the other."""
    coming = iter(ends)
    screen = Screen(io.StringIO(), io.StringIO())

    def push() -> PushResult:
        end = next(coming)
        if isinstance(end, Exception):
            raise end
        return end

    try:
        watch(screen, push, ends)
    finally:
        said: Callable[[], str] = screen.err.getvalue  # type: ignore[attr-defined]
    return said()


def test_a_push_that_changed_something_is_said_with_its_time() -> None:
    assert watched(pushed()).endswith("  pushed the root in 0.2 s\n")
    assert watched(pushed(changed=False)) == ""


@pytest.mark.parametrize("error", [UsageError("Wrong."), CloudError("Refused.", why="No.", hint="Ask.")])
def test_an_error_is_shown_and_the_next_change_is_pushed(error: AccountsctlError) -> None:
    said = watched(error, pushed())
    assert said.startswith(f"Error: {error.what}\n")
    assert said.endswith("pushed the root in 0.2 s\n")


def test_a_file_that_has_gone_while_it_was_read_is_an_error_like_others() -> None:
    said = watched(FileNotFoundError(2, "No such file", "src/index.py"), pushed())
    assert said.startswith("Error: A file could not be used.\n")
    assert "pushed" in said


def test_an_interrupt_in_the_middle_of_a_push_ends_the_watch() -> None:
    with pytest.raises(Declined):
        watched(Declined("The push goes on."), pushed())


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_not_hidden(bug: type[Exception]) -> None:
    with pytest.raises(bug):
        watched(bug("a"), pushed())


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("backend-config.json", True),
        ("amplify/backend/function/pay/src/index.py", True),
        ("amplify/backend/function/pay/src/node_modules/a/index.js", True),
        ("amplify/environments/dev.json", True),
        ("templates/api.yaml.j2", True),
        ("amplify/build/dev/api.json", False),
        ("amplify/.local/cloud.log", False),
        ("amplify/.removed/api/parameters.json", False),
        ("amplify/.config/local-env-info.json", False),
        ("amplify/backend/function/pay/src/__pycache__/index.cpython-311.pyc", False),
        ("amplify/backend/function/pay/src/.index.py.swp", False),
        ("amplify/backend/function/pay/src/index.py~", False),
        ("README.md", False),
        ("src/index.ts", False),
    ],
)
def test_only_what_a_push_reads_is_watched(path: str, read: bool) -> None:
    assert is_source(path) is read


def test_a_change_that_was_saved_before_it_is_asked_for_is_not_missed(tmp_path: Path) -> None:
    file = tmp_path / "backend-config.json"
    file.write_text("{}")
    (tmp_path / "notes.txt").write_text("")
    changes = project_changes(tmp_path)
    (tmp_path / "notes.txt").write_text("not a change")
    file.write_text('{"api": {}}')
    assert {Path(path).name for _, path in next(changes)} == {"backend-config.json"}  # type: ignore[attr-defined]
