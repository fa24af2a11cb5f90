"""Who a signature's access key belongs to, and which policies apply to them: from moto's IAM and STS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.keys import Keys
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, PolicyDocument, Signer
from accountsctl.localcloud.moto_services.apps import backends

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, Role, User
    from moto.sts.models import AssumedRole


def find(access_key_id: str, own: Keys) -> Signer | None:
    """The caller behind a key; None if no one has it. `own`: the keys that the embedded cloud itself gives out."""
    secret = own.secret(access_key_id)
    if secret is not None:
        return Signer(secret, f"arn:{PARTITION}:iam::{ACCOUNT}:root", ACCOUNT)
    iam: IAMBackend = backends("iam")[ACCOUNT][PARTITION]
    for session in backends("sts")[ACCOUNT][PARTITION].assumed_roles:
        if session.access_key_id == access_key_id:
            return _session(iam, session)
    key = iam.access_keys.get(access_key_id)
    if key is None or key.status != "Active":
        return None
    if key.user_name not in iam.users:
        return Signer(key.secret_access_key, f"arn:{PARTITION}:iam::{ACCOUNT}:root", ACCOUNT)
    user = iam.users[key.user_name]
    owners: list[User | Group] = [user, *iam.get_groups_for_user(key.user_name)]
    policies = tuple(policy for owner in owners for policy in _policies(owner))
    return Signer(key.secret_access_key, user.arn, user.id, policies)


def _session(iam: IAMBackend, session: AssumedRole) -> Signer:
    """An assumed role. Only the role's policies apply: what its session policy excludes is not taken away here."""
    role = next((role for role in iam.roles.values() if role.arn == session.role_arn), None)
    policies = () if role is None else tuple(_policies(role))
    expires = session.expiration.replace(tzinfo=UTC).timestamp()  # moto's times carry no zone, and are UTC
    return Signer(
        session.secret_access_key, session.arn, session.user_id, policies, session.session_token, expires
    )


def _policies(owner: Group | Role | User) -> Iterator[PolicyDocument]:
    """The documents of an owner's own policies, and the default versions of those attached to it."""
    for document in owner.policies.values():
        yield json.loads(document)
    for policy in owner.managed_policies.values():
        for version in policy.versions:
            if version.version_id == policy.default_version_id:
                yield json.loads(version.document)
