"""What we fix in moto's S3: bucket policies with conditions.

moto takes a statement's Condition for always fulfilled, so the policy that every linter asks for, "deny
whatever does not come over TLS", denies everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

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


def _get_permission(original: Callable[..., Any], bucket: Any, action: str, resource: str) -> Any:
    policy = bucket.policy
    if policy is None:
        return original(bucket, action, resource)
    bucket.policy = _in_force(policy)
    try:
        return original(bucket, action, resource)
    finally:
        bucket.policy = policy


def _in_force(policy: bytes) -> bytes:
    document = json.loads(policy)
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return json.dumps({**document, "Statement": [each for each in listed if _holds(each)]}).encode()


def _holds(statement: Mapping[str, Any]) -> bool:
    """True unless a condition that we can judge fails; what we cannot judge counts as fulfilled, as in moto."""
    return not any(
        _fails(operator.lower(), key.lower(), wanted)
        for operator, tests in statement.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def _fails(operator: str, key: str, wanted: Any) -> bool:
    if operator not in _TESTS or key not in _FACTS:
        return False
    values = wanted if isinstance(wanted, list) else [wanted]
    return not any(_TESTS[operator](_FACTS[key], str(value)) for value in values)
