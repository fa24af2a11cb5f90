"""What is written into a project: a checkout, an edit, a build; all of it or nothing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.formats.edits import with_resource
from accountsctl.formats.layout import BACKEND_FILE
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import ProjectError
from accountsctl.model.names import ResourceId
from tests.fakes import sample
from tests.fakes.sample import CLUSTER
from tests.functional.project_files import LOCAL, snapshot


def test_checking_out_keeps_what_others_wrote_into_the_file(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {LOCAL: '{"projectPath": "/x", "envName": "dev", "defaultEditor": "code"}'})
    FileProjects(root).check_out("prod")

    assert (
        root / LOCAL
    ).read_text() == '{\n  "projectPath": "/x",\n  "envName": "prod",\n  "defaultEditor": "code"\n}'


def test_a_broken_local_file_is_told_and_checking_out_mends_it(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {LOCAL: '{"envName": '})
    with pytest.raises(ProjectError, match="fault") as caught:
        FileProjects(root).checked_out()
    assert "env checkout" in caught.value.hint

    FileProjects(root).check_out("dev")
    assert FileProjects(root).checked_out() == "dev"


def test_an_environment_that_is_not_sound_is_not_checked_out(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"amplify/environments/dev.json": "{"})
    with pytest.raises(ProjectError):
        FileProjects(root).check_out("dev")

    assert not (root / LOCAL).exists()


def edit_json(root: Path, path: str, change: Change) -> None:
    FileWorkspace(root).apply(Edit(json={path: change}))


def test_an_edit_keeps_order_indentation_unknown_keys_and_permissions(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"x.json": '{\n\t"z": [1, 2],\n\t"a": {"k": 1}\n}\n'})
    (root / "x.json").chmod(0o640)

    edit_json(root, "x.json", lambda value: value.update(n=True))

    assert (root / "x.json").read_text() == '{\n\t"z": [1, 2],\n\t"a": {"k": 1},\n\t"n": true\n}\n'
    assert (root / "x.json").stat().st_mode & 0o777 == 0o640


def marks_of_writing(path: Path) -> tuple[int, ...]:
    """What any write changes, the file's replacement too, and reading does not: the time of access would."""
    told = path.stat()
    return told.st_ino, told.st_mode, told.st_size, told.st_mtime_ns, told.st_ctime_ns


def test_an_edit_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    before = marks_of_writing(root / "backend-config.json")

    edit_json(root, "backend-config.json", lambda value: value.update(value))
    assert marks_of_writing(root / "backend-config.json") == before


def test_an_edit_starts_a_file_that_is_not_there_and_refuses_a_broken_one(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"bad.json": "{", "list.json": "[]"})
    edit_json(root, "new/x.json", lambda value: value.update(ä=1))
    assert (root / "new/x.json").read_text(encoding="utf-8") == '{\n  "ä": 1\n}\n'

    for name in ("bad.json", "list.json"):
        with pytest.raises(ProjectError):
            edit_json(root, name, lambda value: value.clear())
    assert (root / "bad.json").read_text() == "{"


@pytest.mark.parametrize("path", ["../x.json", "out/x.json"])
def test_nothing_is_written_outside_the_project(tmp_path: Path, path: str) -> None:
    root = sample.write(tmp_path / "project")
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(ProjectError, match="fault"):
        edit_json(root, path, lambda value: value.update(a=1))

    assert not (tmp_path / "x.json").exists()


def test_a_build_replaces_what_was_there_and_removes_what_is_stale(tmp_path: Path) -> None:
    projects = FileProjects(sample.write(tmp_path))
    projects.write_build(sample.assembly("dev"))
    projects.write_build(sample.assembly("dev", marker="two", resources=(CLUSTER,)))

    written = snapshot(tmp_path / "amplify/build")
    assert sorted(written) == ["dev/rds/cluster.json", "dev/root.json"]
    assert json.loads(written["dev/root.json"]) == {"Description": "root two"}
    assert [path.name for path in (tmp_path / "amplify/build").iterdir()] == ["dev"]


def test_a_build_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    projects = FileProjects(sample.write(tmp_path))
    projects.write_build(sample.assembly("dev"))
    before = marks_of_writing(tmp_path / "amplify/build/dev/root.json")
    projects.write_build(sample.assembly("dev"))

    assert marks_of_writing(tmp_path / "amplify/build/dev/root.json") == before


def test_edits_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    every = threading.Barrier(6)

    def add(number: int) -> None:
        every.wait()
        change = with_resource(ResourceId("custom", f"queue{number}"), {"service": "CloudFormation"})
        FileWorkspace(root).apply(Edit(json={BACKEND_FILE: change}))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    backend = json.loads((root / BACKEND_FILE).read_text())
    assert sorted(backend["custom"]) == [f"queue{number}" for number in range(6)]


def test_two_builds_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    writers = [
        threading.Thread(
            target=FileProjects(root).write_build, args=(sample.assembly("dev", marker=str(number)),)
        )
        for number in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    written = [
        json.loads(text)["Description"].split()[1] for text in snapshot(root / "amplify/build").values()
    ]
    assert len(written) == 3
    assert len(set(written)) == 1
