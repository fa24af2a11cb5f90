"""A disk that is full: calls get an error at once, nothing hangs, and everything works when there is room again."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.contracts.reporting import report

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """No file of the process can grow: what it writes fails as on a full disk, its own log included."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def ssm(cloud: LocalCloudClient) -> Any:
    once = Config(retries={"mode": "standard", "total_max_attempts": 3}, read_timeout=20)
    session: Any = boto3.Session(*cloud.credentials(), region_name="eu-west-1")
    return session.client("ssm", endpoint_url=cloud.start().url, config=once)


@pytest.mark.slow
def test_a_full_disk_is_an_error_of_the_call_and_nothing_is_lost(tmp_path: Path) -> None:
    cloud = LocalCloudClient(tmp_path / "state")
    pid = cloud.start().pid
    client = ssm(cloud)
    try:
        client.put_parameter(Name="before", Value="1", Type="String")
        with full_disk(pid):
            for name in ("during", "again"):
                with pytest.raises(ClientError) as refused:
                    client.put_parameter(Name=name, Value="1", Type="String")
                assert refused.value.response["Error"]["Code"] == "InsufficientStorage"
                assert "Free some space" in refused.value.response["Error"]["Message"]
            assert client.get_parameter(Name="before")["Parameter"]["Value"] == "1"
            assert cloud.status()["running"]
        client.put_parameter(Name="after", Value="1", Type="String")
        os.kill(pid, signal.SIGKILL)
        client = ssm(cloud)
        names = ["before", "during", "again", "after"]
        assert len(client.get_parameters(Names=names)["Parameters"]) == len(names)
        assert not list((tmp_path / "state").glob(".state.*"))
    finally:
        cloud.stop()


class FullFile(io.StringIO):
    """A log on a full disk."""

    def write(self, text: str, /) -> int:
        raise OSError(errno.ENOSPC, f"No space left on device for {len(text)} characters")


def test_a_report_that_cannot_be_written_raises_nothing() -> None:
    with contextlib.redirect_stderr(FullFile()):
        report("something")
