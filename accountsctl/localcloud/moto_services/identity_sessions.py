"""Credentials of identities: sessions of a role in moto's STS, if the role trusts the identity pool.

https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, CognitoIdentity, PolicyDocument
from accountsctl.localcloud.contracts.policy_documents import (
    OPERATORS,
    Operator,
    is_allowed,
    listed,
    statements,
)
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.identity_roles import invalid_configuration
from accountsctl.localcloud.moto_services.signers import find_role

if TYPE_CHECKING:
    from moto.sts.models import STSBackend

PROVIDER = "cognito-identity.amazonaws.com"
ACTION = "sts:AssumeRoleWithWebIdentity"
SUPPORTED_OPERATORS = ("StringEquals", "StringLike")
SECONDS = 3600
KEPT = 500
"""Sessions of identities that are valid at one time: anyone may ask for one, and each is a part of the state."""


class IdentityCredentials(TypedDict):
    """As GetCredentialsForIdentity returns them; `Expiration` in seconds since the epoch."""

    AccessKeyId: str
    SecretKey: str
    SessionToken: str
    Expiration: float


def own_key(access_key: str, secret: str) -> IdentityCredentials:
    """A key of the embedded cloud itself."""
    expires = datetime.now(UTC) + timedelta(seconds=SECONDS)
    return {
        "AccessKeyId": access_key,
        "SecretKey": secret,
        "SessionToken": "local",
        "Expiration": expires.timestamp(),
    }


def assume(role_arn: str, caller: CognitoIdentity, region: str) -> IdentityCredentials:
    """Credentials of the role; raises InvalidIdentityPoolConfigurationException if it does not trust the pool."""
    role = find_role(role_arn)
    if role is None or not trusts(json.loads(role.assume_role_policy_document), caller):
        raise invalid_configuration()
    sts: STSBackend = backends("sts")[ACCOUNT][PARTITION]
    _forget_old(sts)
    session = sts.assume_role(
        region_name=region,
        role_session_name="CognitoIdentityCredentials",
        role_arn=role_arn,
        policy="",
        duration=SECONDS,
        external_id="",
    )
    session.identity = caller  # type: ignore[attr-defined]
    return {
        "AccessKeyId": session.access_key_id,
        "SecretKey": session.secret_access_key,
        "SessionToken": session.session_token,
        "Expiration": session.expiration.replace(tzinfo=UTC).timestamp(),
    }


def trusts(policy: PolicyDocument, caller: CognitoIdentity) -> bool:
    """Whether a role's trust policy lets an identity pool assume the role for `caller`."""
    return is_allowed(
        statement
        for statement in statements(policy)
        if ACTION in listed(statement.get("Action", []))
        and _federated(statement.get("Principal"))
        and _conditions_hold(statement.get("Condition") or {}, caller)
    )


def _federated(principal: object) -> bool:
    return isinstance(principal, Mapping) and PROVIDER in listed(principal.get("Federated", []))


def _conditions_hold(conditions: Mapping[str, Mapping[str, object]], caller: CognitoIdentity) -> bool:
    """Whether all conditions hold; one on another key does not, so that nothing opens by mistake."""
    actual = {"aud": caller.pool_id, "amr": caller.kind, "sub": caller.identity_id}
    return all(
        _operator(operator)(actual.get(_name(key), ""), [str(value) for value in listed(values)])
        for operator, pairs in conditions.items()
        for key, values in pairs.items()
    )


def _operator(name: str) -> Operator:
    """The operator of a condition: of sets too, since each of these keys has one value."""
    plain = name.rpartition(":")[2]
    return OPERATORS[plain] if plain in SUPPORTED_OPERATORS else lambda *_: False


def _name(key: str) -> str:
    provider, _, name = key.partition(":")
    return name if provider.lower() == PROVIDER else ""


def _forget_old(sts: STSBackend) -> None:
    """Drop the identities' sessions that have expired, and the oldest ones over the limit."""
    now = datetime.now(UTC).replace(tzinfo=None)
    theirs = [session for session in sts.assumed_roles if hasattr(session, "identity")]
    valid = [session for session in theirs if session.expiration > now][-KEPT + 1 :]
    dropped = {id(session) for session in theirs} - {id(session) for session in valid}
    sts.assumed_roles[:] = [session for session in sts.assumed_roles if id(session) not in dropped]
