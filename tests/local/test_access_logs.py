"""A stage's access log: a line for each request, in the stage's own format, in the log group that it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from accountsctl.localcloud.contracts.access_logs import AccessLog, line
from tests.local.apigateway.deployed.templates import TRUST, att, proxy, ref
from tests.local.apigateway.deployed.templates import api as rest_api
from tests.local.conftest import ServiceClients
from tests.local.deployed_api import Api
from tests.local.http_apis.templates import http_api

LOG = AccessLog("arn:aws:logs:eu-west-1:123456789012:log-group:/a:b", "")
FORMAT = json.dumps(
    {
        "id": "$context.requestId",
        "verb": "$context.httpMethod",
        "path": "$context.resourcePath",
        "route": "$context.routeKey",
        "status": "$context.status",
        "length": "$context.responseLength",
        "error": "$context.error.message",
        "user": "$context.authorizer.claims.sub",
    }
)


def written(format_: str, **context: object) -> str:
    return line(LOG._replace(format=format_), "api", "dev", {"requestTimeEpoch": 5, **context}).text


def test_variables_of_the_format_become_values_and_absent_ones_a_dash() -> None:
    assert (
        written("$context.status $context.identity.user [$context.path].", status=200, path="/a")
        == "200 - [/a]."
    )
    assert written("$context.a.b $context.a", a={"b": True}) == "true -"
    assert written("$input.body $contextual") == "$input.body $contextual"


def test_a_stage_without_a_destination_has_no_log() -> None:
    assert AccessLog.of(None) is AccessLog.of({"format": "x"}) is None
    found = AccessLog.of({"destinationArn": LOG.destination, "format": "x"})
    assert found is not None
    assert found.group == ("eu-west-1", "/a")


def lines(client: ServiceClients, group: str) -> list[dict[str, Any]]:
    events = client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(event["message"]) for event in events]


def test_a_rest_api_logs_each_request_refused_ones_too(
    deploy: Callable[..., Api], client: ServiceClients
) -> None:
    trust = json.loads(json.dumps(TRUST).replace("lambda.amazonaws.com", "apigateway.amazonaws.com"))
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    account = {"Type": "AWS::ApiGateway::Account", "Properties": {"CloudWatchRoleArn": att("LogRole", "Arn")}}
    resources = {"Group": {"Type": "AWS::Logs::LogGroup"}, "LogRole": role, "Account": account}
    access = {"AccessLogSetting": {"DestinationArn": att("Group", "Arn"), "Format": FORMAT}}
    template = rest_api({"GET /ok": proxy()}, resources, stage=access)
    template["Resources"]["Stage"]["DependsOn"] = "Account"
    template["Outputs"]["Group"] = {"Value": ref("Group")}
    api = deploy(template)
    api.send("GET", "/nothing")
    api.send("GET", "/ok")
    refused, ok = lines(client, api.outputs["Group"])
    assert (refused["status"], refused["error"], refused["path"]) == (
        "403",
        "Missing Authentication Token",
        "-",
    )
    assert (ok["status"], ok["error"], ok["path"], ok["verb"], ok["user"]) == ("200", "-", "/ok", "GET", "-")


def test_an_http_api_logs_each_request(deploy: Callable[..., Api], client: ServiceClients) -> None:
    template = http_api({"GET /{name}": {}})
    template["Resources"]["Group"] = {"Type": "AWS::Logs::LogGroup"}
    stage = template["Resources"]["Stage"]["Properties"]
    stage["AccessLogSettings"] = {"DestinationArn": att("Group", "Arn"), "Format": FORMAT}
    template["Outputs"]["Group"] = {"Value": ref("Group")}
    api = deploy(template)
    answer = api.send("GET", "/text", stage="$default")
    api.send("GET", "/throws", stage="$default")
    first, second = lines(client, api.outputs["Group"])
    assert (first["id"], first["status"], first["length"]) == (answer.header("apigw-requestid"), "200", "5")
    assert (first["route"], first["verb"]) == ("GET /{name}", "GET")
    assert (second["status"], second["error"]) == ("500", "Internal Server Error")
