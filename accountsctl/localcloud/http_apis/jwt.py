"""JWT authorizers of HTTP APIs, whose issuer is a user pool of this cloud.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from accountsctl.localcloud.contracts.http_apis import JwtRules
from accountsctl.localcloud.contracts.lookups import KeySet, Lookups
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.contracts.token_verification import Claims, InvalidToken, verified_claims

HEADER = "$request.header."
QUERY = "$request.querystring."
SEPARATORS = 2
"""Dots in a signed token (RFC 7515, section 3.1)."""


class Unauthorized(Exception):
    """No token, or one that the authorizer does not accept: 401.

    `challenge` is the value of WWW-Authenticate:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
    """

    def __init__(self, challenge: str = "Bearer") -> None:
        super().__init__(challenge)
        self.challenge = challenge


class InsufficientScope(Exception):
    """A valid token without any of the route's scopes: 403."""

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__(scopes)
        self.challenge = _challenge(scopes, "insufficient_scope")


def authorize(
    request: Request, rules: JwtRules, scopes: tuple[str, ...], lookups: Lookups, now: float
) -> dict[str, object]:
    """The `claims` and the `scopes` of the event; raises Unauthorized or InsufficientScope."""
    token = _token(request, rules.source)
    if token.count(".") != SEPARATORS:
        raise _invalid(scopes, "token contains an invalid number of segments")
    claims = _verified(token, rules, scopes, lookups)
    if not _is_current(claims, now):
        raise _invalid(scopes, "the token has expired")
    audience = claims.get("aud", claims.get("client_id"))
    accepted = audience if isinstance(audience, list) else [audience]
    if not set(map(str, accepted)) & set(rules.audience):
        raise _invalid(scopes, "the token does not have a valid audience")
    granted = str(claims.get("scope") or claims.get("scp") or "").split()
    if scopes and not set(granted) & set(scopes):
        raise InsufficientScope(scopes)
    shown = [scope for scope in granted if scope in scopes] or None
    return {"claims": {name: _text(value) for name, value in claims.items()}, "scopes": shown}


def _challenge(scopes: tuple[str, ...], error: str) -> str:
    return f'Bearer scope="{" ".join(scopes)}" error="{error}"'


def _invalid(scopes: tuple[str, ...], description: str | None = None) -> Unauthorized:
    """The refusal of a token; its description only where AWS's own is known."""
    described = f' error_description="{description}"' if description else ""
    return Unauthorized(_challenge(scopes, "invalid_token") + described)


def _token(request: Request, source: str) -> str:
    if source.startswith(HEADER):
        sent = request.header(source.removeprefix(HEADER)) or ""
    else:
        sent = dict(parse_qsl(request.query)).get(source.removeprefix(QUERY), "")
    token = sent.removeprefix("Bearer ").strip()
    if not token:
        raise Unauthorized
    return token


def _verified(token: str, rules: JwtRules, scopes: tuple[str, ...], lookups: Lookups) -> Claims:
    def keys_of(claims: Claims) -> KeySet:
        keys = lookups.jwks(rules.issuer.rpartition("/")[2])
        if claims.get("iss") != rules.issuer or keys is None:
            raise _invalid(scopes)
        return keys

    try:
        return verified_claims(token, keys_of)
    except InvalidToken:
        raise _invalid(scopes) from None


def _is_current(claims: Claims, now: float) -> bool:
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    return isinstance(expires, int | float) and now < expires and begins <= now


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return json.dumps(value)
