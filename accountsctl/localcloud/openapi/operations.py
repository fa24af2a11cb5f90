"""One operation of a document: the method with its parameters, models, responses and integration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping

from accountsctl.localcloud.contracts.mappings import response_faults
from accountsctl.localcloud.openapi.definition import (
    IntegrationResponseDefinition,
    MethodDefinition,
    ResponseDefinition,
)
from accountsctl.localcloud.openapi.document import Node, is_swagger, resolved
from accountsctl.localcloud.openapi.security import authorization

INTEGRATION = "x-amazon-apigateway-integration"
VALIDATOR = "x-amazon-apigateway-request-validator"
PLACES = {"query": "querystring", "header": "header", "path": "path"}
DIRECT = (
    "uri credentials requestTemplates requestParameters cacheNamespace cacheKeyParameters timeoutInMillis"
    " connectionId tlsConfig"
)
NewModel = Callable[[str, Node], str]


class Operations:
    """Reads the operations of one document; `models` collects schemas that stand in place, under generated names."""

    def __init__(self, document: Node, warnings: list[str], faults: list[str]) -> None:
        self._document = document
        self._warnings = warnings
        self._faults = faults
        self.models: dict[str, Node] = {}

    def method(self, verb: str, path: str, operation: Node, shared: list[Node]) -> MethodDefinition:
        """The method; `shared` are the parameters of its path."""
        parameters = [
            resolved(self._document, parameter)
            for parameter in [*shared, *(operation.get("parameters") or [])]
        ]
        integration: Node | None = operation.get(INTEGRATION) or None
        method: MethodDefinition = {
            **authorization(self._document, operation, self._warnings),
            "operationName": operation.get("operationId"),
            "requestParameters": _request_parameters(parameters),
            "requestModels": self._request_models(operation, parameters),
            "validator": operation.get(VALIDATOR) or self._document.get(VALIDATOR),
            "methodResponses": dict(self._responses(operation)),
            "integration": _integration(verb, integration) if integration else None,
            "integrationResponses": _integration_responses(integration) if integration else [],
        }
        self._check(verb, path, method)
        return method

    def _request_models(self, operation: Node, parameters: list[Node]) -> dict[str, str]:
        if not is_swagger(self._document):
            body = resolved(self._document, operation.get("requestBody"))
            content: Mapping[str, Node] = body.get("content") or {}
            return {
                kind: self._model(media["schema"]) for kind, media in content.items() if "schema" in media
            }
        schemas = [
            parameter["schema"]
            for parameter in parameters
            if parameter.get("in") == "body" and "schema" in parameter
        ]
        kinds = operation.get("consumes") or self._document.get("consumes") or ["application/json"]
        return {kind: self._model(schemas[0]) for kind in kinds} if schemas else {}

    def _model(self, schema: Node) -> str:
        """The name of the model of a schema: the one it refers to, or a new one for what stands in place."""
        if isinstance(schema.get("$ref"), str):
            return str(schema["$ref"]).rpartition("/")[2]
        name = "MODEL" + hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:6]
        self.models[name] = schema
        return name

    def _responses(self, operation: Node) -> Iterator[tuple[str, ResponseDefinition]]:
        for status, settings in (operation.get("responses") or {}).items():
            if not str(status).isdigit():
                self._warnings.append(f"The response {status} has no status code and is ignored.")
                continue
            response = resolved(self._document, settings)
            names = response.get("headers") or {}
            content: Mapping[str, Node] = response.get("content") or {}
            if is_swagger(self._document) and "schema" in response:
                kinds = operation.get("produces") or self._document.get("produces") or ["application/json"]
                content = {kind: {"schema": response["schema"]} for kind in kinds}
            models = {
                kind: self._model(media["schema"]) for kind, media in content.items() if "schema" in media
            }
            parameters = {f"method.response.header.{name}": False for name in names}
            yield str(status), {"responseParameters": parameters, "responseModels": models}

    def _check(self, verb: str, path: str, method: MethodDefinition) -> None:
        """Add the faults for which PutIntegrationResponse would refuse a response."""
        declared = method["methodResponses"]
        for response in method["integrationResponses"]:
            where = f"Unable to put integration response on '{verb}' for resource at path '{path}': "
            if response["statusCode"] not in declared:
                self._faults.append(where + "Invalid response status code specified")
                continue
            known = declared[response["statusCode"]]["responseParameters"]
            mapped = {target: str(source) for target, source in response["responseParameters"].items()}
            self._faults += [where + fault for fault in response_faults(known, mapped)]


def _request_parameters(parameters: list[Node]) -> dict[str, bool]:
    return {
        f"method.request.{PLACES[parameter['in']]}.{parameter['name']}": bool(parameter.get("required"))
        for parameter in parameters
        if parameter.get("in") in PLACES
    }


def _integration(verb: str, extension: Node) -> Node:
    made = {key: extension[key] for key in DIRECT.split() if extension.get(key) is not None}
    kind = str(extension.get("type", "")).upper()
    upper = {
        key: str(extension[key]).upper()
        for key in ("passthroughBehavior", "contentHandling")
        if extension.get(key)
    }
    method = extension.get("httpMethod") or (None if kind == "MOCK" else verb)
    return {"passthroughBehavior": "WHEN_NO_MATCH", **made, **upper, "type": kind, "httpMethod": method}


def _integration_responses(extension: Node) -> list[IntegrationResponseDefinition]:
    """The patterns are the keys; `default` has none."""
    return [
        {
            "statusCode": str(response.get("statusCode", "200")),
            "selectionPattern": "" if pattern == "default" else pattern,
            "responseParameters": response.get("responseParameters") or {},
            "responseTemplates": response.get("responseTemplates") or {},
            "contentHandling": str(response["contentHandling"]).upper()
            if response.get("contentHandling")
            else None,
        }
        for pattern, response in (extension.get("responses") or {}).items()
    ]
