"""Templates of HTTP APIs before one function, with a user pool that their authorizer trusts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.local.apigateway.deployed.templates import TRUST, att, function, ref, sub
from tests.local.identity.templates import resource, user_pool

CODE = """
import json, time
def handler(event, context):
    kind = event.get("rawPath", event.get("path", "")).rpartition("/")[2]
    if kind == "throws":
        raise ValueError("no")
    if kind == "slow":
        time.sleep(1.5)
    if kind == "text":
        return "plain"
    if kind == "cors":
        return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://other"}, "body": "x"}
    return {"statusCode": 200, "body": json.dumps(event)}
"""


def http_api(
    routes: Mapping[str, dict[str, Any]],
    stage: str = "$default",
    permission: str = "*",
    api: Mapping[str, Any] | None = None,
    integration: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A template; `routes` by their keys, each with more of its properties."""
    plain = {
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": att("Function", "Arn"),
        "PayloadFormatVersion": "2.0",
    }
    settings = {"StageName": stage, "AutoDeploy": True, "StageVariables": {"colour": "red"}}
    made = {
        **user_pool(),
        **_function(permission),
        "Api": resource("ApiGatewayV2::Api", Name="http", ProtocolType="HTTP", **(api or {})),
        "Integration": resource(
            "ApiGatewayV2::Integration", ApiId=ref("Api"), **{**plain, **(integration or {})}
        ),
        "Authorizer": _authorizer(),
        "Stage": resource("ApiGatewayV2::Stage", ApiId=ref("Api"), **settings),
    }
    for number, (key, more) in enumerate(routes.items()):
        target = sub("integrations/${Integration}")
        made[f"Route{number}"] = resource(
            "ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey=key, Target=target, **more
        )
    outputs = {name: {"Value": ref(name)} for name in ("Api", "UserPool", "Client")}
    return {"Resources": made, "Outputs": {**outputs, "Url": {"Value": att("Api", "ApiEndpoint")}}}


def documented(body: Mapping[str, Any], permission: str = "*", **api: Any) -> dict[str, Any]:
    """A template of an API that is made of an OpenAPI document, with the default stage."""
    made = {
        **user_pool(),
        **_function(permission),
        "Api": resource("ApiGatewayV2::Api", Body=body, **api),
        "Stage": resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageName="$default", AutoDeploy=True),
    }
    outputs = {name: {"Value": ref(name)} for name in ("Api", "UserPool", "Client")}
    return {"Resources": made, "Outputs": outputs}


def _function(permission: str) -> dict[str, Any]:
    """The function, and who may invoke it: requests whose ARN ends in `permission`."""
    source = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/" + permission
    return {
        "GroupRole": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Function": function(CODE, Timeout=20),
        "Permission": resource(
            "Lambda::Permission",
            FunctionName=ref("Function"),
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=sub(source),
        ),
    }


def _authorizer() -> dict[str, Any]:
    issuer = sub("https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}")
    return resource(
        "ApiGatewayV2::Authorizer",
        ApiId=ref("Api"),
        Name="users",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": issuer, "Audience": [ref("Client")]},
    )
