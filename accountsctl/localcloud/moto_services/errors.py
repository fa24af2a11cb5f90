"""Errors that we raise in front of moto, in the shape of each service's protocol."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from accountsctl.localcloud.contracts.messages import Response

_QUERY = (
    *("cloudformation", "iam", "sts", "rds", "sns"),
    # Services that are refused as a whole; their clients read XML too.
    *("autoscaling", "cloudfront", "elasticache", "elasticbeanstalk", "elasticloadbalancing"),
    *("redshift", "route53", "ses"),
)


def refusal(scope: str, status: int, code: str, message: str) -> Response:
    """An error that a client of this service can read."""
    if scope in (*_QUERY, "ec2", "s3"):
        return Response(status, (("Content-Type", "text/xml"),), _xml(scope, code, message).encode())
    headers = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code))
    return Response(status, headers, json.dumps({"__type": code, "message": message}).encode())


def _xml(scope: str, code: str, message: str) -> str:
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if scope == "s3":
        return f"<Error>{inner}</Error>"
    if scope == "ec2":
        return f"<Response><Errors><Error>{inner}</Error></Errors></Response>"
    return f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error></ErrorResponse>"


def not_imitated(scope: str, what: str) -> Response:
    """501: AWS has this, and the embedded cloud does not."""
    return refusal(scope, 501, "NotImplemented", f"The embedded cloud does not imitate {what}.")
