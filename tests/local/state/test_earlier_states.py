"""States of the sample with one account that earlier versions wrote are read: its stacks, its function, its API.

`tests/data/states` has one of each format, as it was on disk, under the commit that wrote it. Their databases are not
among them.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import service_clients

pytestmark = pytest.mark.slow

STATES = Path(__file__).parents[2] / "data" / "states"
STACK = "accounts-dev"


@pytest.fixture(params=sorted(STATES.glob("*.tar.gz")), ids=lambda path: path.name)
def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalCloudClient]:
    """A cloud on such a state, for which its user vouches."""
    data = tmp_path / ".local"
    data.mkdir()
    with tarfile.open(request.param) as archive:
        archive.extractall(data, filter="data")
    client = LocalCloudClient(data)
    assert client.trust()
    yield client
    client.stop()


def test_everything_in_it_is_there_and_can_be_changed(cloud: LocalCloudClient) -> None:
    client = service_clients(cloud)
    formation = client("cloudformation")
    stacks = {stack["StackName"]: stack["StackStatus"] for stack in formation.describe_stacks()["Stacks"]}
    assert stacks[STACK] == "UPDATE_COMPLETE"
    assert len(stacks) == 5

    (function,) = client("lambda").list_functions()["Functions"]
    assert client("lambda").get_function(FunctionName=function["FunctionName"])["Code"]
    (cluster,) = client("rds").describe_db_clusters()["DBClusters"]
    assert cluster["Status"] == "available"
    assert cluster["HttpEndpointEnabled"]
    assert [api["name"] for api in client("apigateway").get_rest_apis()["items"]]

    client("ssm").put_parameter(Name="/later", Value="1", Type="String")
    cloud.stop()  # it is written in today's form
    assert client("ssm").get_parameter(Name="/later")["Parameter"]["Value"] == "1"
    formation = client("cloudformation")
    assert {s["StackName"] for s in formation.describe_stacks()["Stacks"]} == stacks.keys()
    assert formation.get_template(StackName=STACK)["TemplateBody"]["Resources"]["DeploymentBucket"]
