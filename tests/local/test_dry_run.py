"""`push --dry-run` of an environment whose embedded cloud was used and does not run: it changes nothing anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.local.processes import ends
from tests.local.project import COMMAND, Done, LocalProject

pytestmark = pytest.mark.slow

TYPE = "AWS::SSM::Parameter"
TEMPLATE = "amplify/backend/custom/setting/template.json"
DRY_RUN = ("push", "--dry-run", "--exit-code", "--json")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """One parameter, pushed; the embedded cloud is stopped."""
    made = LocalProject(tmp_path / "shop")
    environment = {"cloud": "local", "region": "eu-west-1", "stackName": "shop-dev"}
    write(made, "amplify/.config/project-config.json", {"projectName": "shop", "version": "1"})
    write(made, "amplify/environments/dev.json", environment)
    write(made, "backend-config.json", {"custom": {"setting": {"service": "Custom", "dependsOn": []}}})
    write_setting(made, "one")
    made.run("env", "checkout", "dev")
    made.run("push", "--yes")
    made.run("local", "stop")
    yield made
    made.run("local", "stop")


def write(project: LocalProject, file: str, content: Mapping[str, Any]) -> None:
    path = project.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def write_setting(project: LocalProject, value: str, name: str = "/shop/setting") -> None:
    properties = {"Name": name, "Type": "String", "Value": value}
    write(project, TEMPLATE, {"Resources": {"Setting": {"Type": TYPE, "Properties": properties}}})


def local_files(project: LocalProject) -> dict[str, str]:
    """Everything that the embedded cloud keeps."""
    folder = project.root / "amplify/.local"
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def dry_run(project: LocalProject, expect: int) -> Done:
    """A dry run, which starts nothing and leaves every file as it is."""
    before = local_files(project)
    done = project.run(*DRY_RUN, expect=expect)
    assert not project.cloud()["running"]
    assert local_files(project) == before
    return done


def test_what_is_deployed_is_read_from_what_was_saved(project: LocalProject) -> None:
    assert not dry_run(project, 0).json["changed"]
    write_setting(project, "two")
    (change,) = [it for it in dry_run(project, 10).json["changes"] if it["action"] != "none"]
    (value,) = change["properties"]
    assert (value["before"], value["after"]) == ("one", "two")
    project.run("push", "--yes")
    project.run("local", "stop")
    assert not dry_run(project, 0).json["changed"]


def test_a_damaged_state_is_left_where_it_is_and_the_one_before_is_read(project: LocalProject) -> None:
    write_setting(project, "two")
    state = project.root / "amplify/.local/state"
    state.write_bytes(state.read_bytes()[:-10])
    assert dry_run(project, 10).json["changed"]
    (project.root / "amplify/.local/state.previous").unlink()
    assert "accountsctl local trust" in dry_run(project, 3).out


def test_an_operation_that_a_kill_cut_off_is_reported_and_not_brought_to_its_end(
    project: LocalProject,
) -> None:
    project.run("local", "delay", TYPE, "600")
    write_setting(project, "two", name="/shop/other")
    with subprocess.Popen(
        [COMMAND, "push", "--yes"], cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as push:
        while project.run("status", "--json").json["stackStatus"] != "UPDATE_IN_PROGRESS":
            assert push.poll() is None
        daemon = project.cloud()["pid"]
        os.kill(daemon, signal.SIGKILL)
        assert ends(daemon)
        push.kill()
    assert "UPDATE_IN_PROGRESS" in dry_run(project, 3).out
    project.run("push", "--yes")
    project.run("local", "stop")
    assert not dry_run(project, 0).json["changed"]
