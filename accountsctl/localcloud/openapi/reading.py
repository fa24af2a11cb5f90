"""From a document to API Gateway's resources, as its own API would be told to make them.

    {name, description, version, settings, authorizers, validators, models, gatewayResponses, paths, warnings}

`settings` are members of CreateRestApi; `paths` are methods by path and verb (see `operations`), in which
authorizers, validators and models are named as in the document. Nothing has an id yet.

Source: "API Gateway extensions to OpenAPI" and the import's known limits. What API Gateway does not look at
(`tags`, `examples`, `x-amazon-apigateway-cors`, which is for HTTP APIs) is not looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.openapi.document import Node, OpenApiError, is_swagger
from accountsctl.localcloud.openapi.operations import Operations
from accountsctl.localcloud.openapi.security import authorizers

X = "x-amazon-apigateway-"
VERBS = {"get", "put", "post", "delete", "options", "head", "patch"}
ANY = f"{X}any-method"


def read(document: Node) -> dict[str, Any]:
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
    made = {
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
    faults += _unknown(made)
    if faults:
        raise OpenApiError(faults)
    return made


def _methods(path: str, item: Node, operations: Operations) -> dict[str, Any]:
    shared = item.get("parameters") or []
    verbs = {key: key.upper() for key in item if key in VERBS} | ({ANY: "ANY"} if ANY in item else {})
    return {verb: operations.method(verb, path, item[key], shared) for key, verb in verbs.items()}


def _settings(document: Node) -> dict[str, Any]:
    """Members of CreateRestApi that the document sets."""
    policy = document.get(f"{X}policy")
    servers = [each.get(f"{X}endpoint-configuration") for each in document.get("servers") or []]
    endpoint: Node = document.get(f"{X}endpoint-configuration") or next(
        (each for each in servers if each), {}
    )
    told = {
        "policy": json.dumps(policy) if isinstance(policy, Mapping) else policy,
        "binaryMediaTypes": document.get(f"{X}binary-media-types"),
        "apiKeySource": document.get(f"{X}api-key-source"),
        "minimumCompressionSize": document.get(f"{X}minimum-compression-size"),
        "disableExecuteApiEndpoint": endpoint.get("disableExecuteApiEndpoint"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _schemas(document: Node) -> dict[str, Any]:
    return dict(document.get("definitions") or (document.get("components") or {}).get("schemas") or {})


def _gateway_responses(document: Node) -> dict[str, dict[str, Any]]:
    told: Mapping[str, Node] = document.get(f"{X}gateway-responses") or {}
    return {
        kind: {
            "statusCode": str(each["statusCode"]) if each.get("statusCode") is not None else None,
            "responseParameters": each.get("responseParameters") or {},
            "responseTemplates": each.get("responseTemplates") or {},
        }
        for kind, each in told.items()
    }


def _unknown(made: Mapping[str, Any]) -> list[str]:
    """Names that lead nowhere."""
    known = {*made["models"], "Empty", "Error"}
    found = []
    for path, methods in made["paths"].items():
        for verb, method in methods.items():
            if method["validator"] and method["validator"] not in made["validators"]:
                found.append(
                    f"Invalid Request Validator '{method['validator']}' on '{verb}' at path '{path}'"
                )
            missing = [name for name in method["requestModels"].values() if name not in known]
            found += [f"Invalid model specified: {name} on '{verb}' at path '{path}'" for name in missing]
    return found
