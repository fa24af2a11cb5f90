"""What API Gateway refuses of changes to stages and request validators, in the words recorded on AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients

Json = dict[str, Any]


@pytest.fixture(scope="module")
def ids(client: ServiceClients) -> Iterator[Json]:
    """The ids of an API, its validator and its deployment, which has the stage dev."""
    gateway = client("apigateway")
    made = gateway.create_rest_api(name="refusals")
    api = made["id"]
    of_root = {"restApiId": api, "resourceId": made["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**of_root, authorizationType="NONE")
    gateway.put_integration(**of_root, type="MOCK")
    validator = gateway.create_request_validator(restApiId=api, name="v")["id"]
    gateway.create_deployment(restApiId=api, stageName="dev")
    yield {"api": api, "validator": validator}
    gateway.delete_rest_api(restApiId=api)


def refusal(client: ServiceClients, operation: str, **call: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        getattr(client("apigateway"), operation)(**call)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"op": "add", "path": "/validateRequestBody", "value": "true"},
            "Invalid patch path  '/validateRequestBody' specified for op 'add'. Please choose supported operations",
        ),
        (
            {"op": "replace", "path": "/other", "value": "x"},
            "Invalid patch path  '/other' specified for op 'replace'. Must be one of: [/name,"
            " /validateRequestParameters, /validateRequestBody]",
        ),
        ({"op": "replace", "path": "/name", "value": ""}, "Request Validator name cannot be blank"),
    ],
)
def test_a_change_of_a_validator_is_refused(
    client: ServiceClients, ids: Json, change: Json, text: str
) -> None:
    call = {"restApiId": ids["api"], "requestValidatorId": ids["validator"], "patchOperations": [change]}
    assert refusal(client, "update_request_validator", **call) == ("BadRequestException", text)


def test_a_validator_is_made_in_an_api_that_is_there(client: ServiceClients) -> None:
    refused = refusal(client, "create_request_validator", restApiId="nope", name="v")
    assert refused == ("BadRequestException", "Invalid REST API identifier specified")


def test_a_stage_has_a_deployment_that_is_there(client: ServiceClients, ids: Json) -> None:
    refused = refusal(client, "create_stage", restApiId=ids["api"], stageName="s", deploymentId="nope")
    assert refused == ("BadRequestException", "Deployment id does not exist")


def test_what_is_there_or_in_use_is_refused(client: ServiceClients, ids: Json) -> None:
    gateway, api = client("apigateway"), {"restApiId": ids["api"]}
    made = gateway.create_authorizer(
        **api,
        name="pool",
        type="COGNITO_USER_POOLS",
        providerARNs=["arn:aws:cognito-idp:eu-west-1:1:userpool/p"],
    )
    root = gateway.get_resources(**api)["items"][0]["id"]
    method = {"resourceId": root, "httpMethod": "POST", "authorizationType": "COGNITO_USER_POOLS"}
    gateway.put_method(**api, **method, authorizerId=made["id"])
    again = refusal(client, "put_method", **api, **method, authorizerId=made["id"])
    in_use = refusal(client, "delete_authorizer", **api, authorizerId=made["id"])
    gateway.delete_method(**api, resourceId=root, httpMethod="POST")
    assert again == ("ConflictException", "Method already exists for this resource")
    assert in_use == ("ConflictException", "Cannot delete authorizer 'pool', is referenced in method: //POST")
    gateway.delete_authorizer(**api, authorizerId=made["id"])


def test_names_of_stages_and_models_are_checked(client: ServiceClients, ids: Json) -> None:
    model = {"name": "a-b", "contentType": "application/json", "schema": "{}"}
    refused = [
        refusal(client, "create_model", restApiId=ids["api"], **model),
        refusal(client, "create_stage", restApiId=ids["api"], stageName="a.b", deploymentId="any"),
        refusal(client, "create_deployment", restApiId=ids["api"], stageName="a.b"),
    ]
    texts = ["Model name must be alphanumeric: a-b", *["Stage name only allows a-zA-Z0-9_"] * 2]
    assert refused == [("BadRequestException", text) for text in texts]


def test_a_canary_is_refused_wherever_it_is_stated(client: ServiceClients, ids: Json) -> None:
    api, settings = {"restApiId": ids["api"], "stageName": "dev"}, {"percentTraffic": 10}
    change = [{"op": "replace", "path": "/canarySettings/percentTraffic", "value": "10"}]
    refused = [
        refusal(client, "create_deployment", **api, canarySettings=settings),
        refusal(client, "create_stage", **api, deploymentId="any", canarySettings=settings),
        refusal(client, "update_stage", **api, patchOperations=change),
    ]
    assert refused == [("NotImplemented", "The embedded cloud does not imitate canary releases.")] * 3


def test_a_list_has_pages_of_the_limit_that_is_stated(client: ServiceClients, ids: Json) -> None:
    gateway, call = client("apigateway"), {"restApiId": ids["api"], "limit": 1}
    made = [gateway.create_request_validator(restApiId=ids["api"], name=name)["id"] for name in "ab"]
    first = gateway.get_request_validators(**call)
    second = gateway.get_request_validators(**call, position=first["position"])
    third = gateway.get_request_validators(**call, position=second["position"])
    found = [page["items"][0]["id"] for page in (first, second, third)]
    assert (set(found), "position" in third) == ({ids["validator"], *made}, False)
    for validator in made:
        gateway.delete_request_validator(restApiId=ids["api"], requestValidatorId=validator)
    refused = refusal(client, "get_request_validators", **call, position="nope")
    assert refused == ("BadRequestException", "Invalid position parameter")


def test_a_route_of_an_http_api_has_a_key_of_its_own(client: ServiceClients) -> None:
    gateway = client("apigatewayv2")
    api = gateway.create_api(Name="refusals", ProtocolType="HTTP")["ApiId"]
    route = gateway.create_route(ApiId=api, RouteKey="GET /x")["RouteId"]
    for key, code in (("GET /x", "ConflictException"), ("x", "BadRequestException")):
        with pytest.raises(ClientError) as refused:
            gateway.create_route(ApiId=api, RouteKey=key)
        assert refused.value.response["Error"]["Code"] == code
    gateway.update_route(ApiId=api, RouteId=route, RouteKey="GET /x")
    gateway.delete_api(ApiId=api)


@pytest.mark.parametrize("path", ["/documentation_version", "/tags/tag1"])
def test_a_stage_is_changed_by_the_paths_that_it_has(client: ServiceClients, ids: Json, path: str) -> None:
    change = [{"op": "replace", "path": path, "value": "x"}]
    code, text = refusal(
        client, "update_stage", restApiId=ids["api"], stageName="dev", patchOperations=change
    )
    assert code == "BadRequestException"
    assert text.startswith(
        f"Invalid method setting path: {path}. Must be one of: [/deploymentId, /description"
    )
    assert text.endswith("/variables/{variable_name}, /tracingEnabled]")


def test_settings_of_all_methods_and_of_one_are_taken(client: ServiceClients, ids: Json) -> None:
    gateway = client("apigateway")
    changes = [
        {"op": "replace", "path": "/variables/v", "value": "1"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "9"},
        {"op": "replace", "path": "/~1pets/GET/metrics/enabled", "value": "true"},
    ]
    stage = gateway.update_stage(restApiId=ids["api"], stageName="dev", patchOperations=changes)
    assert stage["variables"] == {"v": "1"}
    assert stage["methodSettings"]["*/*"]["throttlingBurstLimit"] == 9


def test_a_usage_plan_that_is_read_has_tags(client: ServiceClients) -> None:
    gateway = client("apigateway")
    plan = gateway.create_usage_plan(name="refusals")
    assert "tags" not in plan
    assert gateway.get_usage_plan(usagePlanId=plan["id"])["tags"] == {}
    gateway.delete_usage_plan(usagePlanId=plan["id"])
