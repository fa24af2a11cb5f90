"""Another user of the machine reaches the port, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient

pytestmark = pytest.mark.slow

UNPRIVILEGED = 65534
PYTHON = "/usr/bin/python3"  # one that every user may run: ours can be in a closed folder
SCRIPT = """
import http.client, json, os, sys, urllib.parse
place, data = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2]

def send(method, path, credential=None, body=""):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if credential:
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credential}/20260101/eu-west-1/iam/aws4_request, "
            "SignedHeaders=host, Signature=" + "0" * 64
        )
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    connection.request(method, path, body, headers)
    return connection.getresponse().status

def opened(path):
    try:
        os.listdir(path) if path == data else open(path).close()
        return True
    except PermissionError:
        return False

call = "Action=CreateUser&UserName=mine&Version=2010-05-08"
keys = [None, "accountsctl", "INTERNAL", "COMMAND_LINE", "AKIAIOSFODNN7EXAMPLE"]
print(json.dumps({
    "user": os.getuid(),
    "posts": [send("POST", "/", key, call) for key in keys],
    "links": [send("GET", "/?" + call + "&X-Amz-Credential=AKIAX/20260101/eu-west-1/iam/aws4_request")],
    "control": [send("POST", "/_accountsctl/shutdown"), send("GET", "/_accountsctl/status")],
    "opened": [name for name in ("", "secret", "token", "state") if opened(os.path.join(data, name) if name else data)],
}))
"""


@pytest.fixture
def cloud() -> Iterator[LocalCloudClient]:
    """A cloud whose folder stands where every user may go."""
    if os.geteuid() != 0:
        pytest.skip("only root may run a program as another user")
    if not Path(PYTHON).exists():
        pytest.skip("there is no Python that every user may run")
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        made = LocalCloudClient(Path(base) / ".local")
        yield made
        made.stop()


def test_another_user_is_refused_everywhere(cloud: LocalCloudClient) -> None:
    url = cloud.start().url
    data = str(cloud.status()["dataDir"])
    run = subprocess.run(
        [PYTHON, "-I", "-c", SCRIPT, url, data],
        user=UNPRIVILEGED,
        group=UNPRIVILEGED,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "user": UNPRIVILEGED,
        "posts": [403] * 5,
        "links": [403],
        "control": [403, 403],
        "opened": [],
    }
    assert cloud.status()["running"]


def test_no_file_of_the_folder_is_open_to_others(cloud: LocalCloudClient) -> None:
    cloud.start()
    data = Path(str(cloud.status()["dataDir"]))
    assert data.stat().st_mode & 0o077 == 0
    assert shutil.disk_usage(data).total > 0
