"""What we fix in moto's S3: bucket policies with conditions.

moto takes a statement's Condition for always fulfilled, so the policy that every linter demands, "deny
whatever does not come over TLS", denies everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.lookups import PolicyDocument
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

# The loopback endpoint stands for AWS's own, which is reached over TLS.
_FACTS: Mapping[str, str] = {"aws:securetransport": "true"}
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "bool": lambda fact, value: fact == value.lower(),
    "stringequals": lambda fact, value: fact == value,
    "stringnotequals": lambda fact, value: fact != value,
}


def install() -> None:
    """Make moto leave out the statements whose condition does not hold."""
    wrap(models("s3").FakeBucket, "get_permission", _get_permission)


def _get_permission(
    original: Callable[..., PermissionResult], bucket: FakeBucket, action: str, resource: str
) -> PermissionResult:
    policy = bucket.policy
    if policy is None:
        return original(bucket, action, resource)
    bucket.policy = _in_force(policy)
    try:
        return original(bucket, action, resource)
    finally:
        bucket.policy = policy


def _in_force(policy: bytes) -> bytes:
    """The policy without the statements whose condition fails."""
    document = json.loads(policy)
    content = document.get("Statement", [])
    statements = content if isinstance(content, list) else [content]
    applicable = [statement for statement in statements if _holds(statement)]
    return json.dumps({**document, "Statement": applicable}).encode()


def _holds(statement: PolicyDocument) -> bool:
    """Whether no condition that we can judge fails; what we cannot judge counts as fulfilled, as in moto."""
    return not any(
        _fails(operator.lower(), key.lower(), required)
        for operator, tests in statement.get("Condition", {}).items()
        for key, required in tests.items()
    )


def _fails(operator: str, key: str, required: object) -> bool:
    if operator not in _TESTS or key not in _FACTS:
        return False
    values = required if isinstance(required, list) else [required]
    return not any(_TESTS[operator](_FACTS[key], str(value)) for value in values)
