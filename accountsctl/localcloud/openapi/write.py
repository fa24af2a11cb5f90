"""GetExport: a deployed snapshot as a document, with the requested extensions.

Source: "Export a REST API": `extensions` is a list of integrations, authorizers and apigateway, the last of
which stands for all of them; without any the document is plain OpenAPI.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml as yaml_format

from accountsctl.localcloud.contracts.api_snapshot import ApiSnapshot
from accountsctl.localcloud.openapi.document import Node
from accountsctl.localcloud.openapi.write_security import X, schemes, security

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import IntegrationTypeDef, MethodResponseTypeDef, MethodTypeDef

KINDS = ("oas30", "swagger")
PLACES = {"querystring": "query", "header": "header", "path": "path"}
STRING = {"type": "string"}
INTEGRATION = (
    "uri credentials httpMethod requestParameters requestTemplates timeoutInMillis cacheNamespace"
    " cacheKeyParameters"
    " contentHandling tlsConfig"
)
RESPONSE = ("statusCode", "responseParameters", "responseTemplates")


def document(snapshot: ApiSnapshot, stage: str, kind: str, extensions: set[str]) -> Node:
    """The document of a snapshot, as `stage` serves it."""
    return _OpenApiWriter(snapshot, stage, swagger=kind == "swagger", extensions=extensions).document()


def text(document: Node, *, yaml: bool) -> tuple[str, str]:
    """The document's text, and its media type."""
    if yaml:
        return yaml_format.safe_dump(json.loads(json.dumps(document)), sort_keys=False), "application/yaml"
    return json.dumps(document, indent=2), "application/json"


def filename(snapshot: ApiSnapshot, kind: str, *, yaml: bool) -> str:
    """What a browser would save it as."""
    return f"{kind}_{snapshot['apiId']}.{'yaml' if yaml else 'json'}"


