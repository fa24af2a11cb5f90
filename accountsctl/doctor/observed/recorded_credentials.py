"""How a recorded request proves who sends it, and what may be shown of its token."""

from __future__ import annotations

from collections.abc import Collection

from accountsctl.doctor.browser.page_request import Credential, Token, read_token

SIGNATURE = "aws4-hmac"


def credential_of(authorization: str | None, names: Collection[str]) -> Credential:
    """The credential of a request with this Authorization (None: not recorded) and headers of these names."""
    if (authorization or "").lower().startswith(SIGNATURE) or "x-amz-date" in names:
        return Credential.SIGNATURE
    return Credential.TOKEN if authorization or "authorization" in names else Credential.NONE


def token_of(authorization: str | None) -> Token | None:
    """The token's claims, or that it is a variable without a value; None if nothing is known of it.

    What is not a JWT may stand for one: people replace tokens by a word before they share a recording.
    """
    if authorization is None or authorization.lower().startswith(SIGNATURE):
        return None
    token = read_token(authorization)
    return token if token.jwt or token.unset else None
