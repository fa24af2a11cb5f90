"""What we fix in moto's Cognito tokens.

Every pool has a key of its own (moto ships one key pair to everyone, so anyone could forge a token), and
its tokens carry the claims that AWS's do.
"""

from __future__ import annotations

import base64
import importlib
import secrets
import string
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from accountsctl.localcloud.contracts.lookups import KeySet
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.cognitoidp.models import (
        CognitoIdpGroup,
        CognitoIdpUser,
        CognitoIdpUserPool,
        CognitoIdpUserPoolClient,
    )

    class KeyedUserPool(CognitoIdpUserPool):
        """moto's user pool, with the id of its own key, which we add."""

        key_id: str


Result = TypeVar("Result")

KEPT_TOKENS = 200  # access tokens per pool that GetUser still accepts; older ones would only grow the state
KEPT_REFRESH_TOKENS = 1000  # refresh tokens per pool, those that were revoked too
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_LETTERS = string.ascii_letters + string.digits


def install() -> None:
    """Fix the tokens of moto.cognitoidp. Once per process."""
    pool = models("cognito-idp").CognitoIdpUserPool
    wrap(pool, "__init__", _create_key)
    pool.create_jwt = create_jwt
    wrap(pool, "create_id_token", _forget_old_tokens)
    wrap(pool, "create_access_token", _forget_old_tokens)
    wrap(pool, "create_refresh_token", _forget_old_tokens)


def jwks(pool: KeyedUserPool) -> KeySet:
    """The pool's public key as /.well-known/jwks.json shows it."""
    public = pool.json_web_key.as_dict(private=False)
    key = {
        "alg": "RS256",
        "e": str(public["e"]),
        "kid": pool.key_id,
        "kty": "RSA",
        "n": str(public["n"]),
        "use": "sig",
    }
    return {"keys": [key]}


def _create_key(original: Callable[..., None], pool: KeyedUserPool, *args: object, **named: object) -> None:
    original(pool, *args, **named)
    jwk = importlib.import_module("joserfc.jwk")
    pool.json_web_key = jwk.RSAKey.generate_key(2048)
    pool.key_id = base64.b64encode(secrets.token_bytes(32)).decode()
    # AWS's ids end in nine letters and digits; moto's end in 32, which no id of AWS does.
    pool.id = f"{pool.region}_{''.join(secrets.choice(_LETTERS) for _ in range(9))}"
    pool.arn = f"{pool.arn.rpartition('/')[0]}/{pool.id}"


def create_jwt(
    pool: KeyedUserPool,
    client_id: str,
    username: str,
    token_use: str,
    expires_in: int | None = None,
    extra_data: JsonObject | None = None,
) -> tuple[str, int]:
    """A token with the claims of AWS's, signed by the pool's key, and its lifetime in seconds."""
    user = pool._get_user(username)
    client = pool.clients.get(client_id)
    lifetime = expires_in or validity(client, token_use)
    now = int(time.time())
    claims: JsonObject = {
        "sub": user.id,
        "iss": f"https://cognito-idp.{pool.region}.amazonaws.com/{pool.id}",
        "token_use": token_use,
        "auth_time": now,
        "iat": now,
        "exp": now + lifetime,
        "jti": str(uuid.uuid4()),
        "event_id": str(uuid.uuid4()),
    }
    if token_use == "access":  # noqa: S105 - a kind of token, not a secret
        claims |= {"client_id": client_id, "username": user.username}
    else:
        claims |= {"aud": client_id, "cognito:username": user.username, **_attributes(client, user)}
        claims |= roles_of(user)
    extra = {key: value for key, value in (extra_data or {}).items() if key not in claims}
    header = {"kid": pool.key_id, "alg": "RS256"}
    token = importlib.import_module("joserfc.jwt").encode(header, claims | extra, pool.json_web_key)
    return token, lifetime


def roles_of(user: CognitoIdpUser) -> Mapping[str, str | list[str]]:
    """The roles of the user's groups; the preferred one is that of the group with the lowest precedence.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
    """
    order = sorted(
        (_precedence(group), group.group_name, group.role_arn) for group in user.groups if group.role_arn
    )
    if not order:
        return {}
    first = {role for precedence, _, role in order if precedence == order[0][0]}
    preferred = {"cognito:preferred_role": order[0][2]} if len(first) == 1 else {}
    return {"cognito:roles": list(dict.fromkeys(role for *_, role in order)), **preferred}


def _precedence(group: CognitoIdpGroup) -> int:
    """A group without a precedence comes last."""
    return 1 << 31 if group.precedence is None else int(group.precedence)


def validity(client: CognitoIdpUserPoolClient | None, token_use: str) -> int:
    """A token's lifetime in seconds; AWS's default is an hour."""
    config = client.extended_config if client else {}
    kind = "AccessToken" if token_use == "access" else "IdToken"  # noqa: S105
    amount = config.get(f"{kind}Validity")
    if not amount:
        return 3600
    return int(amount) * UNITS[(config.get("TokenValidityUnits") or {}).get(kind, "hours")]


def _attributes(client: CognitoIdpUserPoolClient | None, user: CognitoIdpUser) -> Mapping[str, str | bool]:
    """The user's attributes that the client may read; a client without a list of its own may read all."""
    readable = client.get_readable_fields() if client else []
    attributes: dict[str, str | bool] = {}
    for attribute in user.attributes:
        name, value = attribute["Name"], attribute["Value"]
        if name != "sub" and (not readable or name in readable):
            attributes[name] = value == "true" if name.endswith("_verified") else value
    return attributes


def _forget_old_tokens(
    original: Callable[..., Result], pool: KeyedUserPool, *args: object, **named: object
) -> Result:
    token = original(pool, *args, **named)
    pool.id_tokens.clear()
    while len(pool.access_tokens) > KEPT_TOKENS:
        del pool.access_tokens[next(iter(pool.access_tokens))]
    while len(pool.refresh_tokens) > KEPT_REFRESH_TOKENS:
        del pool.refresh_tokens[next(iter(pool.refresh_tokens))]
    return token
