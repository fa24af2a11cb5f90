"""Which role an identity gets, by its pool's role attachment (SetIdentityPoolRoles).

https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict

from accountsctl.localcloud.moto_services.identity_logins import Login, error, not_authorized


class MappingRule(TypedDict):
    """A rule of RulesConfiguration."""

    Claim: str
    MatchType: str
    Value: str
    RoleARN: str


class RulesConfiguration(TypedDict):
    Rules: list[MappingRule]


class RoleMapping(TypedDict, total=False):
    """How one provider's users get their role. `Type`: Token or Rules."""

    Type: str
    AmbiguousRoleResolution: str
    RulesConfiguration: RulesConfiguration


class RoleAttachment(TypedDict):
    """`Roles`: ARNs by "authenticated" and "unauthenticated"; `RoleMappings` by ``<provider>:<client id>``."""

    Roles: dict[str, str]
    RoleMappings: dict[str, RoleMapping]


CONFIGURATION = "Invalid identity pool configuration. Check assigned IAM roles for this pool."

_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda actual, value: actual == value,
    "NotEqual": lambda actual, value: actual != value,
    "Contains": lambda actual, value: value in actual,
    "StartsWith": lambda actual, value: actual.startswith(value),
}


def choose(attachment: RoleAttachment, login: Login | None, requested: str | None) -> str:
    """The ARN of the role; raises InvalidIdentityPoolConfigurationException if there is none.

    `requested` is CustomRoleArn, which must be one of the roles of the token.
    """
    mapping = attachment["RoleMappings"].get(f"{login.provider}:{login.client_id}") if login else None
    if login and mapping:
        role = _by_token(login, requested) if mapping["Type"] == "Token" else _by_rules(login, mapping)
        if role:
            return role
        if mapping.get("AmbiguousRoleResolution") != "AuthenticatedRole":
            raise not_authorized("Access denied: no role of the identity pool applies to the token.")
    elif requested:
        raise not_authorized("Custom role is not allowed for the identity.")
    role = attachment["Roles"].get("authenticated" if login else "unauthenticated")
    if not role:
        raise invalid_configuration()
    return role


def invalid_configuration() -> Exception:
    """What AWS answers if a role is missing or does not trust the pool."""
    return error("InvalidIdentityPoolConfigurationException", CONFIGURATION)


def _by_token(login: Login, requested: str | None) -> str | None:
    """The role of the user's groups: the requested one, the preferred one, or the only one."""
    claimed = login.claims.get("cognito:roles")
    roles = [str(role) for role in claimed] if isinstance(claimed, list) else []
    if requested:
        if requested not in roles:
            raise not_authorized("Custom role is not allowed for the identity.")
        return requested
    preferred = login.claims.get("cognito:preferred_role")
    if preferred:
        return str(preferred)
    return roles[0] if len(roles) == 1 else None


def _by_rules(login: Login, mapping: RoleMapping) -> str | None:
    """The role of the first rule that the token's claims meet."""
    for rule in mapping.get("RulesConfiguration", {"Rules": []})["Rules"]:
        actual = login.claims.get(rule["Claim"])
        values = actual if isinstance(actual, list) else [actual] if actual is not None else []
        if any(_MATCHES[rule["MatchType"]](str(value), rule["Value"]) for value in values):
            return rule["RoleARN"]
    return None
