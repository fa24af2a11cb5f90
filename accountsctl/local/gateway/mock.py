"""The MOCK integration: the request template names a status, the matching integration response answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..messages import Response
from . import vtl
from .answers import mapped
from .call import Call
from .errors import GatewayError, configuration_error
from .vtl_parse import VtlError

HEADER = "method.response.header."
_STATUS = re.compile(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})\b""")


def answer(call: Call) -> Response:
    """Run the method's MOCK integration."""
    integration = call.method["methodIntegration"]
    if call.binary and integration.get("contentHandling") != "CONVERT_TO_TEXT":
        raise configuration_error()  # a template cannot transform a binary body
    try:
        request = _request(call, integration)
        chosen = _chosen(integration.get("integrationResponses") or {}, _status(request.text))
        return _response(call, chosen, request)
    except VtlError:
        raise configuration_error() from None


def _inputs(call: Call, body: str) -> vtl.Inputs:
    params = {"header": call.headers(), "path": call.path_parameters, "querystring": dict(call.query)}
    return vtl.Inputs(params, body, call.context(), call.stage.variables)


def _request(call: Call, integration: Mapping[str, Any]) -> vtl.Rendered:
    templates: Mapping[str, str] = integration.get("requestTemplates") or {}
    content_type = (call.request.header("Content-Type") or "application/json").split(";")[0].strip()
    body = call.request.body.decode("utf-8", "replace")
    if content_type in templates:
        return vtl.render(templates[content_type], _inputs(call, body))
    behaviour = integration.get("passthroughBehavior") or "WHEN_NO_MATCH"
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return vtl.Rendered(body, None, {})


def _status(text: str) -> str:
    """The statusCode that a rendered request template names; `{statusCode: 200}` is taken as well as JSON."""
    try:
        told = json.loads(text)
    except ValueError:
        found = _STATUS.search(text)
        if found is None:
            raise configuration_error() from None
        return found[1]
    status = told.get("statusCode") if isinstance(told, dict) else None
    if isinstance(status, bool) or not re.fullmatch(r"\d{3}", str(status)):
        raise configuration_error()
    return str(status)


def _chosen(responses: Mapping[str, Mapping[str, Any]], status: str) -> Mapping[str, Any]:
    default = None
    for each in responses.values():
        pattern = each.get("selectionPattern")
        if pattern and re.fullmatch(pattern, status):
            return each
        if not pattern and default is None:
            default = each
    if default is None:
        raise configuration_error()
    return default


def _response(call: Call, chosen: Mapping[str, Any], request: vtl.Rendered) -> Response:
    content_type, rendered = _rendered(call, chosen.get("responseTemplates") or {})
    headers = {"content-type": ("Content-Type", content_type)}
    values = {"context": call.context(), "stageVariables": call.stage.variables}
    for target, source in (chosen.get("responseParameters") or {}).items():
        value = mapped(source, call, values)
        if value is not None:
            name = target.removeprefix(HEADER)
            headers[name.lower()] = (name, value)
    for name, value in {**request.headers, **rendered.headers}.items():
        headers[name.lower()] = (name, value)
    status = rendered.status or request.status or int(chosen["statusCode"])
    return Response(status, tuple(headers.values()), rendered.text.encode())


def _rendered(call: Call, templates: Mapping[str, str | None]) -> tuple[str, vtl.Rendered]:
    wanted = (call.request.header("Accept") or "").split(",")[0].split(";")[0].strip()
    names = [wanted, "application/json", *templates]
    content_type = next((name for name in names if name in templates), "application/json")
    template = templates.get(content_type) or ""
    return content_type, vtl.render(template, _inputs(call, ""))
