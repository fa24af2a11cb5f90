"""Policies let in the services, and allow the actions, that AWS would; what is not understood opens nothing."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.resource_policies import Access, allows, permits

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
ACCESS = Access("sns.amazonaws.com", "sqs:SendMessage", QUEUE, TOPIC)
ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
}


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, False),
        ({"Action": ["sqs:Get*", "SQS:send*"]}, True),
        ({"Action": "sqs:ReceiveMessage"}, False),
        ({"Resource": "arn:aws:sqs:*:*:other"}, False),
        ({"Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}}}, True),
        ({"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:sns:*:*:*"}}}, True),
        ({"Condition": {"ArnEquals": {"aws:SourceArn": f"{TOPIC}x"}}}, False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}, True),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, False),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
        ({"Effect": "Deny"}, False),
    ],
)
def test_a_statement_lets_a_service_in(changes: dict[str, Any], allowed: bool) -> None:
    assert allows({"Statement": [{**ALLOW, **changes}]}, ACCESS) is allowed


def test_a_denial_counts_more_even_with_a_condition_that_is_not_understood() -> None:
    denied = {**ALLOW, "Effect": "Deny", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    assert not allows({"Statement": [ALLOW, denied]}, ACCESS)


def test_no_policy_lets_no_one_in() -> None:
    assert not allows(None, ACCESS)


def test_a_roles_policies_name_no_principal() -> None:
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:q"}
    assert permits([{"Statement": statement}], "sqs:DeleteMessage", QUEUE)
    assert not permits([{"Statement": statement}], "sqs:DeleteMessage", f"{QUEUE}x")
    assert not permits([], "sqs:DeleteMessage", QUEUE)
