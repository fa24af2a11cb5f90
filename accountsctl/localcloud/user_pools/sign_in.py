"""Triggers of a sign-in: migration and the check before, the notice and the tokens' claims after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.messages import Response
from accountsctl.localcloud.contracts.token_reading import claims_of
from accountsctl.localcloud.contracts.user_pools import NewClaims, UserPoolAccess
from accountsctl.localcloud.user_pools import token_claims
from accountsctl.localcloud.user_pools.call import PoolCall, body_of, with_body
from accountsctl.localcloud.user_pools.triggers import Triggers

WITH_PASSWORD = ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH")


def before(call: PoolCall, access: UserPoolAccess, triggers: Triggers) -> None:
    """Run what comes before a user is signed in; TriggerError if that refuses them."""
    user = access.user(call.pool.id, call.username)
    if user is None and call.body.get("AuthFlow") in WITH_PASSWORD:
        _migrate(call, access, triggers)
        user = access.user(call.pool.id, call.username)
    if user is not None:
        asked = {"userAttributes": dict(user.attributes), "validationData": None, **call.metadata}
        triggers.run(call.pool, call.occasion("PreAuthentication", "Authentication", user.name), asked)


def _migrate(call: PoolCall, access: UserPoolAccess, triggers: Triggers) -> None:
    if "UserMigration" not in call.pool.functions:
        return
    password = str((call.body.get("AuthParameters") or {}).get("PASSWORD", ""))
    asked = {"password": password, "validationData": None, **call.metadata}
    plain = {"userAttributes": None, "finalUserStatus": None, "messageAction": None}
    answer = triggers.run(call.pool, call.occasion("UserMigration", "Authentication"), asked, plain)
    attributes: Mapping[str, Any] = answer.get("userAttributes") or {}
    if attributes:
        access.migrate(call.pool.id, call.username, password, attributes)


def after(
    call: PoolCall, response: Response, source: str, access: UserPoolAccess, triggers: Triggers
) -> Response:
    """The response of a sign-in or a refresh, with the tokens as the triggers want them."""
    body = body_of(response)
    result: Mapping[str, Any] = body.get("AuthenticationResult") or {}
    if response.status != 200 or not result:
        return response
    name = str(claims_of(result["IdToken"])["cognito:username"])
    user = access.user(call.pool.id, name)
    assert user is not None
    if source != "RefreshTokens":
        asked = {"userAttributes": dict(user.attributes), "newDeviceUsed": False, **call.metadata}
        triggers.run(call.pool, call.occasion("PostAuthentication", "Authentication", name), asked)
    if "PreTokenGeneration" not in call.pool.functions:
        return response
    return with_body(
        response, {**body, "AuthenticationResult": _tokens(call, result, source, access, triggers)}
    )


def _tokens(
    call: PoolCall, result: Mapping[str, Any], source: str, access: UserPoolAccess, triggers: Triggers
) -> Mapping[str, Any]:
    name = str(claims_of(result["IdToken"])["cognito:username"])
    user = access.user(call.pool.id, name)
    assert user is not None
    scope = str(claims_of(result["AccessToken"]).get("scope", ""))
    newer = call.pool.has_access_token_events
    asked = token_claims.request(
        user, call.metadata.get("clientMetadata", {}), scope.split() if newer else None
    )
    member = "claimsAndScopeOverrideDetails" if newer else "claimsOverrideDetails"
    occasion = call.occasion("PreTokenGeneration", source, name)
    # The event's source is TokenGeneration_..., other than the name of the trigger.
    answer = triggers.run(call.pool, occasion.as_source("TokenGeneration", source), asked, {member: None})
    changes: dict[str, NewClaims] = {
        "IdToken": token_claims.id_token(answer),
        "AccessToken": token_claims.access_token(answer, scope),
    }
    changed = {
        kind: access.change_token(call.pool.id, result[kind], claims) for kind, claims in changes.items()
    }
    return {**result, **changed}
