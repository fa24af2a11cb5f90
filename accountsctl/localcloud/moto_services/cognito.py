"""What we fix in moto's Cognito user pools, so that a sign-in proves something.

- USER_SRP_AUTH checks the proof of the password (moto takes any password).
- A client's ExplicitAuthFlows and its secret are enforced; a session answers the challenge that it was
  given for, by the user whom it was given to (moto lets any session set any user's password).
- GetTokensFromRefreshToken and RevokeToken, which Amplify 6 calls, are there.
"""

from __future__ import annotations

import base64
import collections
import importlib
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.moto_services import srp
from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.patching import wrap

DEFAULT_FLOWS = ("ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
FLOWS = {
    "USER_PASSWORD_AUTH": ("ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"),
    "USER_SRP_AUTH": ("ALLOW_USER_SRP_AUTH", "USER_SRP_AUTH"),
    "CUSTOM_AUTH": ("ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"),
    "REFRESH_TOKEN_AUTH": ("ALLOW_REFRESH_TOKEN_AUTH", "*legacy*"),
    "REFRESH_TOKEN": ("ALLOW_REFRESH_TOKEN_AUTH", "*legacy*"),
    "ADMIN_USER_PASSWORD_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"),
    "ADMIN_NO_SRP_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"),
}
WRONG = "Incorrect username or password."
KEPT_SESSIONS = 1000

# Sessions in the middle of a sign-in. They live minutes, and a sign-in that a kill cut off starts again.
_challenges: collections.OrderedDict[str, tuple[srp.SrpChallenge, str]] = collections.OrderedDict()
_issued: collections.OrderedDict[str, tuple[str, str]] = collections.OrderedDict()


def install() -> None:
    """Fix how moto.cognitoidp signs users in. Once per process."""
    moto = models("cognito-idp")
    responses = importlib.import_module("moto.cognitoidp.responses").CognitoIdpResponse
    wrap(moto.CognitoIdpBackend, "initiate_auth", _initiate)
    wrap(moto.CognitoIdpBackend, "admin_initiate_auth", _admin_initiate)
    wrap(moto.CognitoIdpBackend, "respond_to_auth_challenge", _respond)
    responses.get_tokens_from_refresh_token = _get_tokens
    responses.revoke_token = _revoke


def region_for(request: Mapping[str, Any]) -> str | None:
    """The region of an unsigned call, found by what it names: a client, a session or a token."""
    client, token, session = (request.get(key) for key in ("ClientId", "AccessToken", "Session"))
    for regions in backends("cognito-idp").values():
        for region, backend in regions.items():
            pools = backend.user_pools.values()
            if any(client in p.clients or token in p.access_tokens for p in pools):
                return str(region)
            if session and session in backend.sessions:
                return str(region)
    return None


def find_pool(pool_id: str) -> Any:
    """The pool of this id in any region, None where there is none."""
    for regions in backends("cognito-idp").values():
        for backend in regions.values():
            if pool_id in backend.user_pools:
                return backend.user_pools[pool_id]
    return None


def _initiate(original: Any, backend: Any, client_id: str, auth_flow: str, auth_parameters: Any) -> Any:
    parameters = auth_parameters or {}
    pool, client = _client(backend, client_id)
    _check_flow(client, auth_flow)
    _check_secret(client, auth_flow, parameters)
    if auth_flow.startswith("REFRESH_TOKEN"):
        _check_refresh(pool, client_id, parameters.get("REFRESH_TOKEN"))
    number = _srp_a(parameters) if auth_flow == "USER_SRP_AUTH" else 0
    answer = original(backend, client_id, auth_flow, parameters)
    if number:
        return _begin_srp(backend, pool, answer, number)
    return _issue(backend, pool, answer, parameters.get("USERNAME", ""))


def _admin_initiate(
    original: Any, backend: Any, user_pool_id: str, client_id: str, auth_flow: str, auth_parameters: Any
) -> Any:
    parameters = auth_parameters or {}
    pool = backend.describe_user_pool(user_pool_id)
    client = pool.clients.get(client_id)
    if client:
        _check_flow(client, auth_flow)
    if auth_flow.startswith("REFRESH_TOKEN"):
        _check_refresh(pool, client_id, parameters.get("REFRESH_TOKEN"))
    answer = original(backend, user_pool_id, client_id, auth_flow, parameters)
    return _issue(backend, pool, answer, parameters.get("USERNAME", ""))


