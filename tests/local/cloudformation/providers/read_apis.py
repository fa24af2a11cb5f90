"""REST APIs: how their parts are made, and changed by another tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.local.cloudformation.providers.conftest import Bench
from tests.local.cloudformation.providers.read_case import ReadCase


def api(bench: Bench) -> Mapping[str, Any]:
    return {"RestApiId": bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api").physical_id}


def api_root(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api")
    return {"RestApiId": made.physical_id, "ResourceId": made.attributes["RootResourceId"]}


def path(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::ApiGateway::RestApi", {"Name": "api"}, "Api")
    return {"RestApiId": made.physical_id, "ParentId": made.attributes["RootResourceId"]}


def deployed_api(bench: Bench) -> Mapping[str, Any]:
    root = api_root(bench)
    mock = {"HttpMethod": "GET", "AuthorizationType": "NONE", "Integration": {"Type": "MOCK"}}
    bench.create("AWS::ApiGateway::Method", {**root, **mock}, "Get")
    deployment = bench.create("AWS::ApiGateway::Deployment", {"RestApiId": root["RestApiId"]}, "Deployment")
    return {"RestApiId": root["RestApiId"], "DeploymentId": deployment.physical_id}


APIS = [
    ReadCase(
        "AWS::ApiGateway::RestApi",
        {
            "Name": "api",
            "Description": "reads",
            "ApiKeySourceType": "HEADER",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: bench.client("apigateway").update_rest_api(
            restApiId=made.physical_id,
            patchOperations=[
                {"op": "replace", "path": "/name", "value": "renamed"},
                {"op": "replace", "path": "/apiKeySource", "value": "AUTHORIZER"},
            ],
        ),
        ("/ApiKeySourceType", "/Name"),
    ),
    ReadCase(
        "AWS::ApiGateway::Resource",
        {"PathPart": "accounts"},
        None,
        (),
        path,
    ),
    ReadCase(
        "AWS::ApiGateway::Method",
        {
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "ApiKeyRequired": False,
            "MethodResponses": [
                {"StatusCode": "204", "ResponseParameters": {"method.response.header.Vary": True}}
            ],
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [
                    {"StatusCode": "204", "ResponseParameters": {"method.response.header.Vary": "'Origin'"}}
                ],
            },
        },
        lambda bench, _, properties: bench.client("apigateway").put_integration_response(
            restApiId=properties["RestApiId"],
            resourceId=properties["ResourceId"],
            httpMethod="OPTIONS",
            statusCode="204",
            responseParameters={"method.response.header.Vary": "'*'"},
        ),
        ("/Integration/IntegrationResponses/0/ResponseParameters/method.response.header.Vary",),
        api_root,
    ),
    ReadCase(
        "AWS::ApiGateway::Authorizer",
        {
            "Name": "pool",
            "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a"],
            "AuthorizerResultTtlInSeconds": 60,
        },
        lambda bench, made, properties: bench.client("apigateway").update_authorizer(
            restApiId=properties["RestApiId"],
            authorizerId=made.physical_id,
            patchOperations=[
                {
                    "op": "replace",
                    "path": "/identitySource",
                    "value": "method.request.header.Other",
                }
            ],
        ),
        ("/IdentitySource",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::RequestValidator",
        {"Name": "body", "ValidateRequestBody": True},
        lambda bench, made, properties: bench.client("apigateway").update_request_validator(
            restApiId=properties["RestApiId"],
            requestValidatorId=made.physical_id,
            patchOperations=[{"op": "replace", "path": "/validateRequestBody", "value": "false"}],
        ),
        ("/ValidateRequestBody",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::GatewayResponse",
        {
            "ResponseType": "DEFAULT_4XX",
            "ResponseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        },
        lambda bench, _, properties: bench.client("apigateway").put_gateway_response(
            restApiId=properties["RestApiId"], responseType="DEFAULT_4XX", responseParameters={}
        ),
        ("/ResponseParameters/gatewayresponse.header.Access-Control-Allow-Origin",),
        api,
    ),
    ReadCase(
        "AWS::ApiGateway::Stage",
        {
            "StageName": "dev",
            "Variables": {"a": "1"},
            "TracingEnabled": True,
            "MethodSettings": [
                {
                    "ResourcePath": "/*",
                    "HttpMethod": "*",
                    "ThrottlingRateLimit": 10,
                    "ThrottlingBurstLimit": 5,
                }
            ],
        },
        lambda bench, _, properties: bench.client("apigateway").update_stage(
            restApiId=properties["RestApiId"],
            stageName="dev",
            patchOperations=[
                {"op": "replace", "path": "/variables/a", "value": "2"},
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "99"},
            ],
        ),
        ("/MethodSettings/0/ThrottlingRateLimit", "/Variables/a"),
        deployed_api,
    ),
]
