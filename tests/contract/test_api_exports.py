"""What a stage of API Gateway serves, exported from the embedded cloud and from memory."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accountsctl.adapters.aws.api_exports import AwsApiExports
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from accountsctl.ports.api_exports import ApiExports
from tests.fakes.api_exports import FakeApiExports


@dataclass(frozen=True)
class Deployed:
    """A port, and the id of an API whose stage `dev` serves GET /a."""

    port: ApiExports
    api: str


def _deployed(session: Session) -> Deployed:
    client = session.client("apigateway")
    api = client.create_rest_api(name="contract")["id"]
    (root,) = client.get_resources(restApiId=api)["items"]
    resource = client.create_resource(restApiId=api, parentId=root["id"], pathPart="a")["id"]
    client.put_method(restApiId=api, resourceId=resource, httpMethod="GET", authorizationType="NONE")
    client.put_integration(
        restApiId=api,
        resourceId=resource,
        httpMethod="GET",
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
    )
    client.create_deployment(restApiId=api, stageName="dev")
    return Deployed(AwsApiExports(session), api)


@pytest.fixture(params=["embedded", "fake"])
def deployed(request: pytest.FixtureRequest) -> Deployed:
    if request.param == "fake":
        return Deployed(FakeApiExports(), "abc")
    return _deployed(request.getfixturevalue("session"))


def test_a_stage_is_exported_as_an_openapi_document(deployed: Deployed) -> None:
    document = deployed.port.export(deployed.api, "dev")

    assert document["openapi"].startswith("3.0")
    assert list(document["paths"]) == ["/a"]
    assert "get" in document["paths"]["/a"]


@pytest.mark.parametrize("stage", ["prod", "DEV"])
def test_a_stage_that_does_not_exist_is_an_error(deployed: Deployed, stage: str) -> None:
    with pytest.raises(CloudError, match="export the API") as caught:
        deployed.port.export(deployed.api, stage)
    assert caught.value.code == "NotFoundException"
    assert "stage" in caught.value.why


def test_an_api_that_does_not_exist_is_an_error(deployed: Deployed) -> None:
    with pytest.raises(CloudError) as caught:
        deployed.port.export("nosuchapi1", "dev")
    assert caught.value.code == "NotFoundException"
