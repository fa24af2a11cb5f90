"""Whether the policy of a queue, a topic, a bus or a function allows a service of AWS to deliver something to it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PolicyDocument
from accountsctl.localcloud.contracts.policy_documents import (
    OPERATORS,
    is_allowed,
    listed,
    matches_pattern,
    statements,
)


@dataclass(frozen=True)
class Access:
    """What a service does: ``sns.amazonaws.com`` does ``sqs:SendMessage`` on `resource`, for the resource `source`.

    `resource` None: the resource that the policy is attached to, whatever its statements name.
    """

    service: str
    action: str
    resource: str | None
    source: str


def allows(policy: PolicyDocument | None, access: Access) -> bool:
    """Whether a statement allows it and none denies it.

    A condition that is not understood holds in a Deny and not in an Allow, so that nothing is allowed by mistake.
    """
    return is_allowed(statement for statement in statements(policy or {}) if _applies(statement, access))


def permits(policies: Iterable[PolicyDocument], action: str, resource: str) -> bool:
    """Whether the policies of a role, which name no principal, allow an action on a resource."""
    access = Access("", action, resource, "")
    return is_allowed(
        statement
        for policy in policies
        for statement in statements(policy)
        if _is_about(statement, access) and _conditions(statement, access)
    )


def _is_about(statement: PolicyDocument, access: Access) -> bool:
    return _matches(statement, "Action", access.action.lower(), str.lower) and (
        access.resource is None
        or "Resource" not in statement
        or _matches(statement, "Resource", access.resource, str)
    )


def _applies(statement: PolicyDocument, access: Access) -> bool:
    return (
        _is_about(statement, access)
        and _is_principal(statement.get("Principal"), access.service)
        and _conditions(statement, access)
    )


def _matches(statement: PolicyDocument, key: str, value: str, fold: Callable[[str], str]) -> bool:
    if f"Not{key}" in statement:
        return not any(matches_pattern(value, fold(str(item))) for item in listed(statement[f"Not{key}"]))
    return any(matches_pattern(value, fold(str(item))) for item in listed(statement.get(key, [])))


def _is_principal(principal: object, service: str) -> bool:
    if isinstance(principal, Mapping):
        return service in listed(principal.get("Service", [])) or "*" in listed(principal.get("AWS", []))
    return principal in ("*", service)


def _conditions(statement: PolicyDocument, access: Access) -> bool:
    facts = {
        "aws:sourcearn": access.source,
        "aws:sourceaccount": ACCOUNT,
        "aws:sourceowner": ACCOUNT,
        "aws:securetransport": "true",
        "aws:principalservicename": access.service,
        "aws:principalisawsservice": "true",
    }
    unknown = statement.get("Effect") == "Deny"
    tests: Mapping[str, Mapping[str, Any]] = statement.get("Condition") or {}
    return all(
        _holds(operator, facts[key.lower()], [str(value) for value in listed(wanted)])
        if key.lower() in facts and operator.removesuffix("IfExists") in OPERATORS
        else unknown
        for operator, pairs in tests.items()
        for key, wanted in pairs.items()
    )


def _holds(operator: str, actual: str, wanted: list[str]) -> bool:
    return OPERATORS[operator.removesuffix("IfExists")](actual, wanted)
