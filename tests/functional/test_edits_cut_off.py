"""An edit or a checkout that is killed at any write leaves the old project or the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.model.edit import Edit
from tests.fakes.dying_disk import DyingDisk, Killed
from tests.functional.shop import BACKEND, contents, do


def add(value: dict[str, object]) -> None:
    value["added"] = True


EDITS = {
    "several files": Edit(json={BACKEND: add, "amplify/environments/dev.json": add}),
    "a folder and its entry": Edit(
        json={BACKEND: add}, folders={"amplify/backend/x/y": {"a": b"1", "b/c": b"2"}}
    ),
    "a removal": Edit(
        json={BACKEND: add}, moves={"amplify/backend/auth/users": "amplify/.removed/auth/users-1"}
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_that_is_killed_at_any_write_leaves_old_or_new(
    project: Path, tmp_path: Path, name: str
) -> None:
    do("init", "shop")
    do("import", "auth", "users")
    old = contents(project)
    FileWorkspace(project).apply(EDITS[name])
    new = contents(project)
    seen = set()
    for attempt in range(200):
        folder = tmp_path / f"attempt{attempt}"
        for path, content in old.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        try:
            FileWorkspace(folder, DyingDisk(attempt)).apply(EDITS[name])
        except Killed:
            pass
        else:
            break
        FileWorkspace(folder)  # the next command
        after = contents(folder)
        assert after in (old, new), f"half of it after {attempt} steps"
        seen.add(after == new)
        FileWorkspace(folder).apply(EDITS[name])
        assert contents(folder) == new
    assert seen == {False, True}


def test_a_checkout_that_is_killed_at_any_write_leaves_old_or_new(project: Path) -> None:
    do("init", "shop")
    do("env", "add", "staging")
    for steps in range(50):
        FileWorkspace(project).check_out("dev")
        try:
            FileWorkspace(project, DyingDisk(steps)).check_out("staging")
        except Killed:
            assert FileWorkspace(project).checked_out() in ("dev", "staging")
        else:
            break
    assert FileWorkspace(project).checked_out() == "staging"
