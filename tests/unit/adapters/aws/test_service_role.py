"""CloudFormation's role goes with every call that takes one, and with no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.adapters.aws.session import Session

ROLE = "arn:aws:iam::123456789012:role/deployer"
STACK = {"StackName": "s"}
TAKING: dict[str, dict[str, Any]] = {
    "create_change_set": {**STACK, "ChangeSetName": "c"},
    "delete_stack": STACK,
    "continue_update_rollback": STACK,
    "rollback_stack": STACK,
    "create_stack": STACK,
    "update_stack": STACK,
}
OTHER: dict[str, dict[str, Any]] = {
    "execute_change_set": {**STACK, "ChangeSetName": "c"},
    "delete_change_set": {**STACK, "ChangeSetName": "c"},
    "describe_stacks": STACK,
    "cancel_update_stack": STACK,
    "detect_stack_drift": STACK,
}


def sent(role: str | None, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """The body that a call would be sent with."""
    session = Session("eu-west-1", endpoint="http://127.0.0.1:9", role=role)
    client = session.client("cloudformation")
    bodies: list[dict[str, Any]] = []

    def answer(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        bodies.append(params["body"])
        return type("Sent", (), {"status_code": 200})(), {}

    client.meta.events.register("before-call", answer)
    call: Callable[..., object] = getattr(client, operation)
    call(**request)
    return bodies[0]


@pytest.mark.parametrize("operation", TAKING)
def test_calls_that_take_a_role_get_it(operation: str) -> None:
    assert sent(ROLE, operation, TAKING[operation])["RoleARN"] == ROLE
    assert "RoleARN" not in sent(None, operation, TAKING[operation])


@pytest.mark.parametrize("operation", OTHER)
def test_calls_that_take_none_do_not(operation: str) -> None:
    assert "RoleARN" not in sent(ROLE, operation, OTHER[operation])
