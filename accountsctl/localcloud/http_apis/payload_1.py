"""Payload format 1.0 of HTTP APIs: the event, and the answer, which must have a statusCode."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from urllib.parse import parse_qsl

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Response
from accountsctl.localcloud.http_apis.call import HttpCall
from accountsctl.localcloud.http_apis.payloads import MalformedAnswer, body_of, headers_of, structured

NAMES = (
    "cognitoIdentityPoolId",
    "cognitoIdentityId",
    "principalOrgId",
    "cognitoAuthenticationType",
    "userArn",
    "user",
)
IDENTITY = dict.fromkeys((*NAMES, "accessKey", "accountId", "caller", "cognitoAuthenticationProvider"))


def event(call: HttpCall) -> dict[str, object]:
    """The event of one request."""
    headers, query = headers_of(call), parse_qsl(call.request.query, keep_blank_values=True)
    body, encoded = body_of(call)
    return {
        "version": "1.0",
        "resource": _resource(call),
        "path": call.path,
        "httpMethod": call.request.method,
        "headers": dict(headers),
        "multiValueHeaders": _several(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _several(query) or None,
        "requestContext": _context(call),
        "pathParameters": dict(call.path_parameters) or None,
        "stageVariables": dict(call.stage_variables) or None,
        "body": body,
        "isBase64Encoded": encoded,
    }


def response(payload: bytes) -> Response:
    """The response of a function's answer; raises MalformedAnswer."""
    try:
        answer = json.loads(payload)
    except ValueError:
        raise MalformedAnswer from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        raise MalformedAnswer
    return structured(answer)


def _resource(call: HttpCall) -> str:
    return call.route_key.partition(" ")[2] or call.route_key


def _context(call: HttpCall) -> dict[str, object]:
    authorizer = dict(call.authorizer or {}).get("jwt")
    return {
        "accountId": ACCOUNT,
        "apiId": call.api_id,
        **({"authorizer": authorizer} if authorizer is not None else {}),
        "domainName": call.host,
        "domainPrefix": call.api_id,
        "extendedRequestId": call.request_id,
        "httpMethod": call.request.method,
        "identity": {
            **IDENTITY,
            "sourceIp": call.request.source_ip,
            "userAgent": call.request.header("User-Agent") or "",
        },
        "path": call.path,
        "protocol": "HTTP/1.1",
        "requestId": call.request_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(call.seconds)),
        "requestTimeEpoch": int(call.seconds * 1000),
        "resourceId": None,
        "resourcePath": _resource(call),
        "stage": call.stage,
    }


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
