from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers.base import Properties, ProvidedResource, ProviderError
from tests.local.cloudformation.providers.conftest import Bench

G = "AWS::ApiGateway::"
INVOKE = (
    "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-central-1:123456789012:function:f/invocations"
)
POOL = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_abc"


@pytest.fixture
def api(bench: Bench) -> ProvidedResource:
    return bench.create(f"{G}RestApi", {"Name": "accounts"})


def method(api: ProvidedResource, **more: Any) -> dict[str, Any]:
    return {
        "RestApiId": api.physical_id,
        "ResourceId": api.attributes["RootResourceId"],
        "HttpMethod": "GET",
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": INVOKE},
        **more,
    }


def preflight(
    api: ProvidedResource, headers: tuple[str, ...] = ("Access-Control-Allow-Origin",)
) -> dict[str, Any]:
    names = {f"method.response.header.{name}" for name in headers}
    return {
        "RestApiId": api.physical_id,
        "ResourceId": api.attributes["RootResourceId"],
        "HttpMethod": "OPTIONS",
        "AuthorizationType": "NONE",
        "MethodResponses": [{"StatusCode": "204", "ResponseParameters": dict.fromkeys(names, False)}],
        "Integration": {
            "Type": "MOCK",
            "RequestTemplates": {"application/json": '{"statusCode": 204}'},
            "IntegrationResponses": [
                {
                    "StatusCode": "204",
                    "ResponseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
                }
            ],
        },
    }


def shown(bench: Bench, properties: Properties) -> Any:
    names = {"restApiId": "RestApiId", "resourceId": "ResourceId", "httpMethod": "HttpMethod"}
    return bench.client("apigateway").get_method(**{key: properties[name] for key, name in names.items()})


def test_an_api_is_changed_in_place(bench: Bench) -> None:
    old = {"Name": "accounts", "Description": "one", "EndpointConfiguration": {"Types": ["REGIONAL"]}}
    made = bench.create(f"{G}RestApi", {**old, "ApiKeySourceType": "AUTHORIZER"})
    assert made.attributes["RestApiId"] == made.physical_id
    client = bench.client("apigateway")
    assert client.get_rest_api(restApiId=made.physical_id)["apiKeySource"] == "AUTHORIZER"
    new = {**old, "Description": "two", "BinaryMediaTypes": ["image/png"]}
    assert bench.update(f"{G}RestApi", made, old, new) == made
    now = client.get_rest_api(restApiId=made.physical_id)
    assert (now["description"], now["binaryMediaTypes"]) == ("two", ["image/png"])
    bench.delete(f"{G}RestApi", made, new)
    assert client.get_rest_apis()["items"] == []


@pytest.mark.parametrize(("properties", "words"), [({"CloneFrom": "x"}, "CloneFrom"), ({}, "Name")])
def test_an_api_that_is_a_copy_or_has_no_name_is_refused(
    bench: Bench, properties: Properties, words: str
) -> None:
    with pytest.raises(ProviderError, match=words):
        bench.create(f"{G}RestApi", properties)


def test_a_path_hangs_below_the_root(bench: Bench, api: ProvidedResource) -> None:
    properties = {
        "RestApiId": api.physical_id,
        "ParentId": api.attributes["RootResourceId"],
        "PathPart": "accounts",
    }
    made = bench.create(f"{G}Resource", properties)
    found = bench.client("apigateway").get_resource(restApiId=api.physical_id, resourceId=made.physical_id)
    assert (found["path"], made.attributes) == ("/accounts", {"ResourceId": made.physical_id})
    bench.delete(f"{G}Resource", made, properties)


