"""Errors of the services that speak JSON by X-Amz-Target, in the form in which AWS sends them.

Their protocol has one status for what a caller did wrong, and a shape for each error that says how its message is
called. moto chooses status and name by service.
https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import botocore.session
from botocore.model import StructureShape

from accountsctl.localcloud.contracts.messages import Request, Response

SERVICES = {
    "secretsmanager": "secretsmanager",
    "ssm": "ssm",
    "logs": "logs",
    "kms": "kms",
    "events": "events",
}
"""By scope of the signature: the model of the service; of those whose errors moto words as AWS does."""


def as_aws(response: Response, scope: str, request: Request) -> Response:
    """A response with its error in AWS's form; anything else as it is."""
    if not 400 <= response.status < 500 or scope not in SERVICES or not request.header("X-Amz-Target"):
        return response
    try:
        body = json.loads(response.body)
        code = str(body["__type"]).rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        return response
    name = _message_member(SERVICES[scope], code)
    if name and name not in body:
        others = {key: value for key, value in body.items() if key.lower() != "message"}
        text = body.get("message", body.get("Message", ""))
        return replace(response, status=400, body=json.dumps({**others, name: text}).encode())
    return replace(response, status=400)


@cache
def _message_member(service: str, code: str) -> str | None:
    """How the message of an error is called in the service's model; None if it has no such error."""
    model = botocore.session.get_session().get_service_model(service)
    shape = model.shape_for(code) if code in model.shape_names else None
    members = shape.members if isinstance(shape, StructureShape) else {}
    return next((name for name in members if name.lower() == "message"), None)
