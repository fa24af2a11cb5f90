"""Cognito authorizers: verify the token of a request with the public keys of the user pool.

A method without authorizationScopes accepts ID tokens; one with scopes accepts access tokens that carry one of
them. A token may stand alone or after `Bearer `. No part of a token is ever logged.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError, unauthorized
from accountsctl.localcloud.contracts.lookups import KeySet, Lookups
from accountsctl.localcloud.contracts.token_reading import claims_of
from accountsctl.localcloud.contracts.token_verification import Claims, InvalidToken, verified_claims

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import AuthorizerTypeDef

HEADER_SOURCE = re.compile(r"^method\.request\.header\.([A-Za-z0-9_-]+)$")
POOL_ARN = re.compile(r"^arn:aws[a-z-]*:cognito-idp:([a-z0-9-]+):\d{12}:userpool/(\S+)$")


def cognito(call: GatewayCall, authorizer: AuthorizerTypeDef, lookups: Lookups) -> dict[str, dict[str, str]]:
    """The requestContext's `authorizer`; GatewayError if the token is not accepted."""
    source = HEADER_SOURCE.match(authorizer.get("identitySource") or "method.request.header.Authorization")
    sent = call.request.header(source[1]) if source else None
    if not sent:
        raise unauthorized()
    token = sent.removeprefix("Bearer ").strip()
    claims = _verified(token, authorizer.get("providerARNs") or [], lookups)
    if _time(claims.get("exp")) <= call.seconds:
        raise unauthorized("The incoming token has expired")
    _check_use(claims, call.method.get("authorizationScopes") or [])
    expression = authorizer.get("identityValidationExpression")
    if expression and not re.fullmatch(expression, str(claims.get("aud", ""))):
        raise unauthorized()
    return {"claims": dict(_as_text(token))}  # a template may change its own


def _verified(token: str, pools: list[str], lookups: Lookups) -> Claims:
    """The claims of a token that one of `pools` has signed."""
    try:
        return verified_claims(token, lambda claims: _keys(claims, pools, lookups))
    except InvalidToken:
        # AWS does not report to the sender what is wrong with a token
        raise unauthorized() from None


def _keys(claims: Claims, pools: list[str], lookups: Lookups) -> KeySet:
    for arn in pools:
        region, pool = _pool(arn)
        if claims["iss"] != f"https://cognito-idp.{region}.amazonaws.com/{pool}":
            continue
        keys = lookups.jwks(pool)
        if keys is None:
            raise GatewayError("AUTHORIZER_CONFIGURATION_ERROR", None)
        return keys
    raise unauthorized()


@lru_cache(maxsize=256)
def _pool(arn: str) -> tuple[str, str]:
    found = POOL_ARN.match(arn)
    if found is None:
        raise GatewayError("AUTHORIZER_CONFIGURATION_ERROR", None)
    return found[1], found[2]


def _check_use(claims: Claims, scopes: list[str]) -> None:
    if not scopes:
        if claims.get("token_use") != "id":
            raise unauthorized()
        return
    granted = str(claims.get("scope", "")).split()
    if claims.get("token_use") != "access" or not set(granted) & set(scopes):
        raise unauthorized()


@lru_cache(maxsize=256)
def _as_text(token: str) -> Mapping[str, str]:
    """The claims of a token as a function gets them."""
    return {name: _claim(name, value) for name, value in claims_of(token).items()}


def _time(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _claim(name: str, value: object) -> str:
    """Claims reach a function as strings: times spelt out, lists joined."""
    if name in ("exp", "iat") and isinstance(value, int | float):
        return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)
