"""A project on disk: found, read with all its faults, and written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.disk import Disk
from accountsctl.adapters.project_files.store import FileProjects, find_root
from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.formats.edits import with_resource
from accountsctl.formats.layout import BACKEND_FILE
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ResourceId
from tests.fakes import sample
from tests.fakes.sample import CLUSTER, WORK

RDS = "amplify/backend/rds/cluster"
FUNCTION = "amplify/backend/function/work"
LOCAL = "amplify/.config/local-env-info.json"


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in FileProjects(root).read("dev").faults]


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()
    }


@pytest.mark.parametrize("below", [".", "amplify", "amplify/backend", f"{FUNCTION}/src"])
def test_the_root_is_found_from_anywhere_below(tmp_path: Path, below: str) -> None:
    root = sample.write(tmp_path)

    assert find_root(root / below) == root.resolve()


@pytest.mark.parametrize("below", [".", "amplify/backend", FUNCTION])
def test_a_gen_1_project_keeps_its_backend_config_below(tmp_path: Path, below: str) -> None:
    root = sample.write(tmp_path)
    (root / "backend-config.json").rename(root / "amplify/backend/backend-config.json")

    assert find_root(root / below) == root.resolve()
    assert FileProjects(root).read("dev").project.backend.source == "amplify/backend/backend-config.json"


def test_where_there_is_no_project_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_root(tmp_path)

    assert "-C DIR" in caught.value.hint


def test_broken_files_hide_no_fault_of_another(tmp_path: Path) -> None:
    root = sample.write(
        tmp_path,
        {
            "backend-config.json": """{
  "rds": {"cluster": {"service": "RDSCluster", "dependsOn": [{"category": "function", "resourceName": "work"}]}},
  "function": {
    "work": {"service": "Lambda", "dependsOn": [{"category": "rds", "resourceName": "cluster"},
      {"category": "rds", "resourceName": "gone"}]},
    "../x": {"service": "Lambda"},
    "work": {"service": "Lambda"}
  }
}""",
            f"{RDS}/parameters.json": '{"a": 1\n"b": 2}',
            f"{FUNCTION}/parameters.json": '{"a": 1,\n"a": 2}',
            "amplify/environments/dev.json": sample.FILES["amplify/environments/dev.json"][:-2]
            + ',\n"parameters": {"rds": {"clutser": {}}}}',
        },
    )
    before = snapshot(root)
    told = faults(root)

    assert [each.split(": ")[0] for each in told] == [
        f"{FUNCTION}/parameters.json:2",
        f"{RDS}/parameters.json:1",
        "amplify/environments/dev.json:2",
        "backend-config.json:4",
        "backend-config.json:5",
        "backend-config.json:6",
        "backend-config.json:7",
    ]
    assert any("rds/cluster -> function/work -> rds/cluster" in each for each in told)
    assert FileProjects(root).read("dev").unsound == {CLUSTER, WORK}
    assert snapshot(root) == before


def test_a_backend_config_that_lost_its_end_hides_no_fault_of_another_file(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"backend-config.json": '{"rds": {', f"{RDS}/parameters.json": "[1,]"})

    told = faults(root)

    assert any(each.startswith(f"{RDS}/parameters.json:1: A comma") for each in told)
    assert any(each.startswith("backend-config.json:1: A } was expected") for each in told)


def test_an_unsound_environment_is_refused_together_with_all_other_faults(tmp_path: Path) -> None:
    root = sample.write(
        tmp_path, {"amplify/environments/dev.json": "{}", f"{RDS}/parameters.json": '{"password": "hunter2"}'}
    )
    with pytest.raises(ProjectError) as caught:
        FileProjects(root).read("dev")

    assert '"region" is missing' in caught.value.why
    assert "looks like a secret" in caught.value.why
    assert "hunter2" not in caught.value.why


@pytest.mark.parametrize(
    ("mutate", "fault"),
    [
        (lambda root: (root / FUNCTION / "src/index.py").unlink(), "There is no code for function/work."),
        (lambda root: (root / RDS / "parameters.json").write_text("[]"), "The parameters must be an object."),
        (
            lambda root: (root / RDS / "parameters.json").write_bytes(b'{\n"a": "\xff"}'),
            ":2: It is not UTF-8.",
        ),
        (
            lambda root: [
                (root / RDS / name).write_text("{}") for name in ("template.json", "my-template.yaml.j2")
            ],
            "more than one template: my-template.yaml.j2, template.json.",
        ),
        (lambda root: (root / RDS / "template.json").write_text('{\n"a": 1,}'), "template.json:2: A comma"),
        (
            lambda root: (root / RDS / "schema/002.sql").write_bytes(b"\xff"),
            "schema/002.sql:1: It is not UTF-8.",
        ),
        (
            lambda root: (root / RDS / "schema/002.sql").symlink_to("/etc/hosts"),
            "It leads out of the project.",
        ),
        (lambda root: (root / FUNCTION / "src/up").symlink_to(root.parent), "It leads out of the project."),
        (
            lambda root: (root / FUNCTION / "src/loop").symlink_to("."),
            "It is a link to a folder that it stands in.",
        ),
        (
            lambda root: (root / FUNCTION / "src/gone").symlink_to("nowhere"),
            "It cannot be read: No such file",
        ),
        (lambda root: (root / FUNCTION / "src/a").symlink_to("a"), "It cannot be read: Too many levels"),
        (lambda root: os.mkfifo(root / RDS / "pipe"), "It is not a file."),
    ],
)
def test_a_resource_whose_files_are_at_fault_is_unsound(
    tmp_path: Path, mutate: Callable[[Path], object], fault: str
) -> None:
    root = sample.write(tmp_path / "project")
    mutate(root)
    reading = FileProjects(root).read("dev")

    assert len(reading.faults) == 1
    assert fault in str(reading.faults[0])
    assert len(reading.unsound) == 1
    assert reading.unsound.isdisjoint(reading.project.sources)


def test_a_resource_folder_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    (root / RDS / "schema/001_first.sql").unlink()
    (root / RDS / "schema").rmdir()
    (root / RDS / "schema").symlink_to(tmp_path / "elsewhere")

    assert faults(root) == [f"{RDS}/schema: It leads out of the project."]


def test_a_folder_that_is_a_link_to_itself_is_told(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    (root / FUNCTION / "src/index.py").unlink()
    (root / FUNCTION / "src").rmdir()
    (root / FUNCTION / "src").symlink_to("src")

    assert faults(root) == [f"{FUNCTION}/src: It is not a folder."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize(
    "name", [f"{RDS}/parameters.json", RDS, "backend-config.json", "amplify/environments"]
)
def test_what_may_not_be_read_is_told(tmp_path: Path, name: str) -> None:
    root = sample.write(tmp_path)
    (root / name).chmod(0)
    try:
        with pytest.raises(ProjectError) as caught:
            raise ProjectError(FileProjects(root).read("dev").faults)
    finally:
        (root / name).chmod(0o755)

    assert "cannot be read: Permission denied." in caught.value.why


def test_links_within_the_project_are_followed(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"shared/util.py": "pass\n"})
    (root / FUNCTION / "src/shared").symlink_to(root / "shared")

    assert sorted(FileProjects(root).read("dev").project.sources[WORK].code) == ["index.py", "shared/util.py"]


def test_code_is_bytes_without_what_tools_leave_behind(tmp_path: Path) -> None:
    root = sample.write(
        tmp_path,
        {
            f"{FUNCTION}/src/__pycache__/index.pyc": "x",
            f"{FUNCTION}/src/.cache/x": "x",
            f"{FUNCTION}/src/node_modules/a/index.js": "x",
            f"{FUNCTION}/src/lib/a.py": "x\r\n",
            f"{FUNCTION}/dist/latest-build.zip": "x",
            f"{FUNCTION}/custom-policies.json": "[]",
        },
    )
    source = FileProjects(root).read("dev").project.sources[WORK]

    assert list(source.code) == ["index.py", "lib/a.py", "node_modules/a/index.js"]
    assert source.code["lib/a.py"] == b"x\r\n"
    assert dict(source.others) == {"custom-policies.json": "[]"}


def test_a_resource_may_bring_its_template_and_with_it_need_no_code(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {f"{FUNCTION}/work-cloudformation-template.yaml.j2": "Resources: {}\n"})
    (root / FUNCTION / "src/index.py").unlink()
    source = FileProjects(root).read("dev").project.sources[WORK]

    assert source.template is not None
    assert source.template.file == f"{FUNCTION}/work-cloudformation-template.yaml.j2"


def test_the_projects_templates_lie_over_the_packages(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"templates/_partials/mine.yaml.j2": "a: 1\n", "templates/page.html": "no"})
    ours = FileProjects(root).read("dev").project.templates
    name = next((each for each in ours if each != "_partials/mine.yaml.j2"), None)

    assert ours["_partials/mine.yaml.j2"].file == "templates/_partials/mine.yaml.j2"
    assert "page.html" not in ours
    assert name is not None
    assert ours[name].file == f"package:templates/{name}"
    sample.write(root, {f"templates/{name}": "a: 2\n"})
    assert FileProjects(root).read("dev").project.templates[name].text == "a: 2\n"


def test_without_a_name_a_project_is_called_as_its_folder_is(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "house")
    (root / "amplify/.config/project-config.json").unlink()

    assert FileProjects(root).read("dev").project.name == "house"


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


class Killed(BaseException):
    """The end of a process, as far as a test may have it."""


class DyingDisk(Disk):
    """A disk that stops at the `step`-th change, half a write included; nothing happens after that."""

    def __init__(self, step: int) -> None:
        self.left = step

    def _step(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Killed

    def write(self, path: Path, content: bytes) -> None:
        if self.left == 1:
            super().write(path, content[: len(content) // 2])
        self._step()
        super().write(path, content)

    def move(self, source: Path, target: Path) -> None:
        self._step()
        super().move(source, target)

    def set_mode(self, path: Path, mode: int) -> None:
        self._step()
        super().set_mode(path, mode)

    def make_folder(self, path: Path) -> None:
        self._step()
        super().make_folder(path)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


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


def test_an_unknown_resource_is_nowhere_read_from(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"amplify/backend/rds/other/parameters.json": "{"})

    assert faults(root) == []
    assert ResourceId("rds", "other") not in FileProjects(root).read("dev").project.sources