def _client(backend: Any, client_id: str) -> tuple[Any, Any]:
    for pool in backend.user_pools.values():
        if client_id in pool.clients:
            return pool, pool.clients[client_id]
    raise models("cognito-idp").ResourceNotFoundError(f"User pool client {client_id} does not exist.")


def _check_flow(client: Any, flow: str) -> None:
    """Refuse a flow that the client's ExplicitAuthFlows do not list."""
    invalid = models("cognito-idp").InvalidParameterException
    allowed = client.extended_config.get("ExplicitAuthFlows") or DEFAULT_FLOWS
    legacy = not any(name.startswith("ALLOW_") for name in allowed)
    names = FLOWS.get(flow)
    if names is None:
        return  # moto words the error about the enum
    if not (set(names) & set(allowed) or (legacy and "*legacy*" in names)):
        if flow.startswith("ADMIN_"):
            raise invalid("Auth flow not enabled for this client")
        raise invalid(f"{flow} flow not enabled for this client")
    if flow == "CUSTOM_AUTH":
        raise invalid("Custom auth lambda trigger is not configured for the user pool.")


def _check_secret(client: Any, flow: str, parameters: Mapping[str, str]) -> None:
    """A client with a secret must prove that it has it; moto asks in some flows only."""
    if not client.generate_secret or flow.startswith("REFRESH_TOKEN"):
        return
    moto = models("cognito-idp")
    sent = parameters.get("SECRET_HASH")
    if not sent:
        raise moto.NotAuthorizedError(
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    if not moto.check_secret_hash(client.secret, client.id, parameters.get("USERNAME", ""), sent):
        raise moto.NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")


def _check_refresh(pool: Any, client_id: str, token: str | None) -> None:
    moto = models("cognito-idp")
    if token not in pool.refresh_tokens:
        raise moto.NotAuthorizedError("Invalid Refresh Token")
    known = pool.refresh_tokens[token]
    if known is None:
        raise moto.NotAuthorizedError("Refresh Token has been revoked")
    if known[0] != client_id:
        raise moto.NotAuthorizedError("Invalid Refresh Token")


def _srp_a(parameters: Mapping[str, str]) -> int:
    invalid = models("cognito-idp").InvalidParameterException
    try:
        number = int(parameters.get("SRP_A", ""), 16)
    except ValueError:
        raise invalid("Missing required parameter SRP_A") from None
    if number <= 0 or number % srp.N == 0:
        raise invalid("SRP_A is not a valid value")
    return number


def _begin_srp(backend: Any, pool: Any, answer: Any, number: int) -> Any:
    """Replace moto's random numbers by a challenge. Its session stays out of reach until the proof."""
    session = answer["Session"]
    name, _ = backend.sessions.pop(session)
    user = backend.admin_get_user(pool.id, name)
    given = srp.challenge(pool.id, user.username, user.password or secrets.token_hex(), number)
    block = base64.b64encode(secrets.token_bytes(256)).decode()
    _remember(_challenges, block, (given, name))
    shown = {"SALT": given.salt, "SRP_B": given.b_hex, "SECRET_BLOCK": block}
    names = {"USERNAME": user.username, "USER_ID_FOR_SRP": user.username}
    return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {**shown, **names}}


def _respond(
    original: Any, backend: Any, session: str, client_id: str, challenge_name: str, challenge_responses: Any
) -> Any:
    answers = dict(challenge_responses or {})
    pool, _ = _client(backend, client_id)
    if challenge_name == "PASSWORD_VERIFIER":
        session, name = _prove(pool, answers)
        backend.sessions[session] = (name, pool)
        answers["PASSWORD_CLAIM_SECRET_BLOCK"] = session
    else:
        name = _check_session(pool, session, challenge_name, answers)
    answers["USERNAME"] = name
    answer = original(backend, session, client_id, challenge_name, answers)
    _issued.pop(session or "", None)
    if not answer.get("ChallengeName"):
        backend.sessions.pop(session, None)
    return _issue(backend, pool, answer, name)


