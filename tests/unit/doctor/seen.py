"""What an inspector would tell: a healthy API, its parts in the shapes of boto3."""

from __future__ import annotations

import copy
from typing import Any

REGION = "eu-west-1"
POOL = f"{REGION}_AbC"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:accounts"
CLUSTER = f"arn:aws:rds:{REGION}:123456789012:cluster:db"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
ORIGIN = "method.response.header.Access-Control-Allow-Origin"
AUTHORIZER = {
    "id": "a1",
    "name": "pool",
    "type": "COGNITO_USER_POOLS",
    "providerARNs": [POOL_ARN],
    "identitySource": "method.request.header.Authorization",
}


def get(**changes: Any) -> dict[str, Any]:
    """GET behind Cognito, answered by the function."""
    return {
        "httpMethod": "GET",
        "authorizationType": "COGNITO_USER_POOLS",
        "authorizerId": "a1",
        "apiKeyRequired": False,
        "requestValidatorId": "v1",
        "requestParameters": {"method.request.path.id": True, "method.request.header.X-Need": True},
        "methodResponses": {},
        "methodIntegration": {"type": "AWS_PROXY", "httpMethod": "POST", "uri": URI},
        **changes,
    }


def options(**changes: Any) -> dict[str, Any]:
    """OPTIONS, answered by the gateway."""
    return {
        "httpMethod": "OPTIONS",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodResponses": {"204": {"statusCode": "204", "responseParameters": {ORIGIN: True}}},
        "methodIntegration": {
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "passthroughBehavior": "WHEN_NO_MATCH",
            "integrationResponses": {"204": {"statusCode": "204", "responseParameters": {ORIGIN: "'*'"}}},
        },
        **changes,
    }


def api(**changes: Any) -> dict[str, Any]:
    """A REST API with one path, deployed as it is."""
    methods = {"GET": get(), "OPTIONS": options()}
    return {
        "name": "api/accounts",
        "id": "api1",
        "api": {"id": "api1", "endpointConfiguration": {"types": ["REGIONAL"]}},
        "resources": [
            {"id": "r0", "path": "/"},
            {"id": "r1", "path": "/accounts", "resourceMethods": methods},
        ],
        "authorizers": [copy.deepcopy(AUTHORIZER)],
        "gatewayResponses": [response("DEFAULT_4XX"), {"responseType": "THROTTLED", "defaultResponse": True}],
        "validators": [{"id": "v1", "validateRequestParameters": True, "validateRequestBody": False}],
        "stages": [{"stageName": "dev", "deploymentId": "d1"}],
        "deployments": {"d1": {"id": "d1", "apiSummary": summary(methods)}},
        "exports": {},
        **changes,
    }


def response(kind: str, **changes: Any) -> dict[str, Any]:
    parameters = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    return {"responseType": kind, "responseParameters": parameters, "defaultResponse": False, **changes}


def summary(methods: dict[str, Any], path: str = "/accounts") -> dict[str, Any]:
    """GetDeployment's apiSummary of one path."""
    keys = ("authorizationType", "apiKeyRequired")
    return {path: {verb: {key: each[key] for key in keys} for verb, each in methods.items()}}


def seen(*apis: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An inspector's whole answer."""
    return {"region": REGION, "apis": list(apis or (api(),)), "httpApis": [], "notReported": [], **changes}


def security_scheme() -> dict[str, Any]:
    """The Cognito authorizer, as GetExport describes it."""
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [POOL_ARN],
        },
    }


def exported_options() -> dict[str, Any]:
    """OPTIONS, as GetExport describes it."""
    return {
        "responses": {
            "204": {
                "description": "204 response",
                "headers": {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}},
            }
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "passthroughBehavior": "when_no_match",
            "responses": {"default": {"statusCode": "204", "responseParameters": {ORIGIN: "'*'"}}},
        },
    }


def export(**changes: Any) -> dict[str, Any]:
    """GetExport of the same API."""
    return {
        "openapi": "3.0.1",
        "info": {"title": "accounts"},
        "paths": {
            "/accounts": {
                "get": {
                    "parameters": [
                        {"name": "X-Need", "in": "header", "required": True, "schema": {"type": "string"}},
                        {"name": "id", "in": "path", "required": True},
                    ],
                    "security": [{"pool": []}],
                    "x-amazon-apigateway-request-validator": "parameters",
                    "x-amazon-apigateway-integration": {
                        "httpMethod": "POST",
                        "uri": URI,
                        "passthroughBehavior": "when_no_match",
                        "type": "aws_proxy",
                    },
                },
                "options": exported_options(),
            }
        },
        "components": {"securitySchemes": {"pool": security_scheme()}},
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": {
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
            }
        },
        "x-amazon-apigateway-request-validators": {
            "parameters": {"validateRequestParameters": True, "validateRequestBody": False}
        },
        **changes,
    }
