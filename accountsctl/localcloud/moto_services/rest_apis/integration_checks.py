"""What API Gateway refuses of PutIntegration: URIs that mean no service, and timeouts that it does not have."""

from __future__ import annotations

import re

from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request

_SERVICE = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:(?P<service>[\w.-]+):(?P<kind>path|action)/(?P<rest>.*)")
_FUNCTION = re.compile(r"/*\d{4}-\d{2}-\d{2}/functions/.+/invocations/?")
_STREAM = re.compile(r"PutRecord(Batch)?")
PROXIES = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
SHORTEST, LONGEST = 50, 29_000  # milliseconds


def put_integration(call: ControlCall) -> None:
    """Raise GatewayFault for a URI or a timeout that cannot be."""
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
