"""The zoo's templates in other spellings: the API as a Swagger document, in a RestApi's Body or in SAM.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from tests.faults.changes import Body

X = "x-amazon-apigateway-"
INSIDE = ("Resource", "Method", "Authorizer", "GatewayResponse", "RequestValidator")
INTEGRATION = {
    "Type": "type",
    "IntegrationHttpMethod": "httpMethod",
    "Uri": "uri",
    "RequestTemplates": "requestTemplates",
    "PassthroughBehavior": "passthroughBehavior",
    "ContentHandling": "contentHandling",
    "TimeoutInMillis": "timeoutInMillis",
}
RESPONSE = {"StatusCode": "statusCode", "ResponseParameters": "responseParameters"}
AUTHORIZER = {
    "ProviderARNs": "providerARNs",
    "IdentityValidationExpression": "identityValidationExpression",
    "AuthorizerUri": "authorizerUri",
    "AuthorizerResultTtlInSeconds": "authorizerResultTtlInSeconds",
}


def as_body(template: Body) -> Body:
    """The same API as the Body of its RestApi."""
    made, document = _without_parts(template)
    made["Resources"]["Api"]["Properties"]["Body"] = document
    return made


def as_sam(template: Body) -> Body:
    """The same API as the DefinitionBody of an AWS::Serverless::Api, which makes its own deployment and stage."""
    made, document = _without_parts(template)
    api, stage = made["Resources"]["Api"], made["Resources"].pop("Stage")["Properties"]
    del made["Resources"]["Deployment"]
    kept = {name: stage[name] for name in ("StageName", "MethodSettings", "Variables") if name in stage}
    if "Policy" in api["Properties"]:
        document[f"{X}policy"] = api["Properties"].pop("Policy")
    made["Resources"]["Api"] = {
        "Type": "AWS::Serverless::Api",
        "Properties": {**api["Properties"], **kept, "DefinitionBody": document},
    }
    for each in made["Resources"].values():
        if each["Properties"].get("Stage") == {"Ref": "Stage"}:
            each["Properties"]["Stage"] = {"Ref": "Api.Stage"}
    return {**made, "Transform": "AWS::Serverless-2016-10-31"}


def _without_parts(template: Body) -> tuple[Body, dict[str, Any]]:
    """The template without what goes into the document, and the document."""
    made = copy.deepcopy(template)
    parts = {
        name: made["Resources"].pop(name)["Properties"]
        for name, each in template["Resources"].items()
        if each["Type"].removeprefix("AWS::ApiGateway::") in INSIDE
    }
    made["Resources"]["Deployment"].pop("DependsOn")
    kinds = {name: each["Type"].rpartition("::")[2] for name, each in template["Resources"].items()}
    of = {kind: {name: parts[name] for name in parts if kinds[name] == kind} for kind in INSIDE}
    paths: dict[str, Any] = {}
    for each in of["Method"].values():
        verb = "x-amazon-apigateway-any-method" if each["HttpMethod"] == "ANY" else each["HttpMethod"].lower()
        paths.setdefault(_path(each["ResourceId"]["Ref"], of["Resource"]), {})[verb] = _operation(each)
    document = {
        "swagger": "2.0",
        "info": {"title": "zoo", "version": "1"},
        "paths": paths,
        "securityDefinitions": dict(_schemes(of["Authorizer"])),
        f"{X}gateway-responses": {
            each["ResponseType"]: _renamed(each, RESPONSE) for each in of["GatewayResponse"].values()
        },
        f"{X}request-validators": {
            name: {"validateRequestParameters": True, "validateRequestBody": False}
            for name in of["RequestValidator"]
        },
    }
    return made, document


def _path(name: str, resources: Mapping[str, Any]) -> str:
    told = resources[name]
    parent = told["ParentId"].get("Ref")
    return f"{_path(parent, resources) if parent else ''}/{told['PathPart']}"


def _renamed(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {new: told[old] for old, new in names.items() if old in told}


def _schemes(authorizers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    header = {"type": "apiKey", "in": "header"}
    yield "sigv4", {**header, "name": "Authorization", f"{X}authtype": "awsSigv4"}
    yield "api_key", {**header, "name": "x-api-key"}
    for name, told in authorizers.items():
        kind = told["Type"].lower()
        scheme = "cognito_user_pools" if kind == "cognito_user_pools" else "custom"
        yield (
            name,
            {
                **header,
                "name": told["IdentitySource"].rpartition(".")[2],
                f"{X}authtype": scheme,
                f"{X}authorizer": {"type": kind, **_renamed(told, AUTHORIZER)},
            },
        )


def _operation(told: Mapping[str, Any]) -> dict[str, Any]:
    security: list[dict[str, Any]] = []
    if told["AuthorizationType"] == "AWS_IAM":
        security.append({"sigv4": []})
    elif told["AuthorizationType"] != "NONE":
        security.append({told["AuthorizerId"]["Ref"]: told.get("AuthorizationScopes", [])})
    if told.get("ApiKeyRequired"):
        security.append({"api_key": []})
    made: dict[str, Any] = {
        "responses": {
            each["StatusCode"]: {
                "description": "",
                "headers": {
                    name.rpartition(".")[2]: {"type": "string"} for name in each.get("ResponseParameters", {})
                },
            }
            for each in told.get("MethodResponses", [])
        },
        f"{X}integration": _integration(told["Integration"]),
        **({"security": security} if security else {}),
    }
    if "RequestValidatorId" in told:
        made[f"{X}request-validator"] = told["RequestValidatorId"]["Ref"]
        made["parameters"] = [
            {"name": name.rpartition(".")[2], "in": "header", "required": needed, "type": "string"}
            for name, needed in told["RequestParameters"].items()
        ]
    return made


def _integration(told: Mapping[str, Any]) -> dict[str, Any]:
    responses = {
        each.get("SelectionPattern", "default"): _renamed(each, RESPONSE)
        for each in told.get("IntegrationResponses", [])
    }
    return {**_renamed(told, INTEGRATION), **({"responses": responses} if responses else {})}
