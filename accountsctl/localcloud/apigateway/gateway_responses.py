"""Gateway responses: how an error of the gateway becomes HTTP, with the API's own customisations.

A customised type replaces DEFAULT_4XX or DEFAULT_5XX wholly; it inherits nothing of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import FIXED, GatewayError
from accountsctl.localcloud.contracts.messages import Response

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import GatewayResponseTypeDef

DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'
DENIED_TEMPLATE = '{"Message":$context.error.messageString}'
PREFIX = "gatewayresponse.header."
_PATH = r"(context|stageVariables)\.([A-Za-z0-9_.-]*[A-Za-z0-9_])"
Variables = Mapping[str, Mapping[str, object]]
"""What mapping expressions may refer to: `context` and `stageVariables`."""
_VARIABLE = re.compile(rf"\$(?:{_PATH}|\{{{_PATH}\}})")


def bare(error: GatewayError) -> Response:
    """The answer where no API is known, so that nothing can be customised."""
    body = json.dumps({"message": error.message}, separators=(",", ":")).encode()
    return Response(error.status, (("x-amzn-ErrorType", error.error_type), *_JSON), body)


def respond(error: GatewayError, call: GatewayCall) -> Response:
    """The answer to `call`, by the snapshot's gateway responses."""
    if error.kind == FIXED:
        return bare(error)
    custom = _custom(error, call.api.responses)
    template = _template(error, custom)
    values = {"context": _context(error, call), "stageVariables": call.stage.variables}
    body = _VARIABLE.sub(lambda found: _shown(found, values), template[1])
    status = int(custom.get("statusCode") or error.status)
    headers = {"content-type": ("Content-Type", template[0])}
    for name, value in parameters(custom.get("responseParameters") or {}, PREFIX, call, values):
        headers[name.lower()] = (name, value)
    return Response(status, (("x-amzn-ErrorType", error.error_type), *headers.values()), body.encode())


def parameters(
    mappings: Mapping[str, str], prefix: str, call: GatewayCall, values: Variables
) -> list[tuple[str, str]]:
    """Response headers of mappings such as `gatewayresponse.header.X: "'literal'"`; absent sources give none."""
    found = []
    for target, source in mappings.items():
        if target.startswith(prefix):
            value = mapped(source, call, values)
            if value is not None:
                found.append((target.removeprefix(prefix), value))
    return found


def mapped(source: str, call: GatewayCall, values: Variables) -> str | None:
    """The value of a mapping expression: a quoted literal, method.request.*, context.*, stageVariables.*."""
    if source.startswith("'") and source.endswith("'") and len(source) > 1:
        return source[1:-1]
    match source.split(".", 3):
        case ["method", "request", "header", name]:
            return call.request.header(name)
        case ["method", "request", "querystring", name]:
            return dict(call.query).get(name)
        case ["method", "request", "path", name]:
            return call.path_parameters.get(name)
        case ["context" | "stageVariables" as root, *_]:
            value = _walk(values[root], source.partition(".")[2])
            return None if value is None else str(value)
        case _:
            return None


def is_mapping(source: str) -> bool:
    """Whether `mapped` understands this expression."""
    if source.startswith("'"):
        return source.endswith("'") and len(source) > 1
    return (
        re.match(r"(method\.request\.(header|querystring|path)|context|stageVariables)\.\S+$", source)
        is not None
    )


_JSON = (("Content-Type", "application/json"),)


def _custom(error: GatewayError, responses: Mapping[str, GatewayResponseTypeDef]) -> GatewayResponseTypeDef:
    default = "DEFAULT_4XX" if error.status < 500 else "DEFAULT_5XX"
    return responses.get(error.kind or "") or responses.get(default) or {}


def _template(error: GatewayError, custom: GatewayResponseTypeDef) -> tuple[str, str]:
    """Content type and template. No Accept negotiation: application/json first, then whatever there is."""
    templates = custom.get("responseTemplates") or {}
    if "application/json" in templates:
        return "application/json", templates["application/json"]
    for content_type, template in templates.items():
        return content_type, template
    return "application/json", DENIED_TEMPLATE if error.kind == "ACCESS_DENIED" else DEFAULT_TEMPLATE


def _context(error: GatewayError, call: GatewayCall) -> dict[str, object]:
    error_context = {
        "message": error.message,
        "messageString": json.dumps(error.message),
        "validationErrorString": error.validation,
        "responseType": error.kind or ("DEFAULT_4XX" if error.status < 500 else "DEFAULT_5XX"),
    }
    return {**call.context(), "error": error_context}


def _shown(found: re.Match[str], values: Variables) -> str:
    root, path = found[1] or found[3], found[2] or found[4]
    value = _walk(values[root], path)
    return "" if value is None else str(value)


def _walk(value: object, path: str) -> object:
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
