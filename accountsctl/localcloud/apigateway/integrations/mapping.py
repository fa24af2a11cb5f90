"""Mapping templates and parameters, for integrations other than proxies: MOCK, and AWS with a function.

A request template makes the integration's request; the integration response whose pattern matches makes the
method's answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError, configuration_error
from accountsctl.localcloud.apigateway.gateway_responses import is_mapping, mapped
from accountsctl.localcloud.apigateway.templates import jsonpath, vtl
from accountsctl.localcloud.contracts.messages import Response

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import IntegrationResponseTypeDef, IntegrationTypeDef

HEADER = "method.response.header."
BODY = "integration.response.body"
UNDECLARED = "Output mapping refers to an invalid method response: {}"
UNMATCHED = (
    "No match for output mapping and no default output mapping configured. Endpoint Response Status Code: {}"
)


def _inputs(call: GatewayCall, body: str) -> vtl.TemplateInputs:
    params = {"header": call.headers(), "path": call.path_parameters, "querystring": dict(call.query)}
    return vtl.TemplateInputs(params, body, call.context(), call.stage.variables, call.overrides)


def requested(call: GatewayCall, integration: IntegrationTypeDef) -> vtl.TemplateResult:
    """The integration's request: the body through the template of its type, or as it came."""
    templates: Mapping[str, str] = integration.get("requestTemplates") or {}
    content_type = (call.request.header("Content-Type") or "application/json").split(";")[0].strip()
    body = call.request.body.decode("utf-8", "replace")
    if content_type in templates:
        return vtl.render(templates[content_type], _inputs(call, body))
    behaviour = integration.get("passthroughBehavior") or "WHEN_NO_MATCH"
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return vtl.TemplateResult(body, None, {})


def chosen(
    responses: Mapping[str, IntegrationResponseTypeDef], message: str | None, status: str
) -> IntegrationResponseTypeDef:
    """The response whose pattern matches the integration's `message`, else the one without a pattern."""
    default = None
    for response in responses.values():
        pattern = response.get("selectionPattern")
        if pattern and message is not None and re.fullmatch(pattern, message):
            return response
        if not pattern and default is None:
            default = response
    if default is None:
        raise configuration_error(UNMATCHED.format(status))
    return default


def answered(
    call: GatewayCall, response: IntegrationResponseTypeDef, request: vtl.TemplateResult, body: str = ""
) -> Response:
    """The method's answer; `body` is the integration's. Raises GatewayError for a status that the method lacks."""
    if response["statusCode"] not in (call.method.get("methodResponses") or {}):
        raise configuration_error(UNDECLARED.format(response["statusCode"]))
    content_type, rendered = _rendered(call, response.get("responseTemplates") or {}, body)
    headers = {"content-type": ("Content-Type", content_type)}
    for target, source in (response.get("responseParameters") or {}).items():
        value = _value(call, source, body)
        if value is not None:
            name = target.removeprefix(HEADER)
            headers[name.lower()] = (name, value)
    for name, value in {**request.headers, **rendered.headers}.items():
        headers[name.lower()] = (name, value)
    status = rendered.status or request.status or int(response["statusCode"])
    return Response(status, tuple(headers.values()), rendered.text.encode())


def is_source(source: str) -> bool:
    """Whether the embedded gateway supports a response parameter of this source."""
    if source.startswith(f"{BODY}."):
        try:
            return bool(jsonpath.steps("$" + source.removeprefix(BODY)))
        except jsonpath.PathError:
            return False
    return source == BODY or is_mapping(source)


def _value(call: GatewayCall, source: str, body: str) -> str | None:
    """A response parameter's value: part of the integration's body, or what gateway responses can say too."""
    if source == BODY:
        return body
    if source.startswith(f"{BODY}."):
        found = jsonpath.find("$" + source.removeprefix(BODY), body)
        return None if found is None else found if isinstance(found, str) else json.dumps(found)
    return mapped(source, call, {"context": call.context(), "stageVariables": call.stage.variables})


def _rendered(
    call: GatewayCall, templates: Mapping[str, str | None], body: str
) -> tuple[str, vtl.TemplateResult]:
    if not templates:
        return "application/json", vtl.TemplateResult(body, None, {})
    wanted = (call.request.header("Accept") or "").split(",")[0].split(";")[0].strip()
    names = [wanted, "application/json", *templates]
    content_type = next(name for name in names if name in templates)
    return content_type, vtl.render(templates[content_type] or "", _inputs(call, body))
