"""Requests that are signed for an HTTP API or a function URL: who has signed, and what the event shows of them."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.localcloud.contracts import sigv4
from accountsctl.localcloud.contracts.lookups import ACCOUNT, Lookups, Signer
from accountsctl.localcloud.contracts.messages import Request


@dataclass(frozen=True)
class SignedCaller:
    """Who has signed a request, and with which key."""

    signer: Signer
    access_key: str

    def context(self) -> dict[str, object]:
        """`requestContext.authorizer.iam` of payload format 2.0."""
        return {
            "accessKey": self.access_key,
            "accountId": ACCOUNT,
            "callerId": self.signer.id,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": self.signer.arn,
            "userId": self.signer.id,
        }


def caller_of(
    request: Request, service: str, region: str, lookups: Lookups, now: float
) -> SignedCaller | None:
    """Who has signed the request for a service in a region; None if no one has."""
    signature = sigv4.parse(request)
    if signature is None or (signature.service, signature.region) != (service, region):
        return None
    signer = lookups.signer(signature.access_key, signature.token)
    if signer is None or (signer.token and signer.token != signature.token):
        return None
    if signer.expires is not None and signer.expires <= now:
        return None
    valid = sigv4.is_current(signature, now) and sigv4.matches(signature, request, signer.secret)
    return SignedCaller(signer, signature.access_key) if valid else None
