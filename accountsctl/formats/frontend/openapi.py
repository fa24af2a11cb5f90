"""An API as an OpenAPI 3.0 document: what is deployed, in the words of those who wrote the functions.

    what is deployed   GetExport of the stage: paths, methods, who may call them, models, path variables
    what it means      the `openapi.yaml` beside a function: parameters, bodies, answers, prose

Only what is deployed is in the document, and an operation without a description is there all the same, as far
as API Gateway knows it. Its own refusals are added to every operation, because a client meets them too.
Source: https://spec.openapis.org/oas/v3.0.3
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accountsctl.model.http_methods import CALLABLE, OPENAPI_ANY
from accountsctl.model.http_methods import EXTENSION as X

Json = Mapping[str, Any]

VERSION = "3.0.3"
VERBS = tuple(method.lower() for method in CALLABLE)
OF_ANY = tuple(verb for verb in VERBS if verb != "head")
REFUSAL = "GatewayRefusal"
_VARIABLE = re.compile(r"\{([^}+]+)\+?\}")
_GATEWAYS = {
    "403": "The gateway refuses the request.",
    "429": "Too many requests just now.",
    "502": "The function's response is not valid.",
    "503": "The function is not available just now.",
    "504": "The function took too long.",
}
_UNAUTHORIZED = "No token, or not one that this API takes."
_COGNITO = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The ID token of a signed-in user: `accountsctl auth token`.",
}


def document(title: str, url: str, export: Json, described: Iterable[Json]) -> dict[str, Any]:
    """The document of an API. `export` is GetExport's (oas30, with extensions); the first description of an operation
    is taken where there are several."""
    words = list(described)
    schemes = {name: _scheme(component) for name, component in _components(export, "securitySchemes").items()}
    used = {
        name
        for _, _, operation in operations(export)
        for alternative in operation.get("security", ())
        for name in alternative
    }
    paths: dict[str, dict[str, Any]] = {}
    for path, verb, operation in operations(export):
        own = next((found for word in words if (found := _described(word, path, verb))), None)
        paths.setdefault(path, {})[verb] = _operation(path, verb, operation, own)
    _drop_dead_links(paths)
    return {
        "openapi": VERSION,
        "info": _info(title, words),
        "servers": [{"url": url}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            **_merged(words, export),
            "securitySchemes": {name: scheme for name, scheme in schemes.items() if name in used},
        },
    }


def operations(export: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, verb and operation of everything that a client can call; preflights are the browser's own business."""
    for path, item in export.get("paths", {}).items():
        for verb in VERBS:
            operation = item.get(verb) or (item.get(OPENAPI_ANY) if verb in OF_ANY else None)
            if operation is not None:
                yield path, verb, operation


def not_deployed(export: Json, described: Json) -> tuple[str, ...]:
    """What is described and is not deployed, as ``GET /path``."""
    there = {(path, verb) for path, verb, _ in operations(export)}
    return tuple(
        f"{verb.upper()} {path}"
        for path, item in described.get("paths", {}).items()
        for verb in item
        if verb in VERBS and (path, verb) not in there
    )


def _info(title: str, words: Iterable[Json]) -> dict[str, Any]:
    written: Json = next((word["info"] for word in words if word.get("info")), {})
    return {"title": title, "version": "1", **written}


def _described(words: Json, path: str, verb: str) -> Json | None:
    """An operation's description, with the parameters that its path has for all verbs."""
    item = words.get("paths", {}).get(path, {})
    if verb not in item:
        return None
    shared = item.get("parameters", [])
    own: Json = item[verb]
    return {**own, "parameters": [*shared, *own.get("parameters", [])]} if shared else own


def _operation(path: str, verb: str, operation: Json, own: Json | None) -> dict[str, Any]:
    base = dict(own) if own is not None else _unknown(operation)
    parameters = list(base.get("parameters", ()))
    named = {parameter.get("name") for parameter in parameters if parameter.get("in") == "path"}
    parameters += [_variable(name) for name in _VARIABLE.findall(path) if name not in named]
    security = operation.get("security", [])
    base.setdefault("operationId", _operation_id(path, verb))
    return {
        **base,
        **({"parameters": parameters} if parameters else {}),
        "responses": {**_refusals(bool(security)), **base["responses"]},
        "security": security,
    }


def _drop_dead_links(paths: Json) -> None:
    """A link to an operation that is not deployed leads nowhere."""
    every = [operation for item in paths.values() for operation in item.values()]
    there = {operation["operationId"] for operation in every}
    for operation in every:
        for status, answer in operation["responses"].items():
            if "links" in answer:
                kept = {
                    name: link for name, link in answer["links"].items() if link.get("operationId") in there
                }
                operation["responses"][status] = {**answer, "links": kept}


def _unknown(operation: Json) -> dict[str, Any]:
    """An operation as the gateway alone knows it: whatever the function answers is right."""
    kept = {key: value for key, value in operation.items() if not key.startswith("x-") and key != "responses"}
    return {**kept, "responses": {"default": {"description": "What the function answers."}}}


def _variable(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _operation_id(path: str, verb: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", path)
    return verb + "".join(word[0].upper() + word[1:] for word in words)


def _refusals(secured: bool) -> dict[str, Any]:
    reasons = {"401": _UNAUTHORIZED, **_GATEWAYS} if secured else _GATEWAYS
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{REFUSAL}"}}}
    return {status: {"description": text, "content": content} for status, text in reasons.items()}


def _scheme(scheme: Json) -> dict[str, Any]:
    """A security scheme in plain OpenAPI; a Cognito authorizer takes its token bare or after "Bearer "."""
    if scheme.get(f"{X}authtype") == "cognito_user_pools" and scheme.get("name") == "Authorization":
        return dict(_COGNITO)
    return {key: value for key, value in scheme.items() if not key.startswith("x-")}


def _merged(words: Iterable[Json], export: Json) -> dict[str, Any]:
    """The parts that operations refer to: of all descriptions, and the gateway's models."""
    schemas = dict(_components(export, "schemas"))
    parts: dict[str, dict[str, Any]] = {"schemas": schemas}
    for word in words:
        for kind, found in word.get("components", {}).items():
            parts.setdefault(kind, {}).update(found)
    schemas[REFUSAL] = {
        "type": "object",
        "description": "What API Gateway says by itself.",
        "properties": {"message": {"type": "string", "nullable": True}},
    }
    return parts


def _components(export: Json, kind: str) -> Json:
    found: Json = export.get("components", {}).get(kind, {})
    return found
