"""Custom resources: a function makes them, answers by a URL, and is asked to delete what is replaced or removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.apigateway.deployed.templates import TRUST, allowing, att, function, ref
from tests.local.deployed_api import Api

pytestmark = pytest.mark.slow

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]

PYTHON = """
import boto3, cfnresponse, json
def handler(event, context):
    ssm = boto3.client("ssm")
    properties = event["ResourceProperties"]
    log = properties["Log"]
    try:
        told = json.loads(ssm.get_parameter(Name=log)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        told = []
    told.append([event["RequestType"], event.get("PhysicalResourceId"), properties.get("Size"),
                 event.get("OldResourceProperties", {}).get("Size")])
    ssm.put_parameter(Name=log, Type="String", Overwrite=True, Value=json.dumps(told))
    if properties.get("Mood") == "throws":
        raise ValueError("out of paper")
    status = cfnresponse.FAILED if properties.get("Mood") == "refuses" else cfnresponse.SUCCESS
    data = {"Colour": "red", "Type": event["ResourceType"]}
    cfnresponse.send(event, context, status, data, properties.get("Name", "thing-1"))
"""
NODE = """
const response = require("cfn-response");
exports.handler = (event, context) => {
  const data = { appSecret: "s3cret", request: event.RequestType };
  setTimeout(() => response.send(event, context, response.SUCCESS, data), 20);
};
"""


def template(log: str, code: str = PYTHON, runtime: str = "python3.13", **properties: Any) -> dict[str, Any]:
    """A custom resource with the function that makes it, before an API as the fixtures have it."""
    thing = {"ServiceToken": att("Function", "Arn"), "Log": log, **properties}
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": log}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [allowing("ssm:GetParameter", "ssm:PutParameter")],
            },
        },
        "Function": function(code, Runtime=runtime, Timeout=20),
        "Thing": {"Type": "Custom::Thing", "Properties": thing},
    }
    outputs = {"Api": ref("Api"), "Id": ref("Thing")}
    return {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in outputs.items()}}


def requests(client: Clients, log: str) -> list[list[str | None]]:
    """What the function was asked: type, physical id, Size now and before."""
    value: list[list[str | None]] = json.loads(client("ssm").get_parameter(Name=log)["Parameter"]["Value"])
    return value


def remove(client: Clients, api: Api) -> None:
    formation = client("cloudformation")
    formation.delete_stack(StackName=api.stack)
    waiter = formation.get_waiter("stack_delete_complete")
    waiter.config.delay = 0.2
    waiter.wait(StackName=api.stack)


def test_a_custom_resource_is_made_changed_and_deleted_by_its_function(
    deploy: Deploy, client: Clients
) -> None:
    made = template("lives", Size=1, Flag=True)
    made["Outputs"]["Colour"] = {"Value": att("Thing", "Colour")}
    made["Outputs"]["Type"] = {"Value": att("Thing", "Type")}
    first = deploy(made)
    assert {name: first.outputs[name] for name in ("Id", "Colour", "Type")} == {
        "Id": "thing-1",
        "Colour": "red",
        "Type": "Custom::Thing",
    }
    deploy(template("lives", Size=2), first)
    remove(client, first)
    assert requests(client, "lives") == [
        ["Create", None, "1", None],
        ["Update", "thing-1", "2", "1"],
        ["Delete", "thing-1", "2", None],
    ]


def test_a_resource_that_gets_another_id_replaces_the_one_before(deploy: Deploy, client: Clients) -> None:
    first = deploy(template("renamed", Name="one"))
    after = deploy(template("renamed", Name="two"), first)
    assert after.outputs["Id"] == "two"
    assert [asked[:2] for asked in requests(client, "renamed")] == [
        ["Create", None],
        ["Update", "one"],
        ["Delete", "one"],
    ]


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        (
            "refuses",
            "Received response status [FAILED] from custom resource. Message returned: See the details",
        ),
        ("throws", "out of paper"),
    ],
)
def test_a_resource_that_cannot_be_made_fails_its_stack_with_the_reason(
    deploy: Deploy, mood: str, reason: str
) -> None:
    with pytest.raises(AssertionError) as failed:
        deploy(template(f"mood-{mood}", Mood=mood))
    assert reason in str(failed.value)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_code_of_a_template_answers_by_the_module_that_lambda_brings(deploy: Deploy) -> None:
    made = template("node", NODE, "nodejs22.x")
    made["Outputs"] |= {name: {"Value": att("Thing", name)} for name in ("appSecret", "request")}
    answered = deploy(made)
    assert (answered.outputs["appSecret"], answered.outputs["request"]) == ("s3cret", "Create")


def test_a_url_is_good_for_nothing_once_its_request_has_ended(deploy: Deploy) -> None:
    api = deploy(template("urls"))
    import http.client

    host, port = api.host.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("PUT", "/_aws/cloudformation-response/guessed", b'{"Status": "SUCCESS"}')
    assert connection.getresponse().status == 403
    connection.close()
