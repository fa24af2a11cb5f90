"""Who a signature's access key belongs to, and which policies apply to them: from moto's IAM and STS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.keys import FUNCTION, Keys, RoleSession
from accountsctl.localcloud.contracts.lookups import (
    ACCOUNT,
    PARTITION,
    CognitoIdentity,
    PolicyDocument,
    Signer,
)
from accountsctl.localcloud.contracts.resource_policies import permits
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.iam import aws_policy

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User
    from moto.sts.models import AssumedRole


def find(access_key_id: str, token: str | None, own: Keys) -> Signer | None:
    """The caller behind a key; None if no one has it. `own`: the keys that the embedded cloud itself gives out."""
    if access_key_id == FUNCTION:
        return _function(token or "", own)
    secret = own.secret(access_key_id)
    if secret is not None:
        return Signer(secret, f"arn:{PARTITION}:iam::{ACCOUNT}:root", ACCOUNT)
    iam: IAMBackend = backends("iam")[ACCOUNT][PARTITION]
    for session in backends("sts")[ACCOUNT][PARTITION].assumed_roles:
        if session.access_key_id == access_key_id:
            return _session(session)
    key = iam.access_keys.get(access_key_id)
    if key is None or key.status != "Active":
        return None
    if key.user_name not in iam.users:
        return Signer(key.secret_access_key, f"arn:{PARTITION}:iam::{ACCOUNT}:root", ACCOUNT)
    user = iam.users[key.user_name]
    owners: list[User | Group] = [user, *iam.get_groups_for_user(key.user_name)]
    policies = tuple(policy for owner in owners for policy in _policies(owner))
    return Signer(key.secret_access_key, user.arn, user.id, policies, principal=user.arn)


def _function(token: str, own: Keys) -> Signer | None:
    """A function in its role. Without the role, which may have been deleted, nothing is allowed."""
    session = RoleSession.of(token)
    if session is None:
        return None
    name = session.role_arn.rpartition("/")[2]
    arn = f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{name}/{session.name}"
    role = find_role(session.role_arn)
    id_ = f"{role.id if role else 'AROALOCALFUNCTION'}:{session.name}"
    policies = tuple(_policies(role)) if role else ()
    secret = own.session_secret(session)
    boundary = _boundary(role)
    return Signer(secret, arn, id_, policies, token, principal=session.role_arn, boundary=boundary)


def _session(session: AssumedRole) -> Signer:
    """An assumed role. Only the role's policies apply: what its session policy excludes is not taken away here."""
    role = find_role(session.role_arn)
    policies = () if role is None else tuple(_policies(role))
    identity: CognitoIdentity | None = getattr(session, "identity", None)
    if identity is not None:
        policies = tuple(_filled(policy, identity) for policy in policies)
    expires = session.expiration.replace(tzinfo=UTC).timestamp()  # moto's times carry no zone, and are UTC
    return Signer(
        session.secret_access_key,
        session.arn,
        session.user_id,
        policies,
        session.session_token,
        expires,
        identity,
        session.role_arn,
        _boundary(role),
    )


def find_role(role_arn: str) -> Role | None:
    """A role of IAM by its ARN; None if there is no such role."""
    iam: IAMBackend = backends("iam")[ACCOUNT][PARTITION]
    return next((role for role in iam.roles.values() if role.arn == role_arn), None)


def role_permits(role_arn: str, action: str, resource: str) -> bool | None:
    """Whether the policies of a role allow an action, within its boundary; None if there is no such role."""
    role = find_role(role_arn)
    return None if role is None else permits(_policies(role), action, resource, _boundary(role))


def _boundary(role: Role | None) -> PolicyDocument | None:
    """The permissions boundary of a role; one whose policy is gone allows nothing."""
    arn = role.permissions_boundary_arn if role is not None else None
    if not arn:
        return None
    policy = backends("iam")[ACCOUNT][PARTITION].managed_policies.get(arn)
    if policy is not None:
        return next(iter(_default_version(policy)), {})
    managed = aws_policy(arn)  # those of AWS's own that nothing but a boundary has named are not loaded
    return managed["Document"] if managed is not None else {}


def _filled(policy: PolicyDocument, identity: CognitoIdentity) -> PolicyDocument:
    """A policy with the identity's values in the place of its variables.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    text = json.dumps(policy)
    values = {"aud": identity.pool_id, "amr": identity.kind, "sub": identity.identity_id}
    for name, value in values.items():
        text = text.replace(f"${{cognito-identity.amazonaws.com:{name}}}", value)
    filled: PolicyDocument = json.loads(text)
    return filled


def _policies(owner: Group | Role | User) -> Iterator[PolicyDocument]:
    """The documents of an owner's own policies, and the default versions of those attached to it."""
    for document in owner.policies.values():
        yield json.loads(document)
    for policy in owner.managed_policies.values():
        yield from _default_version(policy)


def _default_version(policy: ManagedPolicy) -> Iterator[PolicyDocument]:
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            yield json.loads(version.document)
