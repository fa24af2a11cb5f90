"""One embedded cloud for all clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.clients.tools import REGION, Shell

Shells = Callable[[Path], Shell]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloudClient]:
    client = LocalCloudClient(tmp_path_factory.mktemp("clients") / "cloud")
    client.start()
    yield client
    client.stop()


@pytest.fixture
def shell(cloud: LocalCloudClient, tmp_path: Path) -> Shell:
    key, secret = cloud.credentials()
    return Shell(
        tmp_path,
        {
            "AWS_ENDPOINT_URL": cloud.start().url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        },
    )
