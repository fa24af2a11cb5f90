"""What every project answers, on disk and in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import AccountsctlError, UsageError
from accountsctl.ports.projects import Projects, Workspace
from tests.fakes import sample
from tests.fakes.projects import FakeProjects


@pytest.fixture(params=["files", "workspace", "fake"])
def projects(request: pytest.FixtureRequest, tmp_path: Path) -> Projects:
    on_disk = FileProjects(sample.write(tmp_path))
    if request.param == "workspace":
        return FileWorkspace(tmp_path)
    if request.param == "files":
        return on_disk
    reading = on_disk.read("dev")
    return FakeProjects(
        sample.backend(),
        [sample.environment("dev"), sample.environment("prod")],
        sources=reading.project.sources,
        templates=reading.project.templates,
        name="sample",
    )


def test_environments_are_sorted(projects: Projects) -> None:
    assert projects.environments() == ("dev", "prod")


def test_an_environment_is_read_by_name(projects: Projects) -> None:
    assert projects.environment("prod").cloud is Cloud.AWS
    assert projects.environment("dev").stack_name == "sample-dev"


@pytest.mark.parametrize("name", ["staging", "../dev", ""])
def test_an_environment_that_is_not_there_is_refused_with_those_that_are(
    projects: Projects, name: str
) -> None:
    with pytest.raises(UsageError) as caught:
        projects.environment(name)

    assert caught.value.what == f'There is no environment "{name}".'
    assert "dev, prod" in caught.value.why


def test_a_misspelled_environment_is_answered_with_the_nearest(projects: Projects) -> None:
    with pytest.raises(UsageError) as caught:
        projects.environment("prd")
    assert caught.value.hint == 'Did you mean "prod"?'


def test_nothing_is_checked_out_at_first(projects: Projects) -> None:
    assert projects.checked_out() is None
    with pytest.raises(AccountsctlError, match="No environment is checked out") as caught:
        projects.read()
    assert caught.value.exit_code == 2
    assert "env checkout" in caught.value.hint


def test_what_is_checked_out_is_what_is_read(projects: Projects) -> None:
    projects.check_out("prod")

    assert projects.checked_out() == "prod"
    assert projects.read().project.environment.name == "prod"
    assert projects.read("dev").project.environment.name == "dev"


def test_checking_out_what_is_not_there_changes_nothing(projects: Projects) -> None:
    projects.check_out("dev")
    with pytest.raises(UsageError):
        projects.check_out("staging")

    assert projects.checked_out() == "dev"


def test_a_reading_is_the_whole_project(projects: Projects) -> None:
    reading = projects.read("dev")

    assert reading.faults == ()
    assert reading.unsound == frozenset()
    assert reading.project.name == "sample"
    assert reading.project.backend == sample.backend()
    assert reading.project.sources[sample.CLUSTER].parameters == {"DBUsername": "owner"}
    assert list(reading.project.sources[sample.CLUSTER].others) == ["schema/001_first.sql"]
    assert list(reading.project.sources[sample.WORK].code) == ["index.py"]


def test_a_build_is_written_root_first(projects: Projects) -> None:
    paths = projects.write_build(sample.assembly("dev"))

    assert list(paths) == [
        "amplify/build/dev/root.json",
        "amplify/build/dev/rds/cluster.json",
        "amplify/build/dev/function/work.json",
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The project on disk, which has no fake: whoever changes a project is tested on a real one."""
    return FileWorkspace(sample.write(tmp_path))


def test_an_edit_changes_what_is_read(workspace: Workspace) -> None:
    workspace.apply(Edit(files={"amplify/backend/function/work/src/index.py": b"changed = True\n"}))

    assert workspace.text("amplify/backend/function/work/src/index.py") == "changed = True\n"
    assert workspace.read("dev").project.sources[sample.WORK].code == {"index.py": b"changed = True\n"}


def test_a_rehearsal_reads_as_the_edit_would_and_changes_nothing(workspace: Workspace) -> None:
    path = "amplify/backend/function/work/src/new.py"

    reading = workspace.rehearse(Edit(files={path: b""}), "dev")

    assert list(reading.project.sources[sample.WORK].code) == ["index.py", "new.py"]
    assert not workspace.exists(path)
    assert workspace.text(path) is None
