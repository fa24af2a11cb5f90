"""The embedded clouds that run are found from anywhere, and each stays where it listened."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.daemon_link import DaemonLink
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LocalProject, LocalProject]]:
    """Two projects of a user who has no other cloud."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(LocalProject(tmp_path / name))
        made[-1].run("init", name)
    yield made[0], made[1]
    for project in made:
        if project.root.is_dir():
            project.run("local", "stop")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_those_that_run_are_listed_and_stopped_from_any_folder(
    projects: tuple[LocalProject, LocalProject], tmp_path: Path
) -> None:
    one, two = projects
    elsewhere = LocalProject(tmp_path)
    assert elsewhere.run("local", "list", "--json").json == {"clouds": []}
    endpoints = [project.run("local", "start").out.strip() for project in projects]
    listed = elsewhere.run("local", "list", "--json").json["clouds"]
    assert [cloud["endpoint"] for cloud in listed] == endpoints
    assert [cloud["dataDir"] for cloud in listed] == [str(p.root / "amplify/.local") for p in projects]
    assert all(cloud["memory"] > 50e6 for cloud in listed)

    one.run("local", "stop")
    shutil.rmtree(one.root)  # a folder that is gone leaves the list
    stopped = elsewhere.run("local", "stop", "--all", "--json").json
    assert stopped == {"stopped": True, "dataDirs": [str(two.root / "amplify/.local")]}
    assert two.run("local", "status", "--json").json["running"] is False
    assert "No embedded cloud runs." in elsewhere.run("local", "list").err
    entries = list((tmp_path / "data/accountsctl/clouds").iterdir())
    assert [entry.read_text() for entry in entries] == [str(two.root / "amplify/.local")]


def test_a_cloud_listens_where_it_was_told_and_says_when_it_had_to_move(
    projects: tuple[LocalProject, LocalProject],
) -> None:
    one, two = projects
    port = free_port()
    assert one.run("local", "start", "--port", str(port)).out.strip() == f"http://127.0.0.1:{port}"
    said = one.run("local", "start", "--idle-stop", "90").err
    assert "stops when nothing calls it for 90 min" in said
    assert one.run("local", "list", "--json").json["clouds"][0]["idleStop"] == 90
    assert "--idle-stop soon is not" in one.run("local", "start", "--idle-stop", "soon", expect=2).err
    assert "--idle-stop 0 is not" in one.run("local", "start", "--idle-stop", "0", expect=2).err
    assert "Stop it first" in one.run("local", "start", "--port", str(free_port()), expect=3).err
    assert f"Port {port} cannot be used" in two.run("local", "start", "--port", str(port), expect=3).err
    one.run("local", "stop")
    idle = LocalCloudClient(two.root / "amplify" / ".local")
    url = idle.start().url
    idle.stop_when_idle(0)
    assert DaemonLink(two.root / "amplify" / ".local").wait_until_gone(30)
    assert idle.endpoint() is None
    log = (two.root / "amplify/.local/cloud.log").read_text()
    assert "nothing called it for 0 min, stopping" in log
    idle.stop_when_idle(None)
    assert idle.start().url == url
    idle.stop()
    again = one.run("local", "start")
    assert again.out.strip() == f"http://127.0.0.1:{port}"
    assert "the last time" not in again.err
    one.run("local", "stop")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = one.run("local", "start")
        assert moved.out.strip() != f"http://127.0.0.1:{port}"
        assert f"the last time it was port {port}" in moved.err
