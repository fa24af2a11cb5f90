"""What API Gateway refuses of APIs, methods, integrations and stages, in the words recorded on AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.functions.recorded.running import unchecked_clients

Json = dict[str, Any]
OPS = "Member must satisfy enum value set: [add, remove, move, test, replace, copy]"
PRIVATE = "Only dualstack ipAddressType is supported for Private APIs."
BAD, MISSING, INVALID, UNREADABLE = (
    "BadRequestException",
    "NotFoundException",
    "ValidationException",
    "SerializationException",
)
MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [{}]"


@pytest.fixture(scope="module")
def gateway(cloud: LocalCloudClient) -> Any:
    """A client that sends what a test says, whatever the model says of it."""
    return unchecked_clients(cloud)("apigateway")


@pytest.fixture(scope="module")
def method(gateway: Any) -> Iterator[Json]:
    """Where the method GET of an API's root is; it has a mock integration, and the stage dev."""
    api = gateway.create_rest_api(name="checks", description="x")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK")
    gateway.put_method_response(**place, statusCode="200")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    yield place
    gateway.delete_rest_api(restApiId=api["id"])


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("operation", "code", "text"),
    [
        (("add", "/binaryMediaTypes", "image/gif"), BAD, "Invalid patch path /binaryMediaTypes"),
        (("remove", "/binaryMediaTypes", ""), BAD, "Invalid patch path /binaryMediaTypes"),
        (
            ("replace", "/endpointConfiguration/ipAddressType", "wrong"),
            BAD,
            "ipAddressType must be either ipv4 or dualstack.",
        ),
        (
            ("add", "/endpointConfiguration/ipAddressType", "ipv4"),
            BAD,
            "Invalid patch operation specified. Must be one of: [replace]",
        ),
        (
            ("replace", "/endpointConfiguration/types/EDGE", "wrong"),
            BAD,
            "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
        ),
        (
            ("copy", "/endpointConfiguration/types/EDGE", "PRIVATE"),
            BAD,
            "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
        ),
        (
            ("wrong", "/name", "x"),
            INVALID,
            "1 validation error detected: Value 'wrong' at 'updateRestApiInput.patchOperations.1.member.op' failed to"
            f" satisfy constraint: {OPS}",
        ),
    ],
)
def test_a_change_of_an_api_is_refused(
    gateway: Any, method: Json, operation: tuple[str, str, str], code: str, text: str
) -> None:
    change = dict(zip(("op", "path", "value"), operation, strict=True))
    refused = refusal(gateway.update_rest_api, restApiId=method["restApiId"], patchOperations=[change])
    assert refused == (code, text)


def test_a_private_api_has_dual_stack_addresses(gateway: Any) -> None:
    endpoint = {"types": ["PRIVATE"], "ipAddressType": "ipv4"}
    refused = refusal(gateway.create_rest_api, name="private", endpointConfiguration=endpoint)
    assert refused == (BAD, PRIVATE)
    api = gateway.create_rest_api(name="private")["id"]
    private = {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "PRIVATE"}
    changed = gateway.update_rest_api(restApiId=api, patchOperations=[private])
    assert changed["endpointConfiguration"] == {"types": ["PRIVATE"], "ipAddressType": "dualstack"}
    back = {"op": "replace", "path": "/endpointConfiguration/ipAddressType", "value": "ipv4"}
    assert refusal(gateway.update_rest_api, restApiId=api, patchOperations=[back]) == (BAD, PRIVATE)
    gateway.delete_rest_api(restApiId=api)


@pytest.mark.parametrize(
    ("call", "more", "code", "text"),
    [
        (
            "put_method",
            {
                "httpMethod": "POST",
                "authorizationType": "NONE",
                "requestParameters": {
                    "method.request.querystring.a": False,
                    "method.request.header.a": False,
                },
            },
            BAD,
            "Parameter names must be unique across querystring, header and path",
        ),
        (
            "put_method",
            {"httpMethod": "POST", "authorizationType": "NONE", "requestParameters": {"true": True}},
            BAD,
            MAPPING.format("Invalid mapping expression specified: true"),
        ),
        (
            "put_integration",
            {"type": "MOCK", "requestParameters": {"integration.request.path.a": "method.request.path.a"}},
            BAD,
            MAPPING.format("Invalid mapping expression parameter specified: method.request.path.a"),
        ),
        (
            "put_integration",
            {"type": "HTTP_PROXY", "requestParameters": {"integration.request.path.a": True}},
            UNREADABLE,
            "class java.lang.Boolean can not be converted to an String",
        ),
        (
            "put_integration_response",
            {"statusCode": "200", "responseParameters": {"method.response.header.A": "'*'"}},
            BAD,
            MAPPING.format("Invalid mapping expression parameter specified: method.response.header.A"),
        ),
        (
            "put_integration_response",
            {"statusCode": "500", "responseParameters": {"method.response.header.A": "'*'"}},
            BAD,
            MAPPING.format("No method response exists for method."),
        ),
        (
            "put_integration_response",
            {"statusCode": "200", "responseTemplates": {"application/json": 123}},
            UNREADABLE,
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
        ),
        (
            "put_integration_response",
            {"statusCode": "200", "responseTemplates": {"123": "{}"}},
            BAD,
            "Validation Result: warnings : [], errors : [Invalid content type specified: 123]",
        ),
        (
            "get_integration_response",
            {"statusCode": "wrong"},
            INVALID,
            "1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must"
            r" satisfy regular expression pattern: [1-5]\d\d",
        ),
        (
            "delete_integration_response",
            {"httpMethod": "POST", "statusCode": "200"},
            MISSING,
            "Invalid Integration identifier specified",
        ),
    ],
)
def test_a_part_of_a_method_is_refused(
    gateway: Any, method: Json, call: str, more: Json, code: str, text: str
) -> None:
    assert refusal(getattr(gateway, call), **{**method, **more}) == (code, text)


