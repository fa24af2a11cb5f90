"""The security part of an exported document: schemes of the API, and the requirements of each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.api_snapshot import ApiSnapshot
from accountsctl.localcloud.openapi.document import Node

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import AuthorizerTypeDef, MethodTypeDef

X = "x-amazon-apigateway-"
SOURCES = "authorizerUri authorizerCredentials identitySource identityValidationExpression authorizerResultTtlInSeconds"


def schemes(snapshot: ApiSnapshot, *, with_authorizers: bool) -> dict[str, Node]:
    """The security schemes of a snapshot; with authorizers, also API Gateway's extension for each."""
    schemes_by_name: dict[str, Node] = {}
    methods = [m for resource in snapshot["resources"] for m in resource["methods"].values()]
    if any(method.get("apiKeyRequired") for method in methods):
        schemes_by_name["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    if any(method.get("authorizationType") == "AWS_IAM" for method in methods):
        schemes_by_name["sigv4"] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            f"{X}authtype": "awsSigv4",
        }
    for authorizer in snapshot["authorizers"].values():
        schemes_by_name[authorizer["name"]] = _scheme(authorizer, with_extension=with_authorizers)
    return schemes_by_name


def _scheme(authorizer: AuthorizerTypeDef, *, with_extension: bool) -> Node:
    header = (authorizer.get("identitySource") or "").rpartition(".")[2] or "Unused"
    cognito = authorizer["type"] == "COGNITO_USER_POOLS"
    scheme: dict[str, object] = {"type": "apiKey", "name": header, "in": "header"}
    scheme[f"{X}authtype"] = "cognito_user_pools" if cognito else authorizer.get("authType") or "custom"
    if with_extension:
        members: Mapping[str, object] = authorizer
        settings = {name: members[name] for name in SOURCES.split() if members.get(name) is not None}
        if cognito:
            settings = {"providerARNs": authorizer.get("providerARNs") or []}
        scheme[f"{X}authorizer"] = {**settings, "type": authorizer["type"].lower()}
    return scheme


def security(snapshot: ApiSnapshot, method: MethodTypeDef) -> list[dict[str, list[str]]]:
    """The security requirements of one method."""
    requirements: list[dict[str, list[str]]] = []
    authorizer = snapshot["authorizers"].get(method.get("authorizerId") or "")
    if authorizer:
        requirements.append({authorizer["name"]: list(method.get("authorizationScopes") or [])})
    if method.get("authorizationType") == "AWS_IAM":
        requirements.append({"sigv4": []})
    if method.get("apiKeyRequired"):
        requirements.append({"api_key": []})
    return requirements
