"""What a JWT authorizer compares a token with: the JwtConfiguration of an HTTP API, in a resource or a document.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.templates.common import listed, mapping
from accountsctl.doctor.facts.unknown import is_unknown


def issuer_of(authorizer: Mapping[str, Any]) -> str | None:
    """The issuer, compared letter by letter with the token's iss; None if only the deployment knows it."""
    issuer = _configuration(authorizer).get("issuer")
    return issuer if isinstance(issuer, str) and issuer and not is_unknown(issuer) else None


def audiences_of(authorizer: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The audiences, of which the token's aud or client_id has to be one; None if only the deployment knows them."""
    audiences = _configuration(authorizer).get("audience")
    if audiences is None or is_unknown(audiences):
        return None
    return tuple(str(audience) for audience in listed(audiences))


def _configuration(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The configuration with its names in lower case, as documents write them."""
    stated = mapping(authorizer.get("JwtConfiguration") or authorizer.get("jwtConfiguration"))
    return {str(name).lower(): value for name, value in stated.items()}
