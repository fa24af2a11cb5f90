"""What answers HTTP in stacks, found in the embedded cloud by what CloudFormation lists."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.endpoints import DeployedEndpoints
from accountsctl.adapters.aws.session import Session
from accountsctl.model.endpoints import EndpointRoute, HttpEndpointKind
from accountsctl.model.errors import CloudError
from accountsctl.ports.endpoints import Endpoints
from tests.fakes.session import Scripted
from tests.local.apigateway.deployed.templates import att
from tests.local.http_apis.templates import http_api
from tests.local.identity.templates import resource

STACK = "contract-endpoints"


@pytest.fixture(scope="module")
def stack(session: Session) -> str:
    """A stack with a function URL, an HTTP API with two stages, and a REST API without any."""
    secured = {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "Authorizer"}}
    template = http_api({"GET /orders": secured, "ANY /orders/{proxy+}": {}, "$default": {}})
    template["Resources"] |= {
        "Beta": resource("ApiGatewayV2::Stage", ApiId={"Ref": "Api"}, StageName="beta", AutoDeploy=True),
        "Url": resource("Lambda::Url", TargetFunctionArn=att("Function", "Arn"), AuthType="AWS_IAM"),
        "Rest": resource("ApiGateway::RestApi", Name="unused"),
    }
    client = session.client("cloudformation")
    client.create_stack(StackName=STACK, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    waiter = client.get_waiter("stack_create_complete")
    waiter.config.delay = 0.2
    waiter.wait(StackName=STACK)
    return str(client.describe_stacks(StackName=STACK)["Stacks"][0]["StackId"])


def test_every_stage_and_every_function_url_of_a_stack_is_found(session: Session, stack: str) -> None:
    port: Endpoints = DeployedEndpoints(session)
    found = {(endpoint.kind, endpoint.stage): endpoint for endpoint in port.find({"custom/shop": stack})}

    assert set(found) == {
        (HttpEndpointKind.HTTP, "$default"),
        (HttpEndpointKind.HTTP, "beta"),
        (HttpEndpointKind.URL, ""),
    }
    api, url = found[HttpEndpointKind.HTTP, "$default"], found[HttpEndpointKind.URL, ""]
    assert {endpoint.resource for endpoint in found.values()} == {"custom/shop"}
    assert (api.logical_id, api.name, api.auth) == ("Api", api.id, "")
    assert api.url == f"{session.endpoint}/_aws/execute-api/{api.id}"
    assert found[HttpEndpointKind.HTTP, "beta"].url == f"{api.url}/beta"
    assert (url.logical_id, url.auth) == ("Url", "AWS_IAM")
    assert url.url == f"{session.endpoint}/_aws/lambda-url/{url.id}"
    functions = session.client("lambda").list_functions()["Functions"]
    assert url.name in [function["FunctionName"] for function in functions]


def test_the_routes_of_an_http_api_are_read(session: Session, stack: str) -> None:
    port: Endpoints = DeployedEndpoints(session)
    found = {endpoint.kind: endpoint for endpoint in port.find({"custom/shop": stack})}

    assert set(port.routes(found[HttpEndpointKind.HTTP])) == {
        EndpointRoute("GET", "/orders", "JWT"),
        EndpointRoute("ANY", "/orders/{proxy+}", "NONE"),
        EndpointRoute("ANY", "$default", "NONE"),
    }
    assert port.routes(found[HttpEndpointKind.URL]) == ()


def test_a_stack_that_may_not_be_read_is_an_error() -> None:
    port: Endpoints = DeployedEndpoints(Scripted({"*": "AccessDenied"}))  # type: ignore[arg-type]
    with pytest.raises(CloudError, match="refused"):
        port.find({"custom/shop": "arn"})


def test_a_stack_that_is_gone_holds_nothing(session: Session) -> None:
    with pytest.raises(ClientError):
        session.client("cloudformation").describe_stacks(StackName="never-made")
    assert DeployedEndpoints(session).find({"custom/shop": "never-made"}) == ()