def _prove(pool: Any, answers: Mapping[str, str]) -> tuple[str, str]:
    """Check the proof; a challenge can be answered once. Returns a new session and the user's name."""
    wrong = models("cognito-idp").NotAuthorizedError(WRONG)
    block = answers.get("PASSWORD_CLAIM_SECRET_BLOCK", "")
    given, name = _challenges.pop(block, (None, ""))
    if given is None or given.pool_name != pool.id.partition("_")[2]:
        raise wrong
    timestamp, signature = answers.get("TIMESTAMP", ""), answers.get("PASSWORD_CLAIM_SIGNATURE", "")
    if not timestamp or not given.proves(block, timestamp, signature):
        raise wrong
    user = pool._get_user(name)
    if user is None or answers.get("USERNAME") not in (user.username, name):
        raise wrong
    return str(uuid.uuid4()), name


def _check_session(pool: Any, session: str | None, challenge: str, answers: Mapping[str, str]) -> str:
    """The user whom the session was given to, where it was given for this challenge."""
    wanted, name = _issued.get(session or "", ("", ""))
    user = pool._get_user(name) if wanted == challenge else None
    if user is None or answers.get("USERNAME") not in (user.username, name):
        raise models("cognito-idp").NotAuthorizedError("Invalid session for the user.")
    return name


def _issue(backend: Any, pool: Any, answer: Any, name: str) -> Any:
    """Remember what a session is for; forget moto's own sessions that no one was given."""
    session = answer.get("Session")
    if session and answer.get("ChallengeName"):
        _remember(_issued, session, (answer["ChallengeName"], name))
    for stale in [key for key in backend.sessions if key not in _issued]:
        del backend.sessions[stale]
    user = pool._get_user(name) if name else None
    if user and answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        answer["ChallengeParameters"] = {"USER_ID_FOR_SRP": user.username, "requiredAttributes": "[]"}
        answer["ChallengeParameters"]["userAttributes"] = "{}"
    return answer


def _remember(table: collections.OrderedDict[str, Any], key: str, value: Any) -> None:
    table[key] = value
    while len(table) > KEPT_SESSIONS:
        table.popitem(last=False)


def _get_tokens(response: Any) -> Any:
    """GetTokensFromRefreshToken: what REFRESH_TOKEN_AUTH does, as an operation of its own."""
    client_id, token = response._get_param("ClientId"), response._get_param("RefreshToken")
    pool, client = _client(response.backend, client_id)
    if client.generate_secret and response._get_param("ClientSecret") != client.secret:
        raise models("cognito-idp").NotAuthorizedError(f"Unable to verify secret hash for client {client_id}")
    _check_refresh(pool, client_id, token)
    access, identity, lifetime = pool.create_tokens_from_refresh_token(token)
    tokens = {"AccessToken": access, "IdToken": identity, "ExpiresIn": lifetime, "TokenType": "Bearer"}
    return _result({"AuthenticationResult": tokens})


def _revoke(response: Any) -> Any:
    """RevokeToken: the refresh token, and the access tokens of its user and client, end."""
    moto = models("cognito-idp")
    client_id, token = response._get_param("ClientId"), response._get_param("Token")
    pool, client = _client(response.backend, client_id)
    if client.generate_secret and response._get_param("ClientSecret") != client.secret:
        raise moto.NotAuthorizedError(f"Unable to verify secret hash for client {client_id}")
    if token in pool.access_tokens:
        raise moto.InvalidParameterException("Only refresh tokens can be revoked.")
    known = pool.refresh_tokens.get(token)
    if known and known[0] != client_id:
        raise moto.NotAuthorizedError("Invalid Refresh Token")
    if known:
        pool.refresh_tokens[token] = None
        for access in [a for a, owner in pool.access_tokens.items() if owner == known[:2]]:
            del pool.access_tokens[access]
    return _result({})


def _result(value: Mapping[str, Any]) -> Any:
    return importlib.import_module("moto.core.responses").ActionResult(value)
