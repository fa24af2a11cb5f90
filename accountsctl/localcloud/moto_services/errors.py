"""Errors that we raise in front of moto, in the shape of each service's protocol."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from accountsctl.localcloud.contracts.messages import Request, Response

_XML = ("cloudformation", "iam", "sts", "rds", "sns", "ec2", "s3", "s3express", "cloudfront", "route53")


def refusal(scope: str, status: int, code: str, message: str, request: Request | None = None) -> Response:
    """An error that a client of this service can read. `request` tells the protocol of a service that is not known.

    A request of the query protocol is a form, and its client reads XML:
    https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    """
    if scope in _XML or (request is not None and _is_form(request)):
        return Response(status, (("Content-Type", "text/xml"),), _xml(scope, code, message).encode())
    headers = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code))
    return Response(status, headers, json.dumps({"__type": code, "message": message}).encode())


def _is_form(request: Request) -> bool:
    return (request.header("Content-Type") or "").startswith("application/x-www-form-urlencoded")


def _xml(scope: str, code: str, message: str) -> str:
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if scope in ("s3", "s3express"):
        return f"<Error>{inner}</Error>"
    if scope == "ec2":
        return f"<Response><Errors><Error>{inner}</Error></Errors></Response>"
    return f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error></ErrorResponse>"


def not_imitated(scope: str, what: str, request: Request) -> Response:
    """501: AWS has this, and the embedded cloud does not."""
    return refusal(scope, 501, "NotImplemented", f"The embedded cloud does not imitate {what}.", request)
