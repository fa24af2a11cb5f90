"""The embedded cloud over which the adapters of AWS are held to their contracts.

It is one real process for each worker, started by the first suite that asks for it. Suites leave it running, and
name what they create so that no other suite meets it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.local_cloud import EmbeddedCloud

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Credentials and clients of an embedded cloud."""
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("contract") / "amplify" / ".local", lambda _: None)
    yield Session(REGION, endpoint=cloud.start(), key=cloud.credentials())
    cloud.stop()
