"""What we fix in moto's Cognito user pools, so that a sign-in proves something.

- USER_SRP_AUTH checks the proof of the password (moto takes any password).
- A client's ExplicitAuthFlows and its secret are enforced; a session is valid for one challenge of one
  user (moto lets any session set any user's password).
- GetTokensFromRefreshToken and RevokeToken, which Amplify 6 calls, are there.
"""

from __future__ import annotations

import base64
import collections
import importlib
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from accountsctl.localcloud.moto_services import confirmation_codes, srp
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.client_checks import (
    check_flow,
    check_refresh,
    check_secret,
    find_client,
)
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
    from moto.cognitoidp.responses import CognitoIdpResponse
    from moto.core.responses import ActionResult

    from accountsctl.localcloud.moto_services.tokens import KeyedUserPool

Value = TypeVar("Value")

WRONG = "Incorrect username or password."
KEPT_SESSIONS = 1000

# Sessions in the middle of a sign-in: the SRP challenge or the next challenge of each, and its user. They live
# minutes and are not saved: a sign-in that a kill cut off starts again.
_challenges: collections.OrderedDict[str, tuple[srp.SrpChallenge, str]] = collections.OrderedDict()
_issued: collections.OrderedDict[str, tuple[str, str]] = collections.OrderedDict()


def install() -> None:
    """Fix how moto.cognitoidp signs users in. Once per process."""
    moto = models("cognito-idp")
    responses = importlib.import_module("moto.cognitoidp.responses").CognitoIdpResponse
    wrap(moto.CognitoIdpBackend, "initiate_auth", _initiate)
    wrap(moto.CognitoIdpBackend, "admin_initiate_auth", _admin_initiate)
    wrap(moto.CognitoIdpBackend, "respond_to_auth_challenge", _respond)
    wrap(moto.CognitoIdpBackend, "update_user_pool", _rename)
    confirmation_codes.install()
    responses.get_tokens_from_refresh_token = _get_tokens
    responses.revoke_token = _revoke


def _rename(
    original: Callable[..., None], backend: CognitoIdpBackend, user_pool_id: str, extended_config: JsonObject
) -> None:
    """moto files the new name of a pool among its other settings."""
    name = extended_config.pop("PoolName", None)
    original(backend, user_pool_id, extended_config)
    if name:
        backend.user_pools[user_pool_id].name = name


def region_for(body: Mapping[str, object]) -> str | None:
    """The region of the client, session or token that the body of an unsigned call names; None if it names none."""
    client, token, session = (body.get(key) for key in ("ClientId", "AccessToken", "Session"))
    for regions in backends("cognito-idp").values():
        for region, backend in regions.items():
            pools = backend.user_pools.values()
            if any(client in pool.clients or token in pool.access_tokens for pool in pools):
                return str(region)
            if session and session in backend.sessions:
                return str(region)
    return None


def find_pool(pool_id: str) -> KeyedUserPool | None:
    """The pool of this id in any region; None if there is none."""
    for regions in backends("cognito-idp").values():
        for backend in regions.values():
            pool: KeyedUserPool | None = backend.user_pools.get(pool_id)
            if pool is not None:
                return pool
    return None


def _initiate(
    original: Callable[..., JsonObject],
    backend: CognitoIdpBackend,
    client_id: str,
    auth_flow: str,
    auth_parameters: Mapping[str, str] | None,
) -> JsonObject:
    parameters = auth_parameters or {}
    pool, client = find_client(backend, client_id)
    check_flow(pool, client, auth_flow)
    check_secret(client, auth_flow, parameters)
    if auth_flow == "CUSTOM_AUTH":
        return {}  # the triggers decide, see `user_pools.custom_auth`
    if auth_flow.startswith("REFRESH_TOKEN"):
        check_refresh(pool, client_id, parameters.get("REFRESH_TOKEN"))
    number = _srp_a(parameters) if auth_flow == "USER_SRP_AUTH" else 0
    result = original(backend, client_id, auth_flow, parameters)
    if number:
        return _begin_srp(backend, pool, result, number)
    return _issue(backend, pool, result, parameters.get("USERNAME", ""))


def _admin_initiate(
    original: Callable[..., JsonObject],
    backend: CognitoIdpBackend,
    user_pool_id: str,
    client_id: str,
    auth_flow: str,
    auth_parameters: Mapping[str, str] | None,
) -> JsonObject:
    parameters = auth_parameters or {}
    pool = backend.describe_user_pool(user_pool_id)
    client = pool.clients.get(client_id)
    if client:
        check_flow(pool, client, auth_flow)
    if auth_flow == "CUSTOM_AUTH":
        return {}
    if auth_flow.startswith("REFRESH_TOKEN"):
        check_refresh(pool, client_id, parameters.get("REFRESH_TOKEN"))
    result = original(backend, user_pool_id, client_id, auth_flow, parameters)
    return _issue(backend, pool, result, parameters.get("USERNAME", ""))


def _srp_a(parameters: Mapping[str, str]) -> int:
    """The client's public number A of SRP."""
    invalid = models("cognito-idp").InvalidParameterException
    try:
        number = int(parameters.get("SRP_A", ""), 16)
    except ValueError:
        raise invalid("Missing required parameter SRP_A") from None
    if number <= 0 or number % srp.N == 0:
        raise invalid("SRP_A is not a valid value")
    return number


