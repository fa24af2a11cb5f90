"""From a document to API Gateway's resources, in the members of the calls that would create them.

    {name, description, version, settings, authorizers, validators, models, gatewayResponses, paths, warnings}

`settings` are members of CreateRestApi; `paths` are methods by path and verb (see `operations`), in which
authorizers, validators and models are named as in the document. Nothing has an id yet.

Source: "API Gateway extensions to OpenAPI" and the import's known limits. What API Gateway ignores
(`tags`, `examples`, `x-amazon-apigateway-cors`, which is for HTTP APIs) is ignored here too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.openapi.definition import (
    ApiDefinition,
    GatewayResponseDefinition,
    MethodDefinition,
)
from accountsctl.localcloud.openapi.document import Node, OpenApiError, is_swagger
from accountsctl.localcloud.openapi.operations import Operations
from accountsctl.localcloud.openapi.security import authorizers

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import RestApiTypeDef

X = "x-amazon-apigateway-"
VERBS = {"get", "put", "post", "delete", "options", "head", "patch"}
ANY = f"{X}any-method"


def read(document: Node) -> ApiDefinition:
    """What `document` describes. OpenApiError, with every fault, where API Gateway would not import it."""
    is_swagger(document)
    warnings: list[str] = []
    faults: list[str] = []
    operations = Operations(document, warnings, faults)
    paths = {
        path: _methods(path, item, operations)
        for path, item in (document.get("paths") or {}).items()
        if path.startswith("/")
    }
    info = document.get("info") or {}
    definition: ApiDefinition = {
        "name": info.get("title"),
        "description": info.get("description"),
        "version": info.get("version"),
        "settings": _settings(document),
        "authorizers": authorizers(document),
        "validators": dict(document.get(f"{X}request-validators") or {}),
        "models": {**_schemas(document), **operations.models},
        "gatewayResponses": _gateway_responses(document),
        "paths": paths,
        "warnings": warnings,
    }
    faults += _unknown(definition)
    if faults:
        raise OpenApiError(faults)
    return definition


def _methods(path: str, item: Node, operations: Operations) -> dict[str, MethodDefinition]:
    shared = item.get("parameters") or []
    verbs = {key: key.upper() for key in item if key in VERBS} | ({ANY: "ANY"} if ANY in item else {})
    return {verb: operations.method(verb, path, item[key], shared) for key, verb in verbs.items()}


def _settings(document: Node) -> RestApiTypeDef:
    """Members of CreateRestApi that the document sets."""
    policy = document.get(f"{X}policy")
    servers = [server.get(f"{X}endpoint-configuration") for server in document.get("servers") or []]
    endpoint: Node = document.get(f"{X}endpoint-configuration") or next(
        (server for server in servers if server), {}
    )
    members = {
        "policy": json.dumps(policy) if isinstance(policy, Mapping) else policy,
        "binaryMediaTypes": document.get(f"{X}binary-media-types"),
        "apiKeySource": document.get(f"{X}api-key-source"),
        "minimumCompressionSize": document.get(f"{X}minimum-compression-size"),
        "disableExecuteApiEndpoint": endpoint.get("disableExecuteApiEndpoint"),
    }
    # Any, because mypy cannot see that a TypedDict filtered by name is still one.
    settings: Any = {key: value for key, value in members.items() if value is not None}
    checked: RestApiTypeDef = settings
    return checked


def _schemas(document: Node) -> dict[str, Node]:
    return dict(document.get("definitions") or (document.get("components") or {}).get("schemas") or {})


def _gateway_responses(document: Node) -> dict[str, GatewayResponseDefinition]:
    responses: Mapping[str, Node] = document.get(f"{X}gateway-responses") or {}
    return {
        kind: {
            "statusCode": str(response["statusCode"]) if response.get("statusCode") is not None else None,
            "responseParameters": response.get("responseParameters") or {},
            "responseTemplates": response.get("responseTemplates") or {},
        }
        for kind, response in responses.items()
    }


def _unknown(definition: ApiDefinition) -> list[str]:
    """Return a fault for each name of a validator or a model that the document does not define."""
    known = {*definition["models"], "Empty", "Error"}
    found = []
    for path, methods in definition["paths"].items():
        for verb, method in methods.items():
            if method["validator"] and method["validator"] not in definition["validators"]:
                found.append(
                    f"Invalid Request Validator '{method['validator']}' on '{verb}' at path '{path}'"
                )
            missing = [name for name in method["requestModels"].values() if name not in known]
            found += [f"Invalid model specified: {name} on '{verb}' at path '{path}'" for name in missing]
    return found
