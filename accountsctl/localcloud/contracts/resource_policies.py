"""Whether the policy of a queue, a topic, a bus or a function allows a service of AWS to deliver something to it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PolicyDocument


@dataclass(frozen=True)
class Access:
    """What a service does: ``sns.amazonaws.com`` does ``sqs:SendMessage`` on `resource`, for the resource `source`."""

    service: str
    action: str
    resource: str
    source: str


def allows(policy: PolicyDocument | None, access: Access) -> bool:
    """Whether a statement allows it and none denies it.

    A condition that is not understood holds in a Deny and not in an Allow, so that nothing is allowed by mistake.
    """
    content = (policy or {}).get("Statement", [])
    statements = content if isinstance(content, list) else [content]
    effects = {statement.get("Effect") for statement in statements if _applies(statement, access)}
    return "Allow" in effects and "Deny" not in effects


def permits(policies: Iterable[PolicyDocument], action: str, resource: str) -> bool:
    """Whether the policies of a role, which name no principal, allow an action on a resource."""
    access = Access("", action, resource, "")
    effects = {
        statement.get("Effect")
        for policy in policies
        for statement in _listed(policy.get("Statement", []))
        if _is_about(statement, access) and _conditions(statement, access)
    }
    return "Allow" in effects and "Deny" not in effects


def _is_about(statement: PolicyDocument, access: Access) -> bool:
    return _matches(statement, "Action", access.action.lower(), str.lower) and (
        "Resource" not in statement or _matches(statement, "Resource", access.resource, str)
    )


def _applies(statement: PolicyDocument, access: Access) -> bool:
    return (
        _is_about(statement, access)
        and _is_principal(statement.get("Principal"), access.service)
        and _conditions(statement, access)
    )


def _matches(statement: PolicyDocument, key: str, value: str, fold: Callable[[str], str]) -> bool:
    if f"Not{key}" in statement:
        return not any(_like(value, fold(str(item))) for item in _listed(statement[f"Not{key}"]))
    return any(_like(value, fold(str(item))) for item in _listed(statement.get(key, [])))


def _is_principal(principal: object, service: str) -> bool:
    if isinstance(principal, Mapping):
        return service in _listed(principal.get("Service", [])) or "*" in _listed(principal.get("AWS", []))
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
        _holds(operator, facts[key.lower()], [str(value) for value in _listed(wanted)])
        if key.lower() in facts and operator.removesuffix("IfExists") in _OPERATORS
        else unknown
        for operator, pairs in tests.items()
        for key, wanted in pairs.items()
    )


def _holds(operator: str, actual: str, wanted: list[str]) -> bool:
    return _OPERATORS[operator.removesuffix("IfExists")](actual, wanted)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _like(value: str, pattern: str) -> bool:
    """``*`` and ``?``; brackets mean nothing in IAM."""
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def _any_like(actual: str, wanted: list[str]) -> bool:
    return any(_like(actual, pattern) for pattern in wanted)


_OPERATORS: Mapping[str, Callable[[str, list[str]], bool]] = {
    "ArnEquals": _any_like,
    "ArnLike": _any_like,
    "ArnNotEquals": lambda actual, wanted: not _any_like(actual, wanted),
    "ArnNotLike": lambda actual, wanted: not _any_like(actual, wanted),
    "Bool": lambda actual, wanted: actual in [value.lower() for value in wanted],
    "StringEquals": lambda actual, wanted: actual in wanted,
    "StringLike": _any_like,
    "StringNotEquals": lambda actual, wanted: actual not in wanted,
    "StringNotLike": lambda actual, wanted: not _any_like(actual, wanted),
}
