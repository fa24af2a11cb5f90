"""What a service demands of a role: that it may assume it, and what a function's role may send to."""

from __future__ import annotations

import json
from collections.abc import Mapping

from accountsctl.localcloud.contracts.policy_documents import (
    Statement,
    is_allowed,
    listed,
    matches_any,
    statements,
)
from accountsctl.localcloud.moto_services import signers

SERVICE = "lambda.amazonaws.com"
SENDS: Mapping[str, str] = {
    "sqs": "SendMessage",
    "sns": "Publish",
    "lambda": "InvokeFunction",
    "events": "PutEvents",
}
"""The action by which Lambda sends to a destination, by its service."""


def trusted(role_arn: str, service: str = SERVICE) -> bool:
    """Whether the role's trust policy lets a service assume it; False also if there is no such role."""
    role = signers.find_role(role_arn)
    if role is None:
        return False
    try:
        document = json.loads(role.assume_role_policy_document)
    except ValueError:
        return False
    return is_allowed(statement for statement in statements(document) if _is_for(service, statement))


def may_send(role_arn: str, destination: str) -> bool:
    """Whether the role may send to a queue, topic, bus or function."""
    service = destination.split(":")[2]
    return signers.role_permits(role_arn, f"{service}:{SENDS[service]}", destination) is True


def _is_for(service: str, statement: Statement) -> bool:
    actions = [str(action).lower() for action in listed(statement.get("Action", []))]
    principal = statement.get("Principal", {})
    services = (
        listed(principal.get("Service", principal.get("AWS", [])))
        if isinstance(principal, Mapping)
        else [principal]
    )
    return matches_any("sts:assumerole", actions) and any(name in (service, "*") for name in services)
