"""The AWS_PROXY integration: a Lambda function gets the whole request and gives the whole answer."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TypedDict, TypeGuard

from accountsctl.localcloud.apigateway.call import GatewayCall, is_binary
from accountsctl.localcloud.apigateway.errors import FAILED, bad_gateway, configuration_error
from accountsctl.localcloud.apigateway.integrations import lambda_calls
from accountsctl.localcloud.apigateway.integrations.proxy_event import event
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Response

MALFORMED = f"{FAILED}Malformed Lambda proxy response"
FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
REMAPPED = {
    "authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards",
    "proxy-authenticate", "server", "trailer", "user-agent", "www-authenticate",
}  # fmt: skip
DROPPED = {"transfer-encoding", "upgrade", "keep-alive", "te", "via"}


class ProxyResponse(TypedDict, total=False):
    """The response of a function behind a proxy integration ("output format" in AWS's documentation)."""

    statusCode: int | str | None
    headers: dict[str, str | bool] | None
    multiValueHeaders: dict[str, list[str | bool]] | None
    body: str | None
    isBase64Encoded: bool | None


def respond(call: GatewayCall, lookups: Lookups, invoker: Invoker) -> Response:
    """Invoke the method's function for `call`."""
    done = lambda_calls.run(call, json.dumps(event(call)).encode(), lookups, invoker)
    if done.error is not None:
        raise bad_gateway(lambda_calls.failure(done)[1])
    return _response(call, done.payload)


def _response(call: GatewayCall, payload: bytes) -> Response:
    result = _parsed(payload)
    headers = _headers(result)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    headers.append(("X-Amzn-Trace-Id", call.segment))
    status = result.get("statusCode")
    return Response(200 if status is None else int(status), tuple(headers), _body(call, result))


def _parsed(payload: bytes) -> ProxyResponse:
    """The function's answer, where it has the shape of a proxy response; a 502 where not."""
    try:
        result = json.loads(payload)
    except ValueError:
        raise bad_gateway(MALFORMED) from None
    if not _is_proxy_response(result):
        raise bad_gateway(MALFORMED)
    return result


def _is_proxy_response(result: object) -> TypeGuard[ProxyResponse]:
    if not isinstance(result, dict) or not set(result) <= FIELDS:
        return False
    status = result.get("statusCode")
    if isinstance(status, bool) or not re.fullmatch(r"[1-9]\d\d", "200" if status is None else str(status)):
        return False
    single, multiple = result.get("headers") or {}, result.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(multiple, dict):
        return False
    values = list(single.values())
    for several in multiple.values():
        if not isinstance(several, list):
            return False
        values += several
    if not all(isinstance(value, str | bool) for value in values):
        return False
    return isinstance(result.get("body"), str | None) and isinstance(
        result.get("isBase64Encoded"), bool | None
    )


def _headers(result: ProxyResponse) -> list[tuple[str, str]]:
    """A name in both maps has the values of multiValueHeaders, then that of headers."""
    pairs = [
        (name, value) for name, values in (result.get("multiValueHeaders") or {}).items() for value in values
    ]
    pairs += (result.get("headers") or {}).items()
    return [
        (f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name, _text(value))
        for name, value in pairs
        if name.lower() not in DROPPED
    ]


def _text(value: str | bool) -> str:
    """A header's value; what would break the message is folded into blanks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return re.sub(r"[\r\n]+", " ", value)


def _body(call: GatewayCall, result: ProxyResponse) -> bytes:
    body = result.get("body") or ""
    accept = (call.request.header("Accept") or "*/*").split(",")[0]
    if not result.get("isBase64Encoded") or not is_binary(accept, call.api.binary_types):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise configuration_error("Unable to base64 decode the body.") from None
