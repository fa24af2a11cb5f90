"""Who a signature's access key belongs to, and which policies speak for them: from moto's IAM and STS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT, KNOWN_KEYS, PARTITION, Signer
from accountsctl.localcloud.moto_services.apps import backends


def find(access_key_id: str) -> Signer | None:
    """The caller behind a key; None if no one has it."""
    if access_key_id in KNOWN_KEYS:
        arn = f"arn:{PARTITION}:iam::{ACCOUNT}:root"
        return Signer(KNOWN_KEYS[access_key_id], arn, ACCOUNT)
    iam = backends("iam")[ACCOUNT][PARTITION]
    for role in backends("sts")[ACCOUNT][PARTITION].assumed_roles:
        if role.access_key_id == access_key_id:
            return _session(iam, role)
    key = iam.access_keys.get(access_key_id)
    if key is None or key.status != "Active":
        return None
    if key.user_name not in iam.users:
        return Signer(key.secret_access_key, f"arn:{PARTITION}:iam::{ACCOUNT}:root", ACCOUNT)
    user = iam.users[key.user_name]
    owners = [user, *iam.get_groups_for_user(key.user_name)]
    policies = tuple(each for owner in owners for each in _policies(owner))
    return Signer(key.secret_access_key, user.arn, user.id, policies)


def _session(iam: Any, role: Any) -> Signer:
    """An assumed role. What its session policy leaves out is not taken away here: the role alone speaks."""
    owner = next((each for each in iam.roles.values() if each.arn == role.role_arn), None)
    policies = () if owner is None else tuple(_policies(owner))
    expires = role.expiration.replace(tzinfo=UTC).timestamp()  # moto's times carry no zone, and are UTC
    return Signer(role.secret_access_key, role.arn, role.user_id, policies, role.session_token, expires)


def _policies(owner: Any) -> Iterator[Mapping[str, Any]]:
    """The documents of an owner's own policies, and of those attached to it."""
    texts = [*owner.policies.values(), *(each.document for each in owner.managed_policies.values())]
    yield from (json.loads(each) if isinstance(each, str) else each for each in texts)
