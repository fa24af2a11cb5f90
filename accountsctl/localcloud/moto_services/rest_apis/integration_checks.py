"""What API Gateway refuses of PutIntegration and PutIntegrationResponse: URIs, timeouts, mappings, content types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.mappings import INVALID, request_faults, response_faults
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request

if TYPE_CHECKING:
    from moto.apigateway.models import Method

_SERVICE = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:(?P<service>[\w.-]+):(?P<kind>path|action)/(?P<rest>.*)")
_FUNCTION = re.compile(r"/*\d{4}-\d{2}-\d{2}/functions/.+/invocations/?")
_STREAM = re.compile(r"PutRecord(Batch)?")
PROXIES = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
SHORTEST, LONGEST = 50, 29_000  # milliseconds


def put_integration(call: ControlCall) -> None:
    """Raise GatewayFault for a URI, a timeout, a mapping or a content type that cannot be."""
    _check_target(call)
    _check_content_types(call.body.get("requestTemplates") or ())
    declared = _method(call).request_parameters or {}
    for fault in request_faults(declared, (call.body.get("requestParameters") or {}).values()):
        raise bad_request(fault)


def put_integration_response(call: ControlCall) -> None:
    """Raise GatewayFault for a mapping to a header that the method's response does not declare, or a content type."""
    _check_content_types(call.body.get("responseTemplates") or ())
    mapped = call.body.get("responseParameters") or {}
    response = _method(call).method_responses.get(call.path["status_code"])
    if mapped and response is None:
        raise bad_request(INVALID.format("No method response exists for method."))
    declared = (response.response_parameters if response is not None else None) or {}
    for fault in response_faults(declared, mapped):
        raise bad_request(fault)


def _method(call: ControlCall) -> Method:
    assert call.api is not None  # control has seen that all that the path names is there
    return call.api.resources[call.path["resource_id"]].resource_methods[call.path["http_method"]]


def _check_content_types(names: Iterable[str]) -> None:
    for name in names:
        if "/" not in name and name != "$default":
            raise bad_request(
                f"Validation Result: warnings : [], errors : [Invalid content type specified: {name}]"
            )


def _check_target(call: ControlCall) -> None:
    timeout = call.body.get("timeoutInMillis")
    if timeout is not None and not SHORTEST <= int(timeout) <= LONGEST:
        raise bad_request(f"Timeout should be between {SHORTEST} ms and {LONGEST} ms")
    kind, uri = call.body.get("type"), str(call.body.get("uri") or "")
    if kind not in ("AWS", "AWS_PROXY"):
        return
    if not call.body.get("httpMethod"):
        raise bad_request("Enumeration value for HttpMethod must be non-empty")
    if not uri.startswith("arn:"):
        raise bad_request("Invalid ARN specified in the request")
    service = _SERVICE.fullmatch(uri)
    if service is None:
        raise bad_request("AWS ARN for integration must contain path or action")
    if kind == "AWS_PROXY" and not _is_proxied(service):
        raise bad_request(PROXIES)


def _is_proxied(service: re.Match[str]) -> bool:
    if service["service"].endswith("lambda"):
        return _FUNCTION.fullmatch(service["rest"]) is not None
    return service["service"] == "firehose" and _STREAM.fullmatch(service["rest"]) is not None
