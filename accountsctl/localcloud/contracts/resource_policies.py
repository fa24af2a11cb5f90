"""Whether policies allow an action: that of a queue, a topic, a bus or a function allows a service to deliver to it,
those of a role allow what the role's holder calls.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PolicyDocument
from accountsctl.localcloud.contracts.policy_documents import (
    OPERATORS,
    covers,
    is_allowed,
    listed,
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


class PolicyVerdict(Enum):
    """What policies say of an action. UNCLEAR: a statement about it has a condition that is not evaluated here."""

    ALLOWED = auto()
    DENIED = auto()
    SILENT = auto()
    UNCLEAR = auto()


def permits(
    policies: Iterable[PolicyDocument], action: str, resource: str, boundary: PolicyDocument | None = None
) -> bool:
    """Whether the policies of a role, which name no principal, allow an action on a resource, within its boundary."""
    limits = [policies] if boundary is None else [policies, (boundary,)]
    return all(verdict(limit, action, resource) is PolicyVerdict.ALLOWED for limit in limits)


def verdict(
    policies: Iterable[PolicyDocument],
    action: str,
    resource: str | None,
    more_facts: Mapping[str, str] = MappingProxyType({}),
) -> PolicyVerdict:
    """What the policies of a role say of an action. `resource` None: unknown, and any that they name will do;
    of an action that has no resource it is ``*``.

    `more_facts`: condition keys, in lower case, that are known of this caller alone.
    """
    facts = {**CALLER_FACTS, **more_facts}
    access = Access("", action, resource, "")
    about = [
        statement
        for policy in policies
        for statement in statements(policy)
        if _is_about(statement, access) and _is_certain(statement, access)
    ]
    clear = [statement for statement in about if not _unknown_conditions(statement, facts)]
    effects = {statement.get("Effect") for statement in clear if _conditions(statement, facts)}
    if "Deny" in effects:
        return PolicyVerdict.DENIED
    unclear = {statement.get("Effect") for statement in about if statement not in clear}
    if "Deny" in unclear or (unclear and "Allow" not in effects):
        return PolicyVerdict.UNCLEAR
    return PolicyVerdict.ALLOWED if "Allow" in effects else PolicyVerdict.SILENT


def _is_certain(statement: PolicyDocument, access: Access) -> bool:
    """What denies an action on one resource says nothing of one that is not known."""
    denies_some = statement.get("Effect") == "Deny" and "*" not in listed(statement.get("Resource", "*"))
    return access.resource is not None or not denies_some


CALLER_FACTS = {
    "aws:principalaccount": ACCOUNT,
    "aws:principalisawsservice": "false",
    "aws:resourceaccount": ACCOUNT,
    "aws:securetransport": "true",
    "aws:viaawsservice": "false",
}
"""What is so of every call by a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""


def _is_about(statement: PolicyDocument, access: Access) -> bool:
    return covers(statement, "Action", access.action) and (
        access.resource is None
        or not statement.keys() & {"Resource", "NotResource"}
        or covers(statement, "Resource", access.resource)
    )


def _applies(statement: PolicyDocument, access: Access) -> bool:
    if not _is_about(statement, access) or not _is_principal(statement.get("Principal"), access.service):
        return False
    facts = {
        "aws:sourcearn": access.source,
        "aws:sourceaccount": ACCOUNT,
        "aws:sourceowner": ACCOUNT,
        "aws:securetransport": "true",
        "aws:principalservicename": access.service,
        "aws:principalisawsservice": "true",
    }
    if _unknown_conditions(statement, facts):
        return statement.get("Effect") == "Deny" and _conditions(statement, facts)
    return _conditions(statement, facts)


def _is_principal(principal: object, service: str) -> bool:
    if isinstance(principal, Mapping):
        return service in listed(principal.get("Service", [])) or "*" in listed(principal.get("AWS", []))
    return principal in ("*", service)


def _tests(statement: PolicyDocument) -> Iterable[tuple[str, str, object]]:
    """Operator, key and the values that are listed, of each condition."""
    conditions: Mapping[str, Mapping[str, Any]] = statement.get("Condition") or {}
    return (
        (operator, key, wanted) for operator, pairs in conditions.items() for key, wanted in pairs.items()
    )


def _is_known(operator: str, key: str, facts: Mapping[str, str]) -> bool:
    return key.lower() in facts and operator.removesuffix("IfExists") in OPERATORS


def _unknown_conditions(statement: PolicyDocument, facts: Mapping[str, str]) -> bool:
    """Whether the statement has a condition that is not understood, or on a key of which nothing is known."""
    return not all(_is_known(operator, key, facts) for operator, key, _ in _tests(statement))


def _conditions(statement: PolicyDocument, facts: Mapping[str, str]) -> bool:
    """Whether all conditions hold that are known."""
    return all(
        OPERATORS[operator.removesuffix("IfExists")](
            facts[key.lower()], [str(value) for value in listed(wanted)]
        )
        for operator, key, wanted in _tests(statement)
        if _is_known(operator, key, facts)
    )
