"""Payload format 2.0: the event of a function, and what its answer becomes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from accountsctl.localcloud.contracts.http_events import HOP_BY_HOP, request_time
from accountsctl.localcloud.contracts.messages import Response
from accountsctl.localcloud.http_apis.call import HttpCall

TEXT = re.compile(r"text/.*|application/(.*\+)?(json|xml)|application/javascript", re.IGNORECASE)
MALFORMED = "The response from the Lambda function doesn't match the format that API Gateway expects."
DROPPED = HOP_BY_HOP | {"date", "server"}


class MalformedAnswer(Exception):
    """The function's answer is not a response."""


def event(call: HttpCall) -> dict[str, object]:
    """The event of one request."""
    body, encoded = body_of(call)
    cookies = call.request.header("Cookie")
    query = _joined(parse_qsl(call.request.query, keep_blank_values=True))
    return {
        "version": "2.0",
        "routeKey": call.route_key,
        "rawPath": call.path,
        "rawQueryString": call.request.query,
        **({"cookies": [cookie.strip() for cookie in cookies.split(";")]} if cookies else {}),
        "headers": _joined((name, value) for name, value in headers_of(call) if name != "cookie"),
        **({"queryStringParameters": query} if query else {}),
        "requestContext": event_context(call),
        **({"body": body} if body is not None else {}),
        **({"pathParameters": dict(call.path_parameters)} if call.path_parameters else {}),
        "isBase64Encoded": encoded,
        **({"stageVariables": dict(call.stage_variables)} if call.stage_variables else {}),
    }


def headers_of(call: HttpCall) -> list[tuple[str, str]]:
    """The request's headers in lower case, with those that AWS adds."""
    added = {
        "host": call.host,
        "x-amzn-trace-id": call.trace_id,
        "x-forwarded-for": call.request.source_ip,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    sent = [(name.lower(), value) for name, value in call.request.headers]
    return [(name, value) for name, value in sent if name not in HOP_BY_HOP and name not in added] + list(
        added.items()
    )


def body_of(call: HttpCall) -> tuple[str | None, bool]:
    """The body as the event has it, and whether it is in Base64: all but text is."""
    body = call.request.body
    if not body:
        return None, False
    kind = (call.request.header("Content-Type") or "").split(";")[0].strip()
    if TEXT.fullmatch(kind):
        return body.decode("utf-8", "replace"), False
    return base64.b64encode(body).decode(), True


def response(payload: bytes) -> Response:
    """The response of a function's answer; raises MalformedAnswer."""
    try:
        answer = json.loads(payload)
    except ValueError:
        raise MalformedAnswer from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        text = answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))
        return Response(200, (("Content-Type", "application/json"),), text.encode())
    return structured(answer)


def error_of(payload: bytes) -> str:
    """What the payload of a failed invocation says, in one line."""
    try:
        error = json.loads(payload)
    except ValueError:
        return "it returned no JSON"
    found = error if isinstance(error, dict) else {}
    parts = [str(found[name]) for name in ("errorType", "errorMessage") if found.get(name)]
    return ": ".join(parts) or "it stated no error"


def structured(answer: Mapping[str, Any]) -> Response:
    """The response of an answer with a statusCode; raises MalformedAnswer if it is not one of AWS's form."""
    status, body = answer.get("statusCode"), answer.get("body")
    if isinstance(status, bool) or not re.fullmatch(r"[1-9]\d\d", str(status)):
        raise MalformedAnswer
    given = answer.get("headers") or {}
    if not isinstance(given, dict):
        raise MalformedAnswer
    headers = [(str(name), _text(value)) for name, value in given.items() if name.lower() not in DROPPED]
    several = answer.get("multiValueHeaders") or {}
    headers += [(str(name), _text(value)) for name, values in several.items() for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    headers += [("Set-Cookie", str(cookie)) for cookie in answer.get("cookies") or []]
    return Response(
        int(str(status)), tuple(headers), _body(body, encoded=bool(answer.get("isBase64Encoded")))
    )


def _body(body: object, *, encoded: bool) -> bytes:
    if body is None:
        return b""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    if not encoded:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise MalformedAnswer from None


def _text(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return re.sub(r"[\r\n]+", " ", text)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Values of one name, joined by commas."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def event_context(call: HttpCall) -> dict[str, object]:
    """The requestContext of an event."""
    return {
        "accountId": call.account,
        "apiId": call.api_id,
        **({"authorizer": dict(call.authorizer)} if call.authorizer is not None else {}),
        "domainName": call.host,
        "domainPrefix": call.api_id,
        "http": {
            "method": call.request.method,
            "path": call.path,
            "protocol": "HTTP/1.1",
            "sourceIp": call.request.source_ip,
            "userAgent": call.request.header("User-Agent") or "",
        },
        "requestId": call.request_id,
        "routeKey": call.route_key,
        "stage": call.stage,
        "time": request_time(call.seconds),
        "timeEpoch": int(call.seconds * 1000),
    }
