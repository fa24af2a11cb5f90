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


class Unauthorized(Exception):
    """No token, or one that the authorizer does not accept: 401."""


class InsufficientScope(Exception):
    """A valid token without any of the route's scopes: 403."""


def authorize(
    request: Request, rules: JwtRules, scopes: tuple[str, ...], lookups: Lookups, now: float
) -> dict[str, object]:
    """The `claims` and the `scopes` of the event; raises Unauthorized or InsufficientScope."""
    token = _token(request, rules.source)
    claims = _verified(token, rules, lookups)
    if not _is_current(claims, now):
        raise Unauthorized
    audience = claims.get("aud", claims.get("client_id"))
    accepted = audience if isinstance(audience, list) else [audience]
    if not set(map(str, accepted)) & set(rules.audience):
        raise Unauthorized
    granted = str(claims.get("scope") or claims.get("scp") or "").split()
    if scopes and not set(granted) & set(scopes):
        raise InsufficientScope
    shown = [scope for scope in granted if scope in scopes] or None
    return {"claims": {name: _text(value) for name, value in claims.items()}, "scopes": shown}


def _token(request: Request, source: str) -> str:
    if source.startswith(HEADER):
        sent = request.header(source.removeprefix(HEADER)) or ""
    else:
        sent = dict(parse_qsl(request.query)).get(source.removeprefix(QUERY), "")
    token = sent.removeprefix("Bearer ").strip()
    if not token:
        raise Unauthorized
    return token


def _verified(token: str, rules: JwtRules, lookups: Lookups) -> Claims:
    def keys_of(claims: Claims) -> KeySet:
        keys = lookups.jwks(rules.issuer.rpartition("/")[2])
        if claims.get("iss") != rules.issuer or keys is None:
            raise Unauthorized
        return keys

    try:
        return verified_claims(token, keys_of)
    except InvalidToken:
        raise Unauthorized from None


def _is_current(claims: Claims, now: float) -> bool:
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    return isinstance(expires, int | float) and now < expires and begins <= now


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return json.dumps(value)
