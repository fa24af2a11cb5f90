"""Whether a function's resource policy lets API Gateway invoke it for one request."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.policy_documents import (
    PolicyDocument,
    Statement,
    listed,
    matches_pattern,
    statements,
)

SERVICE = "apigateway.amazonaws.com"


def source_arn(call: GatewayCall) -> str:
    """The ARN that API Gateway names itself by when it invokes a function for `call`."""
    path = call.resource.path if call.resource else "/"
    return (
        f"arn:{PARTITION}:execute-api:{call.api.region}:{ACCOUNT}:"
        f"{call.api.id}/{call.stage.name}/{call.request.method}{path}"
    )


def allowed(policy: PolicyDocument | None, source: str) -> bool:
    """Whether any statement allows it and none denies it."""
    effects = {
        statement.get("Effect") for statement in statements(policy or {}) if _applies(statement, source)
    }
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Statement, source: str) -> bool:
    actions = listed(statement.get("Action", []))
    if not any(fnmatch.fnmatchcase("lambda:invokefunction", str(action).lower()) for action in actions):
        return False
    if not _principal(statement.get("Principal")):
        return False
    conditions: Mapping[str, Mapping[str, Any]] = statement.get("Condition") or {}
    return all(
        _holds(operator, key, listed(wanted), source)
        for operator, pairs in conditions.items()
        for key, wanted in pairs.items()
    )


def _principal(principal: object) -> bool:
    if isinstance(principal, Mapping):
        return SERVICE in listed(principal.get("Service", [])) or "*" in listed(principal.get("AWS", []))
    return principal in ("*", SERVICE)


def _holds(operator: str, key: str, wanted: list[object], source: str) -> bool:
    """A condition on who asks. One that is not understood does not hold, so nothing opens by mistake."""
    actual = {"aws:sourcearn": source, "aws:sourceaccount": ACCOUNT}.get(key.lower())
    if actual is None:
        return False
    if operator in ("ArnLike", "StringLike", "ArnEquals"):
        return any(matches_pattern(actual, str(pattern)) for pattern in wanted)
    return operator == "StringEquals" and actual in wanted
