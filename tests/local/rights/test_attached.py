"""What the policy of a caller and that of the resource say together."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.lookups import Signer
from accountsctl.localcloud.contracts.resource_policies import PolicyVerdict
from accountsctl.localcloud.rights.attached import combined
from accountsctl.localcloud.rights.need import Need

ROLE = "arn:aws:iam::123456789012:role/team/reader"
SESSION = "arn:aws:sts::123456789012:assumed-role/reader/caller"
ROOT = "arn:aws:iam::123456789012:root"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"
SEND: dict[str, Any] = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}
DENIED = {**SEND, "Effect": "Deny"}
USE_KEY: dict[str, Any] = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
UNKNOWN = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}


def found(own: list[dict[str, Any]], attached: list[dict[str, Any]], need: Need) -> PolicyVerdict:
    signer = Signer("s", SESSION, "AROA:caller", ({"Statement": own},), principal=ROLE)
    return combined(signer, need, {"Statement": attached} if attached else {})


def sending(own: list[dict[str, Any]], *attached: dict[str, Any]) -> PolicyVerdict:
    return found(own, list(attached), Need("sqs:SendMessage", QUEUE))


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": ["x", SESSION]}])
def test_a_caller_that_the_resource_allows_needs_no_policy_of_its_own(principal: object) -> None:
    assert sending([], {**SEND, "Principal": principal}) is PolicyVerdict.ALLOWED


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": ROOT},
        {"AWS": "123456789012"},
        {"AWS": ROLE + "s"},
        {"Service": "sns.amazonaws.com"},
        {"Federated": "*"},
        None,
        ROLE,
    ],
)
def test_an_allow_to_the_account_or_to_others_leaves_it_to_the_callers_policies(principal: object) -> None:
    statement = {**SEND, "Principal": principal}
    assert sending([], statement) is PolicyVerdict.SILENT
    assert sending([SEND], statement) is PolicyVerdict.ALLOWED


@pytest.mark.parametrize("principal", ["*", {"AWS": ROLE}, {"AWS": ROOT}, {"AWS": "123456789012"}])
def test_a_deny_of_the_resource_wins(principal: object) -> None:
    assert sending([SEND], {**DENIED, "Principal": principal}) is PolicyVerdict.DENIED


def test_a_deny_of_the_caller_wins_over_an_allow_of_the_resource() -> None:
    assert sending([DENIED], {**SEND, "Principal": "*"}) is PolicyVerdict.DENIED


def test_a_deny_of_everyone_but_the_caller_is_none_of_the_caller() -> None:
    assert sending([SEND], {**DENIED, "NotPrincipal": {"AWS": [ROLE]}}) is PolicyVerdict.ALLOWED
    assert sending([SEND], {**DENIED, "NotPrincipal": {"AWS": [ROLE + "s"]}}) is PolicyVerdict.DENIED


def test_the_principal_of_a_session_is_its_role() -> None:
    named = {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}
    others = {"ArnNotEquals": {"aws:PrincipalArn": ROLE + "s"}}
    assert sending([SEND], {**DENIED, "Principal": "*", "Condition": named}) is PolicyVerdict.ALLOWED
    assert sending([SEND], {**DENIED, "Principal": "*", "Condition": others}) is PolicyVerdict.DENIED


def test_a_condition_that_is_not_evaluated_allows_nothing_and_counts_as_a_deny() -> None:
    assert sending([], {**SEND, "Principal": "*", "Condition": UNKNOWN}) is PolicyVerdict.UNCLEAR
    assert sending([SEND], {**SEND, "Principal": "*", "Condition": UNKNOWN}) is PolicyVerdict.ALLOWED
    assert sending([SEND], {**DENIED, "Principal": "*", "Condition": UNKNOWN}) is PolicyVerdict.UNCLEAR


def test_the_callers_policies_open_a_key_only_if_its_own_leaves_it_to_the_account() -> None:
    need = Need("kms:Decrypt", KEY)
    to_account = {**USE_KEY, "Principal": {"AWS": ROOT}}
    to_other = {**USE_KEY, "Principal": {"AWS": ROLE + "s"}}
    to_caller = {**USE_KEY, "Principal": {"AWS": ROLE}}
    assert found([USE_KEY], [to_account], need) is PolicyVerdict.ALLOWED
    assert found([], [to_account], need) is PolicyVerdict.SILENT
    assert found([USE_KEY], [to_other], need) is PolicyVerdict.SILENT
    assert found([], [to_caller], need) is PolicyVerdict.ALLOWED
    assert found([{**USE_KEY, "Effect": "Deny"}], [to_caller], need) is PolicyVerdict.DENIED
    assert found([USE_KEY], [{**to_account, "Action": "kms:Encrypt"}], need) is PolicyVerdict.SILENT


@pytest.mark.parametrize(
    ("boundary", "attached", "wanted"),
    [
        ([SEND], [], PolicyVerdict.ALLOWED),
        ([{**SEND, "Action": "s3:*"}], [], PolicyVerdict.SILENT),
        ([], [], PolicyVerdict.SILENT),
        ([SEND, DENIED], [], PolicyVerdict.DENIED),
        ([{**SEND, "Condition": UNKNOWN}], [], PolicyVerdict.UNCLEAR),
        ([], [{**SEND, "Principal": {"AWS": ROLE}}], PolicyVerdict.SILENT),
        ([], [{**SEND, "Principal": {"AWS": SESSION}}], PolicyVerdict.ALLOWED),
        ([], [{**SEND, "Principal": {"AWS": SESSION}, "Action": "sqs:ReceiveMessage"}], PolicyVerdict.SILENT),
        ([{**SEND, "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}}], [], PolicyVerdict.ALLOWED),
    ],
)
def test_the_boundary_of_a_role_limits_what_its_policies_allow(
    boundary: list[dict[str, Any]], attached: list[dict[str, Any]], wanted: PolicyVerdict
) -> None:
    own = ({"Statement": [SEND]},)
    signer = Signer("s", SESSION, "AROA:caller", own, principal=ROLE, boundary={"Statement": boundary})
    need = Need("sqs:SendMessage", QUEUE)
    assert combined(signer, need, {"Statement": attached} if attached else {}) is wanted


def test_a_boundary_allows_nothing_by_itself() -> None:
    signer = Signer("s", SESSION, "AROA:caller", (), principal=ROLE, boundary={"Statement": [SEND]})
    assert combined(signer, Need("sqs:SendMessage", QUEUE), {}) is PolicyVerdict.SILENT
