"""A cloud that fails, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.recovery.cloud import recovery_cloud
from tests.local.recovery.project import SmallProject
from tests.local.recovery.world import RecoveryWorld, Truth


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecoveryWorld]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with recovery_cloud(monkeypatch.setenv) as cloud:
        yield RecoveryWorld(SmallProject(tmp_path / "shop"), cloud)


@pytest.fixture
def truth(world: RecoveryWorld) -> Truth:
    return Truth(world.cloud)
