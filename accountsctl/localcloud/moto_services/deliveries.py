"""How a service hands an event to a queue, a topic or a function, if their policies allow it.

Queues and topics get it at once, under the lock of the call that caused it, so that order is kept and one save writes
both. Functions are invoked later, asynchronously: `take` returns what is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.event_sources import QueuedInvocation
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PolicyDocument
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.contracts.resource_policies import Access, allows
from accountsctl.localcloud.moto_services import functions
from accountsctl.localcloud.moto_services.apps import backends

ACTIONS: Mapping[str, str] = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
}
_invocations: list[QueuedInvocation] = []


def take() -> list[QueuedInvocation]:
    """The invocations that are due since the last call; the caller holds the lock."""
    due = list(_invocations)
    _invocations.clear()
    return due


def deliver(service: str, source: str, target: str, message: str, **more: Any) -> bool:
    """Deliver `message` to the ARN `target` on behalf of `service`, because of the resource `source`.

    `more` are arguments of moto's SendMessage. False, with a line in the log, if the target is missing or its
    policy does not let the service in: on AWS too such an event is lost.
    """
    refusal = refuses(service, source, target)
    if refusal:
        report(f"an event of {source} was not delivered: {refusal}")
        return False
    _, _, kind, region, _, name = target.split(":", 5)
    if kind == "sqs":
        backends("sqs")[ACCOUNT][region].send_message(name, message, **more)
    elif kind == "sns":
        backends("sns")[ACCOUNT][region].publish(message, target, **more)
    else:
        _invocations.append(QueuedInvocation(target, message))
    return True


def refuses(service: str, source: str, target: str) -> str:
    """Why `service` cannot deliver to `target`; "" if it can."""
    kind = target.split(":")[2] if target.count(":") >= 5 else ""
    if kind not in ACTIONS:
        return f"the embedded cloud delivers nothing to {target}"
    found, policy = _policy(kind, target)
    if not found:
        return f"{target} does not exist"
    if not allows(policy, Access(service, ACTIONS[kind], target, source)):
        return f"the policy of {target} does not allow {service} to call {ACTIONS[kind]} for {source}"
    return ""


def _policy(kind: str, arn: str) -> tuple[bool, PolicyDocument | None]:
    """Whether the resource exists, and its policy."""
    region, name = arn.split(":")[3], arn.split(":", 5)[5]
    if kind == "lambda":
        found = functions.find(arn, region)
        return (
            (False, None) if found is None else (True, {"Statement": list(found.function.policy.statements)})
        )
    table = backends(kind)[ACCOUNT][region]
    resource = table.queues.get(name) if kind == "sqs" else table.topics.get(arn)
    if resource is None:
        return False, None
    return True, json.loads(resource.policy or "{}")