def test_a_method_carries_its_authorizer_scopes_parameters_and_integration(
    bench: Bench, api: ProvidedResource
) -> None:
    authorizer = {
        "RestApiId": api.physical_id,
        "Name": "pool",
        "Type": "COGNITO_USER_POOLS",
        "ProviderARNs": [POOL],
        "IdentitySource": "method.request.header.Authorization",
        "IdentityValidationExpression": "^client$",
    }
    guard = bench.create(f"{G}Authorizer", authorizer)
    held = bench.client("apigateway").get_authorizer(
        restApiId=api.physical_id, authorizerId=guard.physical_id
    )
    assert held["identityValidationExpression"] == "^client$"
    properties = method(
        api,
        AuthorizationType="COGNITO_USER_POOLS",
        AuthorizerId=guard.physical_id,
        AuthorizationScopes=["accounts/read"],
        RequestParameters={"method.request.querystring.limit": "true"},
    )
    made = bench.create(f"{G}Method", properties)
    assert made.physical_id == f"{api.physical_id}|{api.attributes['RootResourceId']}|GET"
    now = shown(bench, properties)
    assert now["authorizerId"] == guard.physical_id
    assert now["authorizationScopes"] == ["accounts/read"]
    assert now["requestParameters"] == {"method.request.querystring.limit": True}
    assert now["methodIntegration"]["uri"] == INVOKE

    open_to_all = method(api, AuthorizationType="NONE")
    bench.update(f"{G}Method", made, properties, open_to_all)
    now = shown(bench, open_to_all)
    assert (now["authorizationType"], now.get("authorizerId")) == ("NONE", None)
    bench.delete(f"{G}Method", made, open_to_all)
    bench.update(f"{G}Authorizer", guard, authorizer, {**authorizer, "AuthorizerResultTtlInSeconds": 0})
    bench.delete(f"{G}Authorizer", guard, authorizer)


def test_a_mock_method_answers_with_the_headers_that_it_declares(bench: Bench, api: ProvidedResource) -> None:
    properties = preflight(api)
    bench.create(f"{G}Method", properties)
    answer = shown(bench, properties)["methodIntegration"]["integrationResponses"]["204"]
    assert answer["responseParameters"] == {"method.response.header.Access-Control-Allow-Origin": "'*'"}


def refused(api: ProvidedResource) -> list[tuple[dict[str, Any], str]]:
    broken = preflight(api)
    broken["MethodResponses"] = []
    bare = preflight(api)
    (answer,) = bare["Integration"]["IntegrationResponses"]
    answer["ResponseParameters"] = dict.fromkeys(answer["ResponseParameters"], "*")
    plain = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": INVOKE}
    mapped = {**plain, "RequestParameters": {"integration.request.header.a": "method.request.header.A"}}
    return [
        (
            preflight(api, headers=()),
            "Invalid mapping expression parameter specified: method.response.header.Access",
        ),
        (broken, "Invalid Response status code specified"),
        (bare, r"Invalid mapping expression specified: \*"),
        (method(api, AuthorizationType="COGNITO_USER_POOLS"), "Invalid authorizer ID specified"),
        (method(api, Integration={**plain, "TimeoutInMillis": 29001}), "between 50 ms and 29000 ms"),
        (method(api, Integration={**plain, "Uri": "arn:aws:lambda:f"}), "must contain path or action"),
        (method(api, Integration={"Type": "AWS_PROXY", "Uri": INVOKE}), "HttpMethod must be non-empty"),
        (method(api, Integration=mapped), "specified: method.request.header.A"),
    ]


def test_what_api_gateway_refuses_of_a_method_is_refused_and_nothing_is_made(
    bench: Bench, api: ProvidedResource
) -> None:
    for properties, words in refused(api):
        with pytest.raises(ProviderError, match=words):
            bench.create(f"{G}Method", properties)
        with pytest.raises(ClientError, match="NotFoundException"):
            shown(bench, properties)


def test_validators_models_and_gateway_responses_come_change_and_go(
    bench: Bench, api: ProvidedResource
) -> None:
    validator = {"RestApiId": api.physical_id, "Name": "body", "ValidateRequestBody": True}
    model = {"RestApiId": api.physical_id, "Name": "Account", "Schema": {"type": "object"}}
    answer = {
        "RestApiId": api.physical_id,
        "ResponseType": "UNAUTHORIZED",
        "StatusCode": "401",
        "ResponseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
    }
    client = bench.client("apigateway")
    made = bench.create(f"{G}RequestValidator", validator)
    relaxed = {"RestApiId": api.physical_id, "Name": "body", "ValidateRequestParameters": True}
    bench.update(f"{G}RequestValidator", made, validator, relaxed)
    now = client.get_request_validator(restApiId=api.physical_id, requestValidatorId=made.physical_id)
    assert (now["validateRequestBody"], now["validateRequestParameters"]) == (False, True)
    bench.delete(f"{G}RequestValidator", made, validator)

    made = bench.create(f"{G}Model", model)
    assert made.physical_id == "Account"
    bench.update(f"{G}Model", made, model, {**model, "Schema": {"type": "array"}})
    assert "array" in client.get_model(restApiId=api.physical_id, modelName="Account")["schema"]
    bench.delete(f"{G}Model", made, model)

    made = bench.create(f"{G}GatewayResponse", answer)
    bench.update(f"{G}GatewayResponse", made, answer, {**answer, "StatusCode": "403"})
    now = client.get_gateway_response(restApiId=api.physical_id, responseType="UNAUTHORIZED")
    assert now["statusCode"] == "403"
    bench.delete(f"{G}GatewayResponse", made, answer)


