"""The life of an embedded cloud: a real process with a folder of its own, and the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from accountsctl.adapters.aws.pools import CognitoPools
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.local_cloud import EmbeddedCloud
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.names import ResourceId
from accountsctl.ports.local_cloud import DebuggedFunction, LocalCloud, LocalCloudControls
from tests.fakes.local_cloud import FakeLocalCloud

USERS = ResourceId("auth", "users")
POOL = "eu-west-1_Imported1"
IMPORTED = {"UserPoolId": POOL, "AppClientID": "1native", "AppClientIDWeb": "1web"}
CLUSTER = "AWS::RDS::DBCluster"
DEV = Environment("dev", Cloud.LOCAL, "eu-west-1", "shop-dev", imported={"auth": {"users": IMPORTED}})


@dataclass(frozen=True)
class Installation:
    """A cloud, and whether it has a user pool."""

    cloud: LocalCloud
    has_pool: Callable[[str], bool]


def _embedded(folder: Path) -> Installation:
    cloud = EmbeddedCloud(folder, lambda _: None)

    def has_pool(pool_id: str) -> bool:
        session = Session(DEV.region, endpoint=cloud.start(), key=cloud.credentials())
        return CognitoPools(session).has_pool(pool_id)

    return Installation(cloud, has_pool)


def _fake() -> Installation:
    cloud = FakeLocalCloud()
    return Installation(cloud, lambda pool_id: pool_id == POOL and USERS in cloud.pools)


@pytest.fixture(params=["embedded", "fake"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    made = _fake() if request.param == "fake" else _embedded(tmp_path / "amplify" / ".local")
    yield made
    made.cloud.stop()


@pytest.fixture
def cloud(installation: Installation) -> LocalCloud:
    return installation.cloud


def test_a_cloud_that_was_not_started_does_not_run(cloud: LocalCloud) -> None:
    assert cloud.endpoint() is None
    status = cloud.status()
    assert sorted(status) == [
        *("contents", "dataDir", "endpoint", "idleStop", "pid", "running", "services", "trusted")
    ]
    assert (status["running"], status["endpoint"], status["pid"]) == (False, None, None)
    assert not cloud.stop()
    with pytest.raises(CloudError, match="does not run"):
        cloud.sleep(1)
    with pytest.raises(CloudError, match="does not run"):
        cloud.delay({CLUSTER: 300})


def test_a_cloud_is_started_once_and_ends_when_it_is_stopped(cloud: LocalCloud) -> None:
    endpoint = cloud.start()

    assert endpoint.startswith("http://127.0.0.1:")
    assert cloud.start() == cloud.endpoint() == endpoint
    status = cloud.status()
    assert (status["running"], status["endpoint"]) == (True, endpoint)
    assert isinstance(status["pid"], int)
    assert cloud.sleep(1) == []
    assert cloud.delay({CLUSTER: 300}) == {CLUSTER: 300}
    assert cloud.delay({}) == {CLUSTER: 300}
    assert cloud.delay({CLUSTER: 0}) == {}
    assert status["idleStop"] == 480
    cloud.stop_when_idle(90)
    assert cloud.status()["idleStop"] == 90
    cloud.stop_when_idle(None)
    assert cloud.status()["idleStop"] is None
    assert all(path.endswith(".log") for path in cloud.log_files())
    assert cloud.stop()
    assert cloud.endpoint() is None
    assert not cloud.stop()


@pytest.mark.slow
def test_an_imported_pool_exists_until_the_cloud_is_reset(installation: Installation) -> None:
    cloud = installation.cloud
    cloud.ensure_pool(DEV, USERS)
    cloud.ensure_pool(DEV, USERS)

    assert cloud.endpoint() is not None
    assert installation.has_pool(POOL)
    cloud.reset()
    assert cloud.endpoint() is None
    assert not installation.has_pool(POOL)


def test_the_demo_user_is_the_same_every_time(cloud: LocalCloud) -> None:
    name, password = cloud.demo_user()

    assert (name, password) == cloud.demo_user()
    assert name == "demo"
    assert len(password) > 8


@pytest.mark.slow
def test_only_a_folder_that_exists_can_be_trusted(cloud: LocalCloud) -> None:
    assert not cloud.trust()
    cloud.start()
    assert cloud.trust()


def test_the_credentials_are_the_same_every_time(cloud: LocalCloud) -> None:
    assert cloud.credentials() == cloud.credentials()
    assert all(cloud.credentials())


def test_no_function_of_a_cloud_that_does_not_run_is_debugged(cloud: LocalCloudControls) -> None:
    orders = DebuggedFunction("orders", "orders-dev", DEV.region, 5678)
    with pytest.raises(CloudError, match="does not run"):
        cloud.debug([orders], on=True)
