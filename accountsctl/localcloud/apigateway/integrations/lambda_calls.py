"""Calling a method's function: whether API Gateway may, what it sends, and what it writes to its log."""

from __future__ import annotations

import json
import time
from email.utils import formatdate

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError, integration_failure, integration_timeout
from accountsctl.localcloud.apigateway.gateway_responses import parameters
from accountsctl.localcloud.apigateway.integrations import invoking
from accountsctl.localcloud.apigateway.integrations.permission import allowed, source_arn
from accountsctl.localcloud.contracts.lookups import Invocation, Invoker, Lookups

TIMEOUT = 29_000
HEADER_TARGET = "integration.request.header."
# Measured on AWS: a function is not called if a mapping sets one of these headers of the integration's request.
REFUSED_HEADERS = frozenset(
    (
        "authorization",
        "connection",
        "content-length",
        "expect",
        "proxy-authenticate",
        "te",
        "transfer-encoding",
    )
)
MAPPED_HEADER = "Unable to set a header that the integration's request may not have"
MAX_EVENT = 6 * 1024 * 1024
WRONG_METHOD = "Unable to determine service/operation name to be authorized"
LOGGED = 1000  # characters of one value


def run(call: GatewayCall, payload: bytes, lookups: Lookups, invoker: Invoker) -> Invocation:
    """The function's answer, failed or not; GatewayError where it is not reached, or does not come in time."""
    integration = call.method["methodIntegration"]
    if integration.get("httpMethod") != "POST":
        raise integration_failure(WRONG_METHOD)
    function = invoking.function(call, integration["uri"], lookups)
    if function is None:
        raise integration_failure("Invalid permissions on Lambda function")
    url = f"https://lambda.{function.region}.amazonaws.com/2015-03-31/functions/{function.arn}/invocations"
    if call.is_test_invoke:
        _log_request(call, url, payload)
    if REFUSED_HEADERS & mapped_headers(call):
        raise integration_failure(MAPPED_HEADER)
    if not integration.get("credentials") and not allowed(function.policy, source_arn(call)):
        raise integration_failure("Invalid permissions on Lambda function")
    if len(payload) > MAX_EVENT:
        raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long")
    limit = int(integration.get("timeoutInMillis") or TIMEOUT)
    begun = time.monotonic()
    try:
        done = invoking.invoke(invoker, function, payload, limit / 1000)
    except invoking.TooSlow:
        raise integration_timeout() from None
    if call.is_test_invoke:
        _log_answer(call, done, int((time.monotonic() - begun) * 1000))
    return done


def mapped_headers(call: GatewayCall) -> set[str]:
    """The names, in lower case, of the headers that the method's requestParameters set for this request."""
    mappings = call.method["methodIntegration"].get("requestParameters") or {}
    if not mappings:
        return set()
    values = {"context": call.context(), "stageVariables": call.stage.variables}
    return {name.lower() for name, _ in parameters(mappings, HEADER_TARGET, call, values)}


def failure(done: Invocation) -> tuple[str, str]:
    """A failed function's message, and API Gateway's log entry for it."""
    try:
        error = json.loads(done.payload)
    except ValueError:
        error = {}
    message = str(error.get("errorMessage", "")) if isinstance(error, dict) else ""
    why = f"Lambda execution failed with status 200 due to customer function error: {message}. "
    return message, f"{why}Lambda request id: {done.request_id}"


def shown(headers: dict[str, str]) -> str:
    """Headers as the log has them."""
    return cut("{" + ", ".join(f"{name}={value}" for name, value in headers.items()) + "}")


def cut(text: str) -> str:
    """A value as the log has it."""
    return text if len(text) <= LOGGED else f"{text[:LOGGED]} [TRUNCATED]"


def _log_request(call: GatewayCall, url: str, payload: bytes) -> None:
    headers = {
        "x-amzn-lambda-integration-tag": call.request_id,
        "Authorization": "*" * 64,
        "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(call.seconds)),
        "x-amzn-apigateway-api-id": call.api.id,
        "X-Amz-Source-Arn": source_arn(call),
        "Accept": "application/json",
        "User-Agent": f"AmazonAPIGateway_{call.api.id}",
        "X-Amzn-Trace-Id": call.trace_id,
        "Content-Type": "application/json",
    }
    call.log += [
        f"Endpoint request URI: {url}",
        f"Endpoint request headers: {shown(headers)}",
        f"Endpoint request body after transformations: {cut(payload.decode())}",
        f"Sending request to {url}",
    ]


def _log_answer(call: GatewayCall, done: Invocation, milliseconds: int) -> None:
    headers = {
        "Date": formatdate(usegmt=True),
        "Content-Type": "application/json",
        "Content-Length": str(len(done.payload)),
        "Connection": "keep-alive",
        "x-amzn-RequestId": done.request_id,
        **({"X-Amz-Function-Error": done.error} if done.error else {}),
        "X-Amz-Executed-Version": "$LATEST",
        "X-Amzn-Trace-Id": call.trace_id,
    }
    call.log += [
        f"Received response. Status: 200, Integration latency: {milliseconds} ms",
        f"Endpoint response headers: {shown(headers)}",
        f"Endpoint response body before transformations: {cut(done.payload.decode('utf-8', 'replace'))}",
    ]
