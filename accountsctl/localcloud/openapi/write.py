"""GetExport: a deployed snapshot as a document, with the extensions that were asked for.

Source: "Export a REST API": `extensions` is a list of integrations, authorizers and apigateway, the last of
which stands for all of them; without any the document is plain OpenAPI.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import yaml as yaml_format

X = "x-amazon-apigateway-"
KINDS = ("oas30", "swagger")
PLACES = {"querystring": "query", "header": "header", "path": "path"}
STRING = {"type": "string"}
SOURCES = "authorizerUri authorizerCredentials identitySource identityValidationExpression authorizerResultTtlInSeconds"
INTEGRATION = (
    "uri credentials httpMethod requestParameters requestTemplates timeoutInMillis cacheNamespace"
    " cacheKeyParameters"
    " contentHandling tlsConfig"
)
RESPONSE = ("statusCode", "responseParameters", "responseTemplates")


def document(snapshot: Mapping[str, Any], stage: str, kind: str, extensions: set[str]) -> dict[str, Any]:
    """The document of a snapshot, as `stage` serves it."""
    return _OpenApiWriter(snapshot, stage, swagger=kind == "swagger", extensions=extensions).document()


def text(told: Mapping[str, Any], *, yaml: bool) -> tuple[str, str]:
    """The document's text, and its media type."""
    if yaml:
        return yaml_format.safe_dump(json.loads(json.dumps(told)), sort_keys=False), "application/yaml"
    return json.dumps(told, indent=2), "application/json"


def filename(snapshot: Mapping[str, Any], kind: str, *, yaml: bool) -> str:
    """What a browser would save it as."""
    return f"{kind}_{snapshot['apiId']}.{'yaml' if yaml else 'json'}"


