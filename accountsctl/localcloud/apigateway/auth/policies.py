"""Evaluate policies about ``execute-api:Invoke``: resource policies, those of a signer, those of a Lambda authorizer.

An unsupported condition applies in a Deny and never in an Allow, so that nothing is allowed by mistake. A
resource policy that has one is refused when its API is deployed (`faults`).
"""

from __future__ import annotations

import fnmatch
import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.policy_documents import (
    OPERATORS,
    Operator,
    PolicyDocument,
    Statement,
    listed,
    matches_pattern,
    statements,
)

ACTION = "execute-api:Invoke"
SHORT = "execute-api:/"
HIDDEN = f"********{ACCOUNT[-4:]}"


class PolicyDecision(Enum):
    """A policy's decision on a request; SILENT if no statement applies."""

    ALLOW = "allow"
    DENY = "deny"
    SILENT = "silent"


def method_arn(call: GatewayCall, account: str = ACCOUNT) -> str:
    """The request's ARN in policies. Its path is the one that was requested, not the resource's."""
    return (
        f"arn:{PARTITION}:execute-api:{call.api.region}:{account}:"
        f"{call.api.id}/{call.stage.name}/{call.request.method}{call.path}"
    )


def judge(policy: PolicyDocument, call: GatewayCall, caller: str | None = None) -> PolicyDecision:
    """The decision on `call`. `caller`: who calls, as an ARN; None if AWS knows no such caller."""
    effects = {
        statement.get("Effect") for statement in statements(policy) if _applies(statement, call, caller)
    }
    if "Deny" in effects:
        return PolicyDecision.DENY
    return PolicyDecision.ALLOW if "Allow" in effects else PolicyDecision.SILENT


def faults(text: str) -> Iterator[str]:
    """The parts of a resource policy that the embedded gateway does not support."""
    try:
        policy = json.loads(text)
    except ValueError:
        yield "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
        return
    for statement in statements(policy):
        for operator, pairs in (statement.get("Condition") or {}).items():
            for key in pairs:
                if not _is_known(operator, key):
                    yield f"the embedded gateway does not support the condition {operator} of {key}"


def _applies(statement: Statement, call: GatewayCall, caller: str | None) -> bool:
    return (
        _matches(statement, "Action", lambda pattern: fnmatch.fnmatchcase(ACTION.lower(), pattern.lower()))
        and _matches(statement, "Resource", lambda pattern: _covers(pattern, call))
        and _principal(statement, caller)
        and _conditions(statement, call, caller)
    )


def _matches(statement: Statement, key: str, matches: Callable[[str], bool]) -> bool:
    if f"Not{key}" in statement:
        return not any(matches(str(pattern)) for pattern in listed(statement[f"Not{key}"]))
    return any(matches(str(pattern)) for pattern in listed(statement.get(key, [])))


def _covers(pattern: str, call: GatewayCall) -> bool:
    """A short pattern, ``execute-api:/stage/METHOD/path``, is about the API that it stands in."""
    if pattern.startswith(SHORT):
        base = method_arn(call).split(f"/{call.stage.name}/")[0]
        pattern = f"{base}/{pattern.removeprefix(SHORT)}"
    return matches_pattern(method_arn(call), pattern)


def _principal(statement: Statement, caller: str | None) -> bool:
    """An authorizer's policy names no principal: it is about the caller that it was invoked for."""
    if "NotPrincipal" in statement:
        return not _is_one_of(statement["NotPrincipal"], caller)
    return "Principal" not in statement or _is_one_of(statement["Principal"], caller)


def _is_one_of(principal: object, caller: str | None) -> bool:
    named = principal.get("AWS", []) if isinstance(principal, Mapping) else principal
    account = (ACCOUNT, f"arn:{PARTITION}:iam::{ACCOUNT}:root")
    return any(
        name == "*" or (caller is not None and (name == caller or name in account)) for name in listed(named)
    )


def _conditions(statement: Statement, call: GatewayCall, caller: str | None) -> bool:
    conditions: Mapping[str, Mapping[str, Any]] = statement.get("Condition") or {}
    unknown = statement.get("Effect") == "Deny"
    return all(
        _holds(operator, _KEYS[key.lower()](call, caller), [str(value) for value in listed(wanted)])
        if _is_known(operator, key)
        else unknown
        for operator, pairs in conditions.items()
        for key, wanted in pairs.items()
    )


def _is_known(operator: str, key: str) -> bool:
    return _plain(operator) in _OPERATORS and key.lower() in _KEYS


def _holds(operator: str, actual: str | None, wanted: list[str]) -> bool:
    if actual is None:  # an absent key satisfies what is negated, and what says IfExists
        return operator.endswith("IfExists") or operator.startswith(("StringNot", "ArnNot", "NotIp"))
    return _OPERATORS[_plain(operator)](actual, wanted)


def _plain(operator: str) -> str:
    return operator.removesuffix("IfExists")


def _in_network(actual: str, wanted: list[str]) -> bool:
    try:
        address = ipaddress.ip_address(actual)
        return any(address in ipaddress.ip_network(value, strict=False) for value in wanted)
    except ValueError:
        return False


def _unknown(call: GatewayCall, caller: str | None) -> str | None:
    del call, caller
    return None


_OPERATORS: Mapping[str, Operator] = {
    **OPERATORS,
    "IpAddress": _in_network,
    "NotIpAddress": lambda actual, wanted: not _in_network(actual, wanted),
}
# No request comes through a VPC here; whoever calls does so as over the internet, by TLS.
_KEYS: Mapping[str, Callable[[GatewayCall, str | None], str | None]] = {
    "aws:sourceip": lambda call, _: call.request.source_ip,
    "aws:sourcevpc": _unknown,
    "aws:sourcevpce": _unknown,
    "aws:vpcsourceip": _unknown,
    "aws:securetransport": lambda *_: "true",
    "aws:useragent": lambda call, _: call.request.header("User-Agent"),
    "aws:referer": lambda call, _: call.request.header("Referer"),
    "aws:principalarn": lambda _, caller: caller,
    "aws:principalaccount": lambda _, caller: ACCOUNT if caller else None,
    "aws:sourceaccount": lambda _, caller: ACCOUNT if caller else None,
}
