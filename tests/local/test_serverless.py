"""A SAM template, deployed as `sam deploy` does it, with no step before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.deployed_api import Api, wait

CODE = "def handler(event, context):\n    return {'statusCode': 200, 'body': event['path']}\n"
TEMPLATE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"Runtime": "python3.12"}},
    "Resources": {
        "Hello": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "InlineCode": CODE,
                "Handler": "index.handler",
                "Policies": [{"DynamoDBReadPolicy": {"TableName": {"Ref": "Things"}}}],
                "Events": {"Get": {"Type": "Api", "Properties": {"Path": "/hello", "Method": "get"}}},
            },
        },
        "Things": {"Type": "AWS::Serverless::SimpleTable"},
    },
    "Outputs": {"Api": {"Value": {"Ref": "ServerlessRestApi"}}},
}
BODY = json.dumps(TEMPLATE)


@pytest.fixture(scope="module")
def formation(client: ServiceClients) -> Any:
    return client("cloudformation")


def deploy(formation: Any, kind: str, body: str) -> None:
    """Create a change set, which needs no capability for the transform, and execute it."""
    formation.create_change_set(
        StackName="sam",
        ChangeSetName="deploy",
        ChangeSetType=kind,
        TemplateBody=body,
        Capabilities=["CAPABILITY_IAM"],
    )
    waiter = formation.get_waiter("change_set_create_complete")
    waiter.config.delay = 0.1
    waiter.wait(StackName="sam", ChangeSetName="deploy")
    formation.execute_change_set(StackName="sam", ChangeSetName="deploy")
    wait(formation, kind.lower(), "sam")


def test_a_sam_template_is_deployed_answers_and_is_updated_in_place(
    client: ServiceClients, formation: Any
) -> None:
    deploy(formation, "CREATE", BODY)
    api = Api(formation.meta.endpoint_url, "sam", outputs(formation))
    assert api.send("GET", "/hello", stage="Prod").body == "/hello"
    deploy(formation, "UPDATE", BODY.replace("event['path']", "'changed'"))
    assert outputs(formation)["Api"] == api.id
    assert api.send("GET", "/hello", stage="Prod").body == "changed"
    processed = formation.get_template(StackName="sam")["TemplateBody"]
    original = formation.get_template(StackName="sam", TemplateStage="Original")["TemplateBody"]
    assert "AWS::Serverless::Function" in json.dumps(original)
    assert processed["Resources"]["Hello"]["Type"] == "AWS::Lambda::Function"


def test_sams_http_api_answers(client: ServiceClients, formation: Any) -> None:
    code = "def handler(event, context):\n    return {'statusCode': 200, 'body': event['routeKey']}\n"
    event = {"Type": "HttpApi", "Properties": {"Path": "/hello/{name}", "Method": "get"}}
    function = {"InlineCode": code, "Handler": "index.handler", "Runtime": "python3.12"}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"HttpApi": {"CorsConfiguration": {"AllowOrigins": ["https://page.example"]}}},
        "Resources": {
            "Hello": {
                "Type": "AWS::Serverless::Function",
                "Properties": {**function, "Events": {"Get": event}},
            }
        },
        "Outputs": {"Api": {"Value": {"Ref": "ServerlessHttpApi"}}},
    }
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    formation.create_stack(StackName="http", TemplateBody=json.dumps(body), Capabilities=capabilities)
    wait(formation, "create", "http")
    (api_id,) = (
        each["OutputValue"] for each in formation.describe_stacks(StackName="http")["Stacks"][0]["Outputs"]
    )
    api = Api(formation.meta.endpoint_url, "http", {"Api": api_id})
    answer = api.send("GET", "/hello/ann", {"Origin": "https://page.example"}, stage="$default")
    assert (answer.status, answer.body) == (200, "GET /hello/{name}")
    assert answer.header("Access-Control-Allow-Origin") == "https://page.example"
    formation.delete_stack(StackName="http")


def outputs(formation: Any) -> dict[str, str]:
    found = formation.describe_stacks(StackName="sam")["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in found}


def test_without_a_change_set_the_caller_must_allow_the_transform(formation: Any) -> None:
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_AUTO_EXPAND\]"):
        formation.create_stack(StackName="direct", TemplateBody=BODY, Capabilities=["CAPABILITY_IAM"])


def test_the_roles_that_the_transform_makes_need_their_capability(formation: Any) -> None:
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]"):
        formation.create_stack(StackName="direct", TemplateBody=BODY, Capabilities=["CAPABILITY_AUTO_EXPAND"])


def test_a_serverless_type_without_the_transform_is_none_of_cloudformations(formation: Any) -> None:
    body = json.dumps({"Resources": {"T": {"Type": "AWS::Serverless::SimpleTable"}}})
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::Serverless::SimpleTable\]"):
        formation.create_stack(StackName="direct", TemplateBody=body)
