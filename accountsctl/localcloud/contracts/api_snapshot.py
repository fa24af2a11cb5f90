"""The deployed state of a REST API as JSON, in the shapes in which API Gateway's own calls report its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import (
        AuthorizerTypeDef,
        GatewayResponseTypeDef,
        MethodTypeDef,
        RequestValidatorTypeDef,
        RestApiTypeDef,
    )


class ResourceSnapshot(TypedDict):
    """A resource with its methods by verb (or ANY)."""

    id: str
    path: str
    methods: dict[str, MethodTypeDef]


class ApiSnapshot(TypedDict):
    """Everything that a deployment holds. `models` are the schemas, as JSON texts, by name."""

    region: str
    apiId: str
    deploymentId: str
    api: RestApiTypeDef
    resources: list[ResourceSnapshot]
    authorizers: dict[str, AuthorizerTypeDef]
    gatewayResponses: dict[str, GatewayResponseTypeDef]
    validators: dict[str, RequestValidatorTypeDef]
    models: dict[str, str]
