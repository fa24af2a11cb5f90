"""`db restore`: a snapshot that exists, written where the next push finds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.commands.database.restore import restore
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.model.database_reports import DatabaseSnapshot
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.synth import assemble
from tests.fakes import sample
from tests.fakes.snapshots import FakeSnapshots

FOUND = FakeSnapshots(
    (
        DatabaseSnapshot("last", "sample-dev", None, "17.7", "available"),
        DatabaseSnapshot("growing", "sample-dev", None, "17.7", "creating"),
    )
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def editor(root: Path) -> ProjectEditor:
    projects = FileWorkspace(root)
    return ProjectEditor(projects, projects.read("dev"))


def test_the_environment_remembers_the_snapshot_and_no_other_one_does(root: Path) -> None:
    result = restore(editor(root), FOUND, "last", None)
    environments = root / "amplify/environments"
    parameters = json.loads((environments / "dev.json").read_text())["parameters"]
    assert parameters == {"rds": {"cluster": {"SnapshotIdentifier": "last"}}}
    assert "last" not in (environments / "prod.json").read_text()
    assert any("--allow-data-loss rds/cluster" in note for note in result.notes)


def test_a_restored_cluster_states_nothing_that_its_snapshot_decides(sample_project: Path) -> None:
    """AWS refuses a master user with a snapshot, and encryption with one that is encrypted."""

    def cluster() -> dict[str, object]:
        child = assemble(FileWorkspace(sample_project).read("dev")).child(
            ResourceId("rds", "accountsCluster")
        )
        assert child is not None
        stated: dict[str, object] = child.template.body["Resources"]["RDSCluster"]["Properties"]
        return stated

    decided = {"MasterUsername", "StorageEncrypted"}
    assert decided <= cluster().keys()
    restore(editor(sample_project), FOUND, "last", None)
    assert cluster()["SnapshotIdentifier"] == "last"
    assert not decided & cluster().keys()


@pytest.mark.parametrize(
    ("name", "words"), [("lost", "There is no snapshot lost"), ("growing", "it is creating")]
)
def test_what_cannot_be_restored_changes_nothing(root: Path, name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        restore(editor(root), FOUND, name, None)
    assert "parameters" not in json.loads((root / "amplify/environments/dev.json").read_text())


def test_a_template_of_the_projects_own_decides_itself(root: Path) -> None:
    template = root / "amplify/backend/rds/cluster/template.json"
    template.write_text('{"Resources": {"A": {"Type": "AWS::RDS::DBCluster", "Properties": {}}}}')
    with pytest.raises(UsageError, match="a template of its own"):
        restore(editor(root), FOUND, "last", None)
