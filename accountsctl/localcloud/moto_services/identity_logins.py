"""The logins of an identity: ID tokens of user pools, verified with the pool's own key."""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.cognito import find_pool
from accountsctl.localcloud.moto_services.tokens import jwks

if TYPE_CHECKING:
    from moto.cognitoidentity.models import CognitoIdentityPool

    from accountsctl.localcloud.moto_services.tokens import KeyedUserPool

Claims = Mapping[str, object]
"""The claims of a JSON Web Token (RFC 7519, section 4)."""

NOT_SUPPORTED = "Token is not from a supported provider of this identity pool."
INVALID = "Invalid login token."


@dataclass(frozen=True)
class Login:
    """A verified login. `provider`: ``cognito-idp.<region>.amazonaws.com/<user pool>``."""

    provider: str
    client_id: str
    claims: Claims

    @property
    def subject(self) -> str:
        return str(self.claims["sub"])

    @property
    def key(self) -> str:
        """What one user is known by in all their logins."""
        return f"{self.provider}:{self.subject}"


def verified(pool: CognitoIdentityPool, logins: Mapping[str, str]) -> Login | None:
    """The login of a call, None if it has none; raises NotAuthorizedException if it proves nothing."""
    if not logins:
        return None
    if len(logins) > 1:
        raise not_authorized("The embedded cloud links no identities: send one login.")
    provider, token = next(iter(logins.items()))
    clients = {
        str(known["ClientId"])
        for known in pool.cognito_identity_providers or []
        if known["ProviderName"] == provider
    }
    if not clients:
        raise not_authorized(NOT_SUPPORTED)
    user_pool = find_pool(provider.partition("/")[2])
    claims = _claims(user_pool, token) if user_pool else None
    if claims is None or claims.get("iss") != f"https://{provider}" or claims.get("token_use") != "id":
        raise not_authorized(f"{INVALID} Not a valid OpenID Connect identity token.")
    expires, now = claims.get("exp"), int(time.time())
    if not isinstance(expires, int | float) or expires <= now:
        raise not_authorized(f"{INVALID} Token expired: {expires} >= {now}")
    if claims.get("aud") not in clients:
        raise not_authorized(f"{INVALID} Incorrect token audience.")
    return Login(provider, str(claims["aud"]), claims)


def _claims(user_pool: KeyedUserPool, token: str) -> Claims | None:
    """The claims of a token that the pool has signed; None if it has not."""
    errors = importlib.import_module("joserfc.errors")
    jwt = importlib.import_module("joserfc.jwt")
    # A copy of the key: one that has verified something holds what the saved state cannot.
    key = importlib.import_module("joserfc.jwk").RSAKey.import_key(jwks(user_pool)["keys"][0])
    try:
        claims: Claims = jwt.decode(token, key, algorithms=["RS256"]).claims
    except (errors.JoseError, ValueError):
        return None
    return claims


def not_authorized(message: str) -> Exception:
    """NotAuthorizedException in the protocol of the service."""
    return error("NotAuthorizedException", message)


def error(kind: str, message: str) -> Exception:
    """An error of the service by its name."""
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(kind, message)
