"""STS's answer to GetCallerIdentity, where moto is not asked.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Response


def caller_identity(arn: str, user_id: str) -> Response:
    """Who calls, in this cloud's one account."""
    body = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{escape(arn)}</Arn><UserId>{escape(user_id)}</UserId><Account>{ACCOUNT}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    return Response(200, (("Content-Type", "text/xml"),), body.encode())
