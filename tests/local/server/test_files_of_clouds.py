"""What commands read of embedded clouds from their files, at any moment: other processes write them meanwhile."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from accountsctl.localcloud import registry
from accountsctl.localcloud.client import LocalCloudClient, LocalCloudError
from accountsctl.localcloud.daemon_link import DaemonLink
from accountsctl.localcloud.server import daemon


def test_logs_are_those_of_the_services_and_no_files_of_packages_or_databases(tmp_path: Path) -> None:
    logs = ("cloud.log", "apis/abc.log", "functions/logs/f.log", "postgres/db-1/server.log")
    others = (
        "functions/code/f/node_modules/p/f.log",
        "postgres/db-1/data/base/x.log",
        "functions/logs/f.log.1",
    )
    for name in (*logs, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert LocalCloudClient(tmp_path).logs() == [tmp_path / name for name in logs]


def test_a_folder_of_the_list_that_is_being_written_or_removed_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    registry.remember(tmp_path)
    folder = tmp_path / "accountsctl/clouds"
    (folder / ".entry.123").write_text("")  # of a process that was killed while it wrote
    (folder / "removed").symlink_to(tmp_path / "nowhere")
    assert list(registry.known()) == [tmp_path]


def test_the_lock_is_taken_although_a_command_looks_at_it_at_that_moment(tmp_path: Path) -> None:
    looking = os.open(tmp_path / "daemon.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(looking, fcntl.LOCK_SH)
    timer = threading.Timer(0.05, os.close, [looking])
    timer.start()
    os.close(daemon.lock(tmp_path))
    timer.join()


def test_the_lock_of_a_daemon_that_lives_is_not_taken(tmp_path: Path) -> None:
    held = daemon.lock(tmp_path)
    with pytest.raises(daemon.Busy):
        daemon.lock(tmp_path)
    os.close(held)


def test_a_cloud_that_ends_during_a_call_is_the_reason(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t")
    with pytest.raises(
        LocalCloudError, match=r"The embedded cloud did not answer status: .*refused"
    ) as raised:
        DaemonLink(tmp_path).call("http://127.0.0.1:1", "GET", "status")
    assert str(tmp_path / "cloud.log") in raised.value.hint