def test_a_deployment_of_an_api_without_methods_is_refused(bench: Bench, api: ProvidedResource) -> None:
    with pytest.raises(ClientError, match="doesn't contain any methods"):
        bench.create(f"{G}Deployment", {"RestApiId": api.physical_id})


def test_a_stage_moves_to_another_deployment_in_place(bench: Bench, api: ProvidedResource) -> None:
    bench.create(f"{G}Method", method(api))
    deployments = [
        bench.create(f"{G}Deployment", {"RestApiId": api.physical_id}, name) for name in ("One", "Two")
    ]
    first, second = (made.physical_id for made in deployments)
    old = {
        "RestApiId": api.physical_id,
        "StageName": "dev",
        "DeploymentId": first,
        "Variables": {"a": "1", "b": "2"},
        "MethodSettings": [{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingBurstLimit": 5}],
    }
    made = bench.create(f"{G}Stage", old)
    assert made.physical_id == "dev"
    client = bench.client("apigateway")
    now = client.get_stage(restApiId=api.physical_id, stageName="dev")
    assert now["methodSettings"]["*/*"]["throttlingBurstLimit"] == 5

    new = {
        **old,
        "DeploymentId": second,
        "Variables": {"a": "3"},
        "MethodSettings": [],
        "TracingEnabled": True,
    }
    assert bench.update(f"{G}Stage", made, old, new) == made
    now = client.get_stage(restApiId=api.physical_id, stageName="dev")
    assert (now["deploymentId"], now["variables"], now["tracingEnabled"]) == (second, {"a": "3"}, True)
    assert now["methodSettings"]["*/*"]["throttlingBurstLimit"] == 5000
    bench.delete(f"{G}Deployment", deployments[0], {"RestApiId": api.physical_id})
    bench.delete(f"{G}Stage", made, new)


def test_logging_needs_the_accounts_role(bench: Bench, api: ProvidedResource) -> None:
    bench.create(f"{G}Method", method(api))
    deployment = bench.create(f"{G}Deployment", {"RestApiId": api.physical_id}).physical_id
    arn = "arn:aws:logs:eu-central-1:123456789012:log-group:access"
    stage = {
        "RestApiId": api.physical_id,
        "StageName": "dev",
        "DeploymentId": deployment,
        "AccessLogSetting": {"DestinationArn": f"{arn}:*", "Format": "$context.requestId"},
    }
    with pytest.raises(ProviderError, match="CloudWatch Logs role ARN must be set in account settings"):
        bench.create(f"{G}Stage", stage)
    account = bench.create(f"{G}Account", {"CloudWatchRoleArn": "arn:aws:iam::123456789012:role/logs"})
    assert account.physical_id == account.attributes["Id"]
    made = bench.create(f"{G}Stage", stage)
    client = bench.client("apigateway")
    held = client.get_stage(restApiId=api.physical_id, stageName="dev")["accessLogSettings"]
    assert held == {"destinationArn": arn, "format": "$context.requestId"}
    plain = {key: value for key, value in stage.items() if key != "AccessLogSetting"}
    bench.update(f"{G}Stage", made, stage, plain)
    assert not client.get_stage(restApiId=api.physical_id, stageName="dev").get("accessLogSettings")


def test_a_deployment_that_made_a_stage_takes_it_away(bench: Bench, api: ProvidedResource) -> None:
    bench.create(f"{G}Method", method(api))
    properties = {"RestApiId": api.physical_id, "StageName": "dev"}
    made = bench.create(f"{G}Deployment", properties)
    bench.delete(f"{G}Deployment", made, properties)
    assert bench.client("apigateway").get_stages(restApiId=api.physical_id)["item"] == []
