"""The event of a Lambda proxy integration, format 1.0."""

from __future__ import annotations

import base64

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.http_events import HOP_BY_HOP, several_values

# CloudFront, which every API stands behind, spells these two its own way
CAPITALISED = {"authorization": "Authorization", "user-agent": "User-Agent"}


def event(call: GatewayCall) -> dict[str, object]:
    """What the function gets for `call`."""
    headers = _headers(call)
    query = call.query
    body, encoded = _body(call)
    return {
        "resource": call.resource.path if call.resource else None,
        "path": "/" + call.path.lstrip("/"),
        "httpMethod": call.request.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": several_values(headers) or None,
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": several_values(query) or None,
        "pathParameters": dict(call.encoded_path_parameters) or None,
        "stageVariables": dict(call.stage.variables) or None,
        "requestContext": call.context(),
        "body": body,
        "isBase64Encoded": encoded,
    }


def _headers(call: GatewayCall) -> list[tuple[str, str]]:
    sent = [
        (CAPITALISED.get(name.lower(), name), value)
        for name, value in call.request.headers
        if name.lower() not in HOP_BY_HOP
    ]
    names = {name.lower() for name, _ in sent}
    added = {
        "Host": call.api.domain,
        "X-Amzn-Trace-Id": call.trace_id,
        "X-Forwarded-For": call.request.source_ip,
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    return sent + [(name, value) for name, value in added.items() if name.lower() not in names]


def _body(call: GatewayCall) -> tuple[str | None, bool]:
    body = call.request.body
    if not body:
        return None, False
    if call.binary:
        return base64.b64encode(body).decode(), True
    return body.decode("utf-8", "replace"), False