def test_what_was_given_as_empty_is_answered_as_empty(gateway: Any, method: Json) -> None:
    of_response = {**method, "statusCode": "201"}
    made = gateway.put_method_response(**of_response, responseModels={}, responseParameters={})
    assert (made["responseModels"], made["responseParameters"]) == ({}, {})
    assert gateway.put_integration_response(**of_response, responseTemplates={})["responseTemplates"] == {}
    assert "responseTemplates" not in gateway.put_integration_response(**of_response, selectionPattern="")


def test_logging_needs_a_role_of_the_account_that_api_gateway_may_assume(
    gateway: Any, method: Json, cloud: LocalCloudClient
) -> None:
    stage = {"restApiId": method["restApiId"], "stageName": "dev"}
    level = {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}
    words = "CloudWatch Logs role ARN must be set in account settings to enable logging"
    assert refusal(gateway.update_stage, **stage, patchOperations=[level]) == (BAD, words)
    gateway.update_stage(**stage, patchOperations=[{**level, "value": "OFF"}])
    role = {"op": "replace", "path": "/cloudwatchRoleArn", "value": "arn:aws:iam::123456789012:role/none"}
    code, text = refusal(gateway.update_account, patchOperations=[role])
    assert (code, text.partition(".")[0]) == (
        BAD,
        "The role ARN does not have required permissions configured",
    )
    may_assume = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "apigateway.amazonaws.com"},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [may_assume]})
    iam = unchecked_clients(cloud)("iam")
    made = iam.create_role(RoleName="gateway-logs", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    gateway.update_account(patchOperations=[{**role, "value": made}])
    settings = gateway.update_stage(**stage, patchOperations=[level])["methodSettings"]
    assert settings["*/*"]["loggingLevel"] == "INFO"


def test_a_method_starts_with_the_settings_of_all_methods(gateway: Any, method: Json) -> None:
    api = method["restApiId"]
    made = gateway.create_deployment(restApiId=api, stageName="settings")["id"]
    stage = {"restApiId": api, "stageName": "settings"}
    changes = [
        {"op": "replace", "path": f"/{path}", "value": value}
        for path, value in (("*/*/caching/enabled", "true"), ("pets/GET/throttling/burstLimit", "9"))
    ]
    settings = gateway.update_stage(**stage, patchOperations=changes)["methodSettings"]
    assert settings["pets/GET"] == {
        "cacheDataEncrypted": False,
        "cacheTtlInSeconds": 300,
        "cachingEnabled": True,
        "dataTraceEnabled": False,
        "metricsEnabled": False,
        "requireAuthorizationForCacheControl": True,
        "throttlingBurstLimit": 9,
        "throttlingRateLimit": 10000.0,
        "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
    }
    removal = [{"op": "remove", "path": "/pets/GET"}]
    assert list(gateway.update_stage(**stage, patchOperations=removal)["methodSettings"]) == ["*/*"]
    again = refusal(gateway.update_stage, **stage, patchOperations=removal)
    words = "Cannot remove method setting pets/GET because there is no method setting for this method "
    assert again == (BAD, words)
    of_deployment = gateway.get_stages(restApiId=api, deploymentId=made)["item"]
    assert [found["stageName"] for found in of_deployment] == ["settings"]


def test_what_no_request_can_reach_is_not_made(gateway: Any) -> None:
    target = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/n/0123456789abcdef"
    refused = [
        refusal(gateway.create_vpc_link, name="", targetArns=[target]),
        refusal(gateway.create_vpc_link, name="n", targetArns=["invalid-arn"]),
        refusal(gateway.get_vpc_link, vpcLinkId="none"),
        refusal(gateway.create_vpc_link, name="n", targetArns=[target]),
        refusal(gateway.create_domain_name, domainName="a.example"),
    ]
    assert refused == [
        (BAD, "Name cannot be empty"),
        (BAD, "Invalid ARN. ARN is not well formed invalid-arn"),
        (MISSING, "Invalid Vpc Link identifier specified"),
        ("NotImplemented", "The embedded cloud does not imitate VPC links."),
        ("NotImplemented", "The embedded cloud does not imitate custom domain names."),
    ]


def test_keys_are_listed_newest_first_and_leave_their_plans_when_they_are_deleted(gateway: Any) -> None:
    plan = gateway.create_usage_plan(name="keys")["id"]
    keys = [gateway.create_api_key(name=f"listed-{name}")["id"] for name in "ab"]
    for key in keys:
        gateway.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")

    def listed(**of_plan: str) -> list[str]:
        return [item["id"] for item in gateway.get_usage_plan_keys(**of_plan)["items"]]

    assert [item["id"] for item in gateway.get_api_keys(nameQuery="listed-")["items"]] == keys[::-1]
    assert listed(usagePlanId=plan) == keys[::-1]
    gateway.delete_api_key(apiKey=keys[1])
    assert listed(usagePlanId=plan) == keys[:1]
    assert listed(usagePlanId="none") == []
    gateway.delete_api_key(apiKey=keys[0])
    gateway.delete_usage_plan(usagePlanId=plan)
    refused = [
        refusal(gateway.delete_api_key, apiKey=keys[0]),
        refusal(gateway.create_api_key, description="x" * 125_001),
    ]
    assert refused == [
        (MISSING, "Invalid API Key identifier specified"),
        (BAD, "Invalid API Key description specified."),
    ]
