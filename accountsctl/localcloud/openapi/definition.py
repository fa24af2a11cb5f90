"""What a document describes, in the members of API Gateway's own calls; names stand where ids would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from accountsctl.localcloud.openapi.document import Node

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import RestApiTypeDef


class Authorization(TypedDict):
    """The authorization of a method; `authorizer` is a name of the document."""

    authorizationType: str
    apiKeyRequired: bool
    authorizer: NotRequired[str]
    authorizationScopes: NotRequired[list[str]]


class ResponseDefinition(TypedDict):
    """A member of `methodResponses`."""

    responseParameters: dict[str, bool]
    responseModels: dict[str, str]


class IntegrationResponseDefinition(TypedDict):
    """The arguments of PutIntegrationResponse."""

    statusCode: str
    selectionPattern: str
    responseParameters: dict[str, str]
    responseTemplates: dict[str, str]
    contentHandling: str | None


class MethodDefinition(Authorization):
    """A method; `validator` is a name of the document. `integration`: the arguments of PutIntegration."""

    operationName: str | None
    requestParameters: dict[str, bool]
    requestModels: dict[str, str]
    validator: str | None
    methodResponses: dict[str, ResponseDefinition]
    integration: Node | None
    integrationResponses: list[IntegrationResponseDefinition]


class GatewayResponseDefinition(TypedDict):
    """The arguments of PutGatewayResponse."""

    statusCode: str | None
    responseParameters: dict[str, str]
    responseTemplates: dict[str, str]


class ApiDefinition(TypedDict):
    """All of a document; see `reading`."""

    name: str | None
    description: str | None
    version: str | None
    settings: RestApiTypeDef
    authorizers: dict[str, Node]
    validators: dict[str, Node]
    models: dict[str, Node]
    gatewayResponses: dict[str, GatewayResponseDefinition]
    paths: dict[str, dict[str, MethodDefinition]]
    warnings: list[str]