class _OpenApiWriter:
    def __init__(
        self, snapshot: Mapping[str, Any], stage: str, *, swagger: bool, extensions: set[str]
    ) -> None:
        self._snapshot = snapshot
        self._stage = stage
        self._swagger = swagger
        every = "apigateway" in extensions
        self._integrations = every or "integrations" in extensions
        self._authorizers = every or "authorizers" in extensions
        self._everything = every

    def document(self) -> dict[str, Any]:
        api = self._snapshot["api"]
        info = {
            "title": api.get("name"),
            "version": api.get("version") or time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if api.get("description"):
            info["description"] = api["description"]
        head = self._head(info)
        paths = {
            each["path"]: {
                self._verb(verb): self._operation(method) for verb, method in each["methods"].items()
            }
            for each in self._snapshot["resources"]
            if each["methods"]
        }
        told = {**head, "paths": paths, **self._parts()}
        return {**told, **(self._settings() if self._everything else {})}

    def _head(self, info: Mapping[str, Any]) -> dict[str, Any]:
        host = f"{self._snapshot['apiId']}.execute-api.{self._snapshot['region']}.amazonaws.com"
        if self._swagger:
            base = f"/{self._stage}"
            return {"swagger": "2.0", "info": info, "host": host, "basePath": base, "schemes": ["https"]}
        variables = {"basePath": {"default": f"/{self._stage}"}}
        servers = [{"url": f"https://{host}/{{basePath}}", "variables": variables}]
        return {"openapi": "3.0.1", "info": info, "servers": servers}

    def _parts(self) -> dict[str, Any]:
        schemas = {
            name: _local(json.loads(schema), self._models()) for name, schema in self._models_of().items()
        }
        schemes = self._schemes()
        if self._swagger:
            parts = {"definitions": schemas, "securityDefinitions": schemes}
            return {name: each for name, each in parts.items() if each}
        components = {
            name: each for name, each in {"schemas": schemas, "securitySchemes": schemes}.items() if each
        }
        return {"components": components}

    def _models_of(self) -> Mapping[str, str]:
        models: Mapping[str, str] = self._snapshot["models"]
        return models

    def _models(self) -> str:
        return "#/definitions/" if self._swagger else "#/components/schemas/"

    def _schemes(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        methods = [m for each in self._snapshot["resources"] for m in each["methods"].values()]
        if any(method.get("apiKeyRequired") for method in methods):
            made["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        if any(method.get("authorizationType") == "AWS_IAM" for method in methods):
            made["sigv4"] = {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                f"{X}authtype": "awsSigv4",
            }
        for each in self._snapshot["authorizers"].values():
            made[each["name"]] = self._scheme(each)
        return made

    def _scheme(self, authorizer: Mapping[str, Any]) -> dict[str, Any]:
        header = (authorizer.get("identitySource") or "").rpartition(".")[2] or "Unused"
        cognito = authorizer["type"] == "COGNITO_USER_POOLS"
        made: dict[str, Any] = {"type": "apiKey", "name": header, "in": "header"}
        made[f"{X}authtype"] = "cognito_user_pools" if cognito else authorizer.get("authType") or "custom"
        if self._authorizers:
            told = {name: authorizer[name] for name in SOURCES.split() if authorizer.get(name) is not None}
            if cognito:
                told = {"providerARNs": authorizer.get("providerARNs") or []}
            made[f"{X}authorizer"] = {**told, "type": authorizer["type"].lower()}
        return made

    def _verb(self, verb: str) -> str:
        return f"{X}any-method" if verb == "ANY" else verb.lower()

    def _operation(self, method: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if method.get("operationName"):
            made["operationId"] = method["operationName"]
        parameters = [self._parameter(*each) for each in (method.get("requestParameters") or {}).items()]
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
            status: self._response(status, each)
            for status, each in (method.get("methodResponses") or {}).items()
        }
        security = self._security(method)
        if security:
            made["security"] = security
        return {**made, **self._extensions(method)}

    def _parameter(self, source: str, required: bool) -> dict[str, Any]:
        _, _, place, name = source.split(".", 3)
        string = STRING if self._swagger else {"schema": STRING}
        return {"name": name, "in": PLACES[place], "required": required or place == "path", **string}

    def _response(self, status: str, told: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"description": f"{status} response"}
        string = STRING if self._swagger else {"schema": STRING}
        headers = [name.split(".", 3)[3] for name in told.get("responseParameters") or {}]
        if headers:
            made["headers"] = dict.fromkeys(headers, string)
        models: Mapping[str, str] = told.get("responseModels") or {}
        if models and self._swagger:
            made["schema"] = self._reference(next(iter(models.values())))
        elif models:
            made["content"] = {kind: {"schema": self._reference(name)} for kind, name in models.items()}
        return made

    def _reference(self, model: str) -> dict[str, str]:
        return {"$ref": f"{self._models()}{model}"}

    def _security(self, method: Mapping[str, Any]) -> list[dict[str, list[str]]]:
        made: list[dict[str, list[str]]] = []
        authorizer = self._snapshot["authorizers"].get(method.get("authorizerId") or "")
        if authorizer:
            made.append({authorizer["name"]: list(method.get("authorizationScopes") or [])})
        if method.get("authorizationType") == "AWS_IAM":
            made.append({"sigv4": []})
        if method.get("apiKeyRequired"):
            made.append({"api_key": []})
        return made

    def _extensions(self, method: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self._integrations and method.get("methodIntegration"):
            made[f"{X}integration"] = _integration(method["methodIntegration"])
        validator = self._snapshot["validators"].get(method.get("requestValidatorId") or "")
        if self._everything and validator:
            made[f"{X}request-validator"] = validator["name"]
        return made

    def _settings(self) -> dict[str, Any]:
        api = self._snapshot["api"]
        validators = {
            each["name"]: {
                key: bool(each.get(key)) for key in ("validateRequestBody", "validateRequestParameters")
            }
            for each in self._snapshot["validators"].values()
        }
        told = {
            "gateway-responses": {
                kind: {key: each[key] for key in RESPONSE if each.get(key)}
                for kind, each in self._snapshot["gatewayResponses"].items()
            },
            "request-validators": validators,
            "binary-media-types": api.get("binaryMediaTypes"),
            "policy": json.loads(api["policy"]) if api.get("policy") else None,
        }
        return {f"{X}{name}": each for name, each in told.items() if each}


def _integration(told: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: told[name] for name in INTEGRATION.split() if told.get(name) not in (None, {}, [])}
    responses = {
        each.get("selectionPattern") or "default": {
            key: value for key, value in each.items() if key != "selectionPattern" and value not in (None, {})
        }
        for each in (told.get("integrationResponses") or {}).values()
    }
    made["passthroughBehavior"] = (told.get("passthroughBehavior") or "WHEN_NO_MATCH").lower()
    made["type"] = told["type"].lower()
    return {**made, **({"responses": responses} if responses else {})}


def _local(schema: Any, base: str) -> Any:
    """A model's schema, whose references to other models lead within the document."""
    if isinstance(schema, Mapping):
        return {
            key: f"{base}{value.rpartition('/models/')[2]}"
            if key == "$ref" and isinstance(value, str) and "/models/" in value
            else _local(value, base)
            for key, value in schema.items()
        }
    return [_local(each, base) for each in schema] if isinstance(schema, list) else schema
