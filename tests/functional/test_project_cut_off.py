"""A write that is killed at any step leaves the old files or the new ones."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.disk import Disk
from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.model.errors import ProjectError
from tests.fakes import sample
from tests.fakes.dying_disk import DyingDisk, Killed
from tests.functional.project_files import LOCAL, snapshot


def kill_at_every_step(act: Callable[[Disk], object], check: Callable[[], None]) -> int:
    """Run `act` with a disk that dies at step 1, 2, ... until it comes through; `check` after each death."""
    for step in range(1, 100):
        try:
            act(DyingDisk(step))
        except Killed:
            check()
        else:
            return step
    raise AssertionError("It never came through.")


def test_a_checkout_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {LOCAL: '{"envName": "dev"}'})
    seen = set()

    steps = kill_at_every_step(
        lambda disk: FileProjects(root, disk).check_out("prod"),
        lambda: seen.add(FileProjects(root).checked_out()),
    )

    assert steps > 4
    assert seen == {"dev"}
    assert FileProjects(root).checked_out() == "prod"
    assert FileProjects(root).environments() == ("dev", "prod")


def test_a_build_that_is_killed_leaves_the_old_the_new_or_none_and_the_next_mends_it(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    builds = root / "amplify/build"
    states: list[set[str]] = []

    def check() -> None:
        texts = snapshot(builds / "dev").values()
        states.append({json.loads(text)["Description"].split()[1] for text in texts})
        assert len(texts) in (0, 3)
        FileProjects(root).write_build(sample.assembly("dev", marker="old"))
        assert [path.name for path in builds.iterdir()] == ["dev"]

    FileProjects(root).write_build(sample.assembly("dev", marker="old"))
    kill_at_every_step(
        lambda disk: FileProjects(root, disk).write_build(sample.assembly("dev", marker="new")), check
    )

    assert states.count(set()) == 1
    assert all(state in ({"old"}, {"new"}, set()) for state in states)
    assert snapshot(builds / "dev")["root.json"] == b'{"Description": "root new"}'


def test_a_move_that_is_refused_puts_the_old_build_back(tmp_path: Path) -> None:
    class Refusing(Disk):
        def move(self, source: Path, target: Path) -> None:
            if source.name.endswith(".new"):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            super().move(source, target)

    root = sample.write(tmp_path)
    FileProjects(root).write_build(sample.assembly("dev", marker="old"))
    with pytest.raises(ProjectError) as caught:
        FileProjects(root, Refusing()).write_build(sample.assembly("dev", marker="new"))

    assert "amplify/build/dev: It cannot be written: Permission denied." in caught.value.why
    assert snapshot(root / "amplify/build/dev")["root.json"] == b'{"Description": "root old"}'
