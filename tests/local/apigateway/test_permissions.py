"""Whether a function lets the gateway in: judged once for the same policy, and again for a changed one."""

from __future__ import annotations

from accountsctl.localcloud.apigateway.integrations.permission import SERVICE, Permissions
from accountsctl.localcloud.contracts.lookups import PolicyDocument

SOURCE = "arn:aws:execute-api:eu-west-1:123456789012:a1/dev/GET/x"


def policy(effect: str) -> PolicyDocument:
    action = "lambda:InvokeFunction"
    return {"Statement": [{"Effect": effect, "Principal": {"Service": SERVICE}, "Action": action}]}


def test_a_function_with_another_policy_is_judged_again() -> None:
    permissions = Permissions()
    granted = policy("Allow")
    judged = [permissions.allow(one, SOURCE) for one in (granted, granted, None, granted, policy("Deny"))]
    assert judged == [True, True, False, True, False]


def test_what_one_method_may_says_nothing_of_another() -> None:
    permissions, granted = Permissions(), policy("Allow")
    granted["Statement"][0]["Condition"] = {"ArnLike": {"AWS:SourceArn": SOURCE}}
    assert [permissions.allow(granted, source) for source in (SOURCE, f"{SOURCE}/y", SOURCE)] == [
        True,
        False,
        True,
    ]
