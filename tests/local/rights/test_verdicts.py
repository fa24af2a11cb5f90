"""What the policies of a role say of an action."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.resource_policies import PolicyVerdict, verdict
from accountsctl.localcloud.rights.need import NO_RESOURCE

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/Accounts"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE}
DENY = {**ALLOW, "Effect": "Deny"}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "a"}}


def said(
    *statements: dict[str, Any], action: str = "dynamodb:PutItem", resource: str | None = TABLE
) -> PolicyVerdict:
    return verdict([{"Version": "2012-10-17", "Statement": list(statements)}], action, resource)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (ALLOW, PolicyVerdict.ALLOWED),
        ({**ALLOW, "Action": "DYNAMODB:put*"}, PolicyVerdict.ALLOWED),
        ({**ALLOW, "Action": ["s3:GetObject", "*"], "Resource": "*"}, PolicyVerdict.ALLOWED),
        ({**ALLOW, "Action": "dynamodb:GetItem"}, PolicyVerdict.SILENT),
        ({**ALLOW, "Resource": TABLE + "/index/*"}, PolicyVerdict.SILENT),
        ({**ALLOW, "Resource": TABLE.replace("Accounts", "Accoun?s")}, PolicyVerdict.ALLOWED),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, PolicyVerdict.ALLOWED),
        ({"Effect": "Allow", "NotAction": "dynamodb:*", "Resource": "*"}, PolicyVerdict.SILENT),
        ({"Effect": "Allow", "Action": "*", "NotResource": TABLE}, PolicyVerdict.SILENT),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"}, PolicyVerdict.ALLOWED),
        ({**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, PolicyVerdict.ALLOWED),
        ({**ALLOW, "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}, PolicyVerdict.SILENT),
        ({**ALLOW, "Condition": TAGGED}, PolicyVerdict.UNCLEAR),
        (DENY, PolicyVerdict.DENIED),
    ],
)
def test_one_statement(statement: dict[str, Any], wanted: PolicyVerdict) -> None:
    assert said(statement) is wanted


def test_a_deny_wins_over_any_allow_and_its_order() -> None:
    assert said(ALLOW, DENY) is said(DENY, ALLOW) is PolicyVerdict.DENIED


def test_an_allow_without_a_condition_makes_a_doubtful_one_needless() -> None:
    assert said(ALLOW, {**ALLOW, "Condition": TAGGED}) is PolicyVerdict.ALLOWED


def test_a_deny_whose_condition_is_not_evaluated_is_no_permission() -> None:
    assert said(ALLOW, {**DENY, "Condition": TAGGED}) is PolicyVerdict.UNCLEAR


def test_of_an_unknown_resource_any_allow_will_do_and_only_a_deny_of_everything_denies() -> None:
    assert said(ALLOW, DENY, resource=None) is PolicyVerdict.ALLOWED
    assert said(ALLOW, {**DENY, "Resource": "*"}, resource=None) is PolicyVerdict.DENIED
    assert said({**ALLOW, "Action": "s3:*"}, resource=None) is PolicyVerdict.SILENT


def test_no_policy_allows_nothing() -> None:
    assert verdict([], "sqs:SendMessage", None) is PolicyVerdict.SILENT


def test_an_action_without_a_resource_is_allowed_on_everything_alone() -> None:
    of_table, of_all = {**ALLOW, "Action": "dynamodb:ListTables"}, {**ALLOW, "Action": "*", "Resource": "*"}
    for statement, unknown, none in (
        (of_table, PolicyVerdict.ALLOWED, PolicyVerdict.SILENT),
        (of_all, PolicyVerdict.ALLOWED, PolicyVerdict.ALLOWED),
    ):
        assert said(statement, action="dynamodb:ListTables", resource=None) is unknown
        assert said(statement, action="dynamodb:ListTables", resource=NO_RESOURCE) is none
