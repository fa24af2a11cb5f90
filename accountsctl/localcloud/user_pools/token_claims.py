"""What a pre token generation trigger makes of the tokens.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.user_pools import NewClaims, PoolUser

PROTECTED = frozenset(
    {
        *("acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "cognito:username", "device_key"),
        *("event_id", "exp", "iat", "identities", "iss", "jti", "nbf", "nonce", "origin_jti", "sub"),
        *("token_use", "username", "version"),
    }
)
"""Claims that a trigger can neither set nor take away."""
SUPPRESSED_SCOPES = "scopesToSuppress"

Details = Mapping[str, Any]
"""A member of the trigger's response; the function may have left out any of its members."""


def request(user: PoolUser, metadata: Mapping[str, str], scopes: list[str] | None) -> dict[str, object]:
    """The request of the event; `scopes` only for versions that change access tokens."""
    groups = {
        "groupsToOverride": list(user.groups),
        "iamRolesToOverride": list(user.roles),
        "preferredRole": user.preferred_role,
    }
    asked: dict[str, object] = {"userAttributes": dict(user.attributes), "groupConfiguration": groups}
    if metadata:
        asked["clientMetadata"] = dict(metadata)
    return asked if scopes is None else {**asked, "scopes": scopes}


def id_token(response: Details) -> NewClaims:
    """The changes of the ID token, of either version of the response."""
    details = _details(response)
    return _changed(details.get("idTokenGeneration") or details, _groups(details))


def access_token(response: Details, scope: str) -> NewClaims:
    """The changes of the access token, whose scopes are those of `scope` before."""
    details = _details(response)
    generation: Details = details.get("accessTokenGeneration") or {}
    groups = {name: value for name, value in _groups(details).items() if name == "cognito:groups"}
    changed = _changed(generation, groups)
    suppressed = generation.get(SUPPRESSED_SCOPES) or []
    scopes = [name for name in scope.split() if name not in suppressed]
    scopes += [name for name in generation.get("scopesToAdd") or [] if name not in scopes]
    return NewClaims({**changed.added, "scope": " ".join(scopes)}, changed.removed)


def _details(response: Details) -> Details:
    return response.get("claimsAndScopeOverrideDetails") or response.get("claimsOverrideDetails") or {}


def _changed(generation: Details, groups: Details) -> NewClaims:
    added = {
        name: value
        for name, value in (generation.get("claimsToAddOrOverride") or {}).items()
        if name not in PROTECTED
    }
    removed = frozenset(generation.get("claimsToSuppress") or ()) - PROTECTED
    return NewClaims(
        {name: value for name, value in {**added, **groups}.items() if name not in removed}, removed
    )


def _groups(details: Details) -> dict[str, Any]:
    override: Details = details.get("groupOverrideDetails") or {}
    claims = {
        "cognito:groups": override.get("groupsToOverride"),
        "cognito:roles": override.get("iamRolesToOverride"),
        "cognito:preferred_role": override.get("preferredRole"),
    }
    return {name: value for name, value in claims.items() if value is not None}
