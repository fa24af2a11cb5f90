"""One embedded cloud, a real process, for the tests of this folder. They leave it running and usable."""

import boto3
import pytest
from botocore.config import Config

from accountsctl.local.cloud import LocalCloud

REGION = "eu-west-1"
POOL = {
    "userPoolId": "eu-west-1_Imported1",
    "userPoolName": "mfeaccounts",
    "clientId": "1example23456789nativeapp",
    "webClientId": "1example23456789webclient",
    "identityPoolId": "eu-west-1:11111111-2222-3333-4444-555555555555",
}


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    made = LocalCloud(tmp_path_factory.mktemp("project") / "amplify" / ".local")
    made.ensure_pool(REGION, POOL)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def client(cloud):
    """Gives a boto3 client of a service on the running cloud, wherever it listens now."""
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name=REGION)
    once = Config(retries={"total_max_attempts": 1})
    return lambda service: session.client(service, endpoint_url=cloud.start().url, config=once)


@pytest.fixture
def pool():
    return POOL


@pytest.fixture
def demo(cloud):
    return cloud.demo_user()