class _OpenApiWriter:
    def __init__(self, snapshot: ApiSnapshot, stage: str, *, swagger: bool, extensions: set[str]) -> None:
        self._snapshot = snapshot
        self._stage = stage
        self._swagger = swagger
        every = "apigateway" in extensions
        self._integrations = every or "integrations" in extensions
        self._authorizers = every or "authorizers" in extensions
        self._everything = every

    def document(self) -> Node:
        api = self._snapshot["api"]
        info = {
            "title": api.get("name"),
            "version": api.get("version") or time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if api.get("description"):
            info["description"] = api["description"]
        head = self._head(info)
        paths = {
            resource["path"]: {
                _verb(verb): self._operation(method) for verb, method in resource["methods"].items()
            }
            for resource in self._snapshot["resources"]
            if resource["methods"]
        }
        document = {**head, "paths": paths, **self._parts()}
        return {**document, **(self._settings() if self._everything else {})}

    def _head(self, info: Node) -> Node:
        host = f"{self._snapshot['apiId']}.execute-api.{self._snapshot['region']}.amazonaws.com"
        if self._swagger:
            base = f"/{self._stage}"
            return {"swagger": "2.0", "info": info, "host": host, "basePath": base, "schemes": ["https"]}
        variables = {"basePath": {"default": f"/{self._stage}"}}
        servers = [{"url": f"https://{host}/{{basePath}}", "variables": variables}]
        return {"openapi": "3.0.1", "info": info, "servers": servers}

    def _parts(self) -> Node:
        schemas = {
            name: _local(json.loads(schema), self._models())
            for name, schema in self._snapshot["models"].items()
        }
        security_schemes = schemes(self._snapshot, with_authorizers=self._authorizers)
        if self._swagger:
            parts = {"definitions": schemas, "securityDefinitions": security_schemes}
            return {name: part for name, part in parts.items() if part}
        components = {
            name: section
            for name, section in {"schemas": schemas, "securitySchemes": security_schemes}.items()
            if section
        }
        return {"components": components}

    def _models(self) -> str:
        return "#/definitions/" if self._swagger else "#/components/schemas/"

    def _operation(self, method: MethodTypeDef) -> Node:
        made: dict[str, object] = {}
        if method.get("operationName"):
            made["operationId"] = method["operationName"]
        parameters = [
            self._parameter(*parameter) for parameter in (method.get("requestParameters") or {}).items()
        ]
        bodies: Mapping[str, str] = method.get("requestModels") or {}
        if bodies and self._swagger:
            (name, *_) = bodies.values()
            made["consumes"] = list(bodies)
            parameters.append({"in": "body", "name": name, "required": True, "schema": self._reference(name)})
        elif bodies:
            content = {kind: {"schema": self._reference(name)} for kind, name in bodies.items()}
            made["requestBody"] = {"content": content, "required": True}
        if parameters:
            made["parameters"] = parameters
        made["responses"] = {
            status: self._response(status, response)
            for status, response in (method.get("methodResponses") or {}).items()
        }
        requirements = security(self._snapshot, method)
        if requirements:
            made["security"] = requirements
        return {**made, **self._extensions(method)}

    def _parameter(self, source: str, required: bool) -> Node:
        _, _, place, name = source.split(".", 3)
        string = STRING if self._swagger else {"schema": STRING}
        return {"name": name, "in": PLACES[place], "required": required or place == "path", **string}

    def _response(self, status: str, response: MethodResponseTypeDef) -> Node:
        made: dict[str, object] = {"description": f"{status} response"}
        string = STRING if self._swagger else {"schema": STRING}
        headers = [name.split(".", 3)[3] for name in response.get("responseParameters") or {}]
        if headers:
            made["headers"] = dict.fromkeys(headers, string)
        models: Mapping[str, str] = response.get("responseModels") or {}
        if models and self._swagger:
            made["schema"] = self._reference(next(iter(models.values())))
        elif models:
            made["content"] = {kind: {"schema": self._reference(name)} for kind, name in models.items()}
        return made

    def _reference(self, model: str) -> dict[str, str]:
        return {"$ref": f"{self._models()}{model}"}

    def _extensions(self, method: MethodTypeDef) -> Node:
        made: dict[str, object] = {}
        if self._integrations and method.get("methodIntegration"):
            made[f"{X}integration"] = _integration(method["methodIntegration"])
        validator = self._snapshot["validators"].get(method.get("requestValidatorId") or "")
        if self._everything and validator:
            made[f"{X}request-validator"] = validator["name"]
        return made

    def _settings(self) -> Node:
        api = self._snapshot["api"]
        validators = {
            validator["name"]: {
                key: bool(validator.get(key)) for key in ("validateRequestBody", "validateRequestParameters")
            }
            for validator in self._snapshot["validators"].values()
        }
        extensions = {
            "gateway-responses": {
                kind: _filled(response, RESPONSE)
                for kind, response in self._snapshot["gatewayResponses"].items()
            },
            "request-validators": validators,
            "binary-media-types": api.get("binaryMediaTypes"),
            "policy": json.loads(api["policy"]) if api.get("policy") else None,
        }
        return {f"{X}{name}": value for name, value in extensions.items() if value}


def _filled(members: Mapping[str, object], names: tuple[str, ...]) -> Node:
    return {name: members[name] for name in names if members.get(name)}


def _verb(verb: str) -> str:
    return f"{X}any-method" if verb == "ANY" else verb.lower()


def _integration(integration: IntegrationTypeDef) -> Node:
    members: Mapping[str, object] = integration
    made = {name: members[name] for name in INTEGRATION.split() if members.get(name) not in (None, {}, [])}
    responses = {
        response.get("selectionPattern") or "default": {
            key: value
            for key, value in response.items()
            if key != "selectionPattern" and value not in (None, {})
        }
        for response in (integration.get("integrationResponses") or {}).values()
    }
    made["passthroughBehavior"] = (integration.get("passthroughBehavior") or "WHEN_NO_MATCH").lower()
    made["type"] = integration["type"].lower()
    return {**made, **({"responses": responses} if responses else {})}


def _local(schema: object, base: str) -> object:
    """A model's schema, whose references to other models lead within the document."""
    if isinstance(schema, Mapping):
        return {
            key: f"{base}{value.rpartition('/models/')[2]}"
            if key == "$ref" and isinstance(value, str) and "/models/" in value
            else _local(value, base)
            for key, value in schema.items()
        }
    return [_local(part, base) for part in schema] if isinstance(schema, list) else schema
