"""A project on disk: found, and read with all its faults."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects, find_root
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ResourceId
from tests.fakes import sample
from tests.fakes.sample import CLUSTER, WORK
from tests.functional.project_files import snapshot

RDS = "amplify/backend/rds/cluster"
FUNCTION = "amplify/backend/function/work"


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in FileProjects(root).read("dev").faults]


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


def test_an_unknown_resource_is_nowhere_read_from(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"amplify/backend/rds/other/parameters.json": "{"})

    assert faults(root) == []
    assert ResourceId("rds", "other") not in FileProjects(root).read("dev").project.sources