def _begin_srp(
    backend: CognitoIdpBackend, pool: CognitoIdpUserPool, result: JsonObject, number: int
) -> JsonObject:
    """Replace moto's random numbers by a challenge. Its session is not valid until the proof."""
    session = result["Session"]
    name, _ = backend.sessions.pop(session)
    user = backend.admin_get_user(pool.id, name)
    # A user without a password gets a challenge too, which nothing can pass.
    challenge = srp.challenge(pool.id, user.username, user.password or secrets.token_hex(), number)
    block = base64.b64encode(secrets.token_bytes(256)).decode()
    _remember(_challenges, block, (challenge, name))
    numbers = {"SALT": challenge.salt, "SRP_B": challenge.b_hex, "SECRET_BLOCK": block}
    names = {"USERNAME": user.username, "USER_ID_FOR_SRP": user.username}
    return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {**numbers, **names}}


def _respond(
    original: Callable[..., JsonObject],
    backend: CognitoIdpBackend,
    session: str,
    client_id: str,
    challenge_name: str,
    challenge_responses: Mapping[str, str] | None,
) -> JsonObject:
    responses = dict(challenge_responses or {})
    pool, _ = find_client(backend, client_id)
    if challenge_name == "PASSWORD_VERIFIER":
        session, name = _prove(pool, responses)
        backend.sessions[session] = (name, pool)
        responses["PASSWORD_CLAIM_SECRET_BLOCK"] = session
    else:
        name = _check_session(pool, session, challenge_name, responses)
    responses["USERNAME"] = name
    result = original(backend, session, client_id, challenge_name, responses)
    _issued.pop(session or "", None)
    if not result.get("ChallengeName"):
        backend.sessions.pop(session, None)
    return _issue(backend, pool, result, name)


def _prove(pool: CognitoIdpUserPool, responses: Mapping[str, str]) -> tuple[str, str]:
    """Check the proof of a challenge, which can be tried once; return a new session and the user's name."""
    wrong = models("cognito-idp").NotAuthorizedError(WRONG)
    block = responses.get("PASSWORD_CLAIM_SECRET_BLOCK", "")
    challenge, name = _challenges.pop(block, (None, ""))
    if challenge is None or challenge.pool_name != pool.id.partition("_")[2]:
        raise wrong
    timestamp, signature = responses.get("TIMESTAMP", ""), responses.get("PASSWORD_CLAIM_SIGNATURE", "")
    if not timestamp or not challenge.proves(block, timestamp, signature):
        raise wrong
    user = pool._get_user(name)
    if user is None or responses.get("USERNAME") not in (user.username, name):
        raise wrong
    return str(uuid.uuid4()), name


def _check_session(
    pool: CognitoIdpUserPool, session: str | None, challenge: str, responses: Mapping[str, str]
) -> str:
    """Return the user of a session; raises NotAuthorizedException unless it was issued for this challenge."""
    issued_for, name = _issued.get(session or "", ("", ""))
    user = pool._get_user(name) if issued_for == challenge else None
    if user is None or responses.get("USERNAME") not in (user.username, name):
        raise models("cognito-idp").NotAuthorizedError("Invalid session for the user.")
    return name


def _issue(backend: CognitoIdpBackend, pool: CognitoIdpUserPool, result: JsonObject, name: str) -> JsonObject:
    """Remember which challenge a session is for; forget moto's own sessions that were given to no one."""
    session = result.get("Session")
    if session and result.get("ChallengeName"):
        _remember(_issued, session, (result["ChallengeName"], name))
    for stale in [key for key in backend.sessions if key not in _issued]:
        del backend.sessions[stale]
    user = pool._get_user(name) if name else None
    if user and result.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        result["ChallengeParameters"] = {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": "[]",
            "userAttributes": "{}",
        }
    return result


def _remember(table: collections.OrderedDict[str, Value], key: str, value: Value) -> None:
    """Add an entry, and drop the oldest ones over the limit."""
    table[key] = value
    while len(table) > KEPT_SESSIONS:
        table.popitem(last=False)


def _get_tokens(operation: CognitoIdpResponse) -> ActionResult:
    """GetTokensFromRefreshToken: what REFRESH_TOKEN_AUTH does, as an operation of its own."""
    client_id, token = operation._get_param("ClientId"), operation._get_param("RefreshToken")
    pool, client = find_client(operation.backend, client_id)
    if client.generate_secret and operation._get_param("ClientSecret") != client.secret:
        raise models("cognito-idp").NotAuthorizedError(f"Unable to verify secret hash for client {client_id}")
    check_refresh(pool, client_id, token)
    access, identity, lifetime = pool.create_tokens_from_refresh_token(token)
    tokens = {"AccessToken": access, "IdToken": identity, "ExpiresIn": lifetime, "TokenType": "Bearer"}
    return _result({"AuthenticationResult": tokens})


def _revoke(operation: CognitoIdpResponse) -> ActionResult:
    """RevokeToken: end the refresh token, and the access tokens of its user and client."""
    moto = models("cognito-idp")
    client_id, token = operation._get_param("ClientId"), operation._get_param("Token")
    pool, client = find_client(operation.backend, client_id)
    if client.generate_secret and operation._get_param("ClientSecret") != client.secret:
        raise moto.NotAuthorizedError(f"Unable to verify secret hash for client {client_id}")
    if token in pool.access_tokens:
        raise moto.InvalidParameterException("Only refresh tokens can be revoked.")
    owner = pool.refresh_tokens.get(token)
    if owner and owner[0] != client_id:
        raise moto.NotAuthorizedError("Invalid Refresh Token")
    if owner:
        pool.refresh_tokens[token] = None
        client_and_user = owner[:2]
        for access in [key for key, value in pool.access_tokens.items() if value == client_and_user]:
            del pool.access_tokens[access]
    return _result({})


def _result(value: Mapping[str, object]) -> ActionResult:
    from moto.core.responses import ActionResult

    return ActionResult(value)
