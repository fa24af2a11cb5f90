"""Payload format 1.0 of HTTP APIs: the event, and the answer, which must have a statusCode."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from accountsctl.localcloud.contracts.http_events import request_time, several_values
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
        "multiValueHeaders": several_values(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": several_values(query) or None,
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
            **_signer(call),
            "sourceIp": call.request.source_ip,
            "userAgent": call.request.header("User-Agent") or "",
        },
        "path": call.path,
        "protocol": "HTTP/1.1",
        "requestId": call.request_id,
        "requestTime": request_time(call.seconds),
        "requestTimeEpoch": int(call.seconds * 1000),
        "resourceId": None,
        "resourcePath": _resource(call),
        "stage": call.stage,
    }


def _signer(call: HttpCall) -> dict[str, object]:
    """What the identity shows of who has signed the request."""
    iam = dict(call.authorizer or {}).get("iam")
    if not isinstance(iam, Mapping):
        return {}
    return {
        "accessKey": iam["accessKey"],
        "accountId": iam["accountId"],
        "caller": iam["callerId"],
        "user": iam["userId"],
        "userArn": iam["userArn"],
    }
