"""What we fix in moto's Cognito tokens.

Every pool has a key of its own (moto ships one key pair to everyone, so anybody could forge a token), and
its tokens carry the claims that AWS's do.
"""

from __future__ import annotations

import base64
import importlib
import secrets
import string
import time
import uuid
from typing import Any

from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

KEPT_TOKENS = 200  # access tokens per pool that GetUser still knows; older ones would only grow the state
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_LETTERS = string.ascii_letters + string.digits


def install() -> None:
    """Fix the tokens of moto.cognitoidp. Once per process."""
    pool = models("cognito-idp").CognitoIdpUserPool
    wrap(pool, "__init__", _own_key)
    pool.create_jwt = create_jwt
    wrap(pool, "create_id_token", _forget_old_tokens)
    wrap(pool, "create_access_token", _forget_old_tokens)


def jwks(pool: Any) -> dict[str, Any]:
    """The pool's public key as /.well-known/jwks.json shows it."""
    public = pool.json_web_key.as_dict(private=False)
    shown = {
        "alg": "RS256",
        "e": public["e"],
        "kid": pool.key_id,
        "kty": "RSA",
        "n": public["n"],
        "use": "sig",
    }
    return {"keys": [shown]}


def _own_key(original: Any, pool: Any, *args: Any, **named: Any) -> None:
    original(pool, *args, **named)
    jwk = importlib.import_module("joserfc.jwk")
    pool.json_web_key = jwk.RSAKey.generate_key(2048)
    pool.key_id = base64.b64encode(secrets.token_bytes(32)).decode()
    # AWS's ids end in nine letters and digits; moto's 32 would be another service's idea of an id.
    pool.id = f"{pool.region}_{''.join(secrets.choice(_LETTERS) for _ in range(9))}"
    pool.arn = f"{pool.arn.rpartition('/')[0]}/{pool.id}"


def create_jwt(
    pool: Any,
    client_id: str,
    username: str,
    token_use: str,
    expires_in: int | None = None,
    extra_data: dict[str, Any] | None = None,
) -> tuple[str, int]:
    """A token with the claims of AWS's, signed by the pool's key."""
    user = pool._get_user(username)
    lifetime = expires_in or validity(pool.clients.get(client_id), token_use)
    now = int(time.time())
    claims: dict[str, Any] = {
        "sub": user.id,
        "iss": f"https://cognito-idp.{pool.region}.amazonaws.com/{pool.id}",
        "token_use": token_use,
        "auth_time": now,
        "iat": now,
        "exp": now + lifetime,
        "jti": str(uuid.uuid4()),
        "event_id": str(uuid.uuid4()),
    }
    if token_use == "access":  # noqa: S105 - a kind of token, no secret
        claims |= {"client_id": client_id, "username": user.username}
    else:
        claims |= {"aud": client_id, "cognito:username": user.username, **_attributes(pool, client_id, user)}
    extra = {key: value for key, value in (extra_data or {}).items() if key not in claims}
    header = {"kid": pool.key_id, "alg": "RS256"}
    token = importlib.import_module("joserfc.jwt").encode(header, claims | extra, pool.json_web_key)
    return token, lifetime


def validity(client: Any, token_use: str) -> int:
    """A token's lifetime in seconds; AWS's default is an hour."""
    config = client.extended_config if client else {}
    kind = "AccessToken" if token_use == "access" else "IdToken"  # noqa: S105
    amount = config.get(f"{kind}Validity")
    if not amount:
        return 3600
    return int(amount) * UNITS[(config.get("TokenValidityUnits") or {}).get(kind, "hours")]


def _attributes(pool: Any, client_id: str, user: Any) -> dict[str, Any]:
    """The user's attributes that the client may read; with no list of its own it may read all."""
    client = pool.clients.get(client_id)
    readable = client.get_readable_fields() if client else []
    shown: dict[str, Any] = {}
    for item in user.attributes:
        name, value = item["Name"], item["Value"]
        if name != "sub" and (not readable or name in readable):
            shown[name] = value == "true" if name.endswith("_verified") else value
    return shown


def _forget_old_tokens(original: Any, pool: Any, *args: Any, **named: Any) -> Any:
    made = original(pool, *args, **named)
    pool.id_tokens.clear()
    while len(pool.access_tokens) > KEPT_TOKENS:
        del pool.access_tokens[next(iter(pool.access_tokens))]
    return made
