"""Change sets that fail, in the orders in which AWS lets them fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.change_sets import ChangeSetPreparation
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.hooks import hook_reason
from accountsctl.model.errors import ChangeSetRefused, CloudError

ROOT = "arn:change-set/root"
CHILD_FAILED = "Nested change set arn:change-set/a was not successfully created: Currently in FAILED."
VALIDATION = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early "
    "Validation errors, use the DescribeEvents API for detailed failure information."
)
UNCHANGED = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)
NESTED = "Only executable from the root change set."
UNKNOWN_PROPERTY = {
    "LogicalResourceId": "Bucket",
    "ResourceType": "AWS::S3::Bucket",
    "ValidationPath": "/Resources/Bucket/Properties/BucketNme",
    "ValidationStatusReason": "Unsupported property [BucketNme]",
    "ValidationFailureMode": "FAIL",
}
Event = dict[str, str]


def described(status: str, reason: str = "", **children: str) -> dict[str, Any]:
    """A DescribeChangeSet; `children` are logical id -> ARN of a nested change set."""
    changes = [
        {"ResourceChange": {"LogicalResourceId": name, "ChangeSetId": arn}} for name, arn in children.items()
    ]
    return {"Status": status, "StatusReason": reason, "Changes": changes}


class FakeChangeSets:
    """CloudFormation with change sets that take on one description after the other, as time passes."""

    def __init__(
        self,
        change_sets: Mapping[str, list[dict[str, Any]]],
        events: Mapping[str, list[Event]] | None = None,
        refused: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._change_sets = change_sets
        self._events = events or {}
        self._refused = {operation: list(codes) for operation, codes in (refused or {}).items()}
        self.now = 0.0
        self.calls: list[str] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def describe_change_set(self, ChangeSetName: str, NextToken: str = "") -> dict[str, Any]:
        self._called("describe", ChangeSetName)
        moments = self._change_sets[ChangeSetName]
        found = moments[min(int(self.now), len(moments) - 1)]
        page = int(NextToken or 0)
        following = {"NextToken": str(page + 1)} if page + 1 < len(found["Changes"]) else {}
        changes = found["Changes"][page : page + 1]
        return {**found, "ChangeSetId": ChangeSetName, "Changes": changes, **following}

    def describe_events(self, ChangeSetName: str, Filters: object, NextToken: str = "") -> dict[str, Any]:
        assert Filters == {"FailedEvents": True}
        self._called("events", ChangeSetName)
        events, page = self._events[ChangeSetName], int(NextToken or 0)
        following = {"NextToken": str(page + 1)} if page + 1 < len(events) else {}
        return {"OperationEvents": events[page : page + 1], **following}

    def delete_change_set(self, ChangeSetName: str) -> None:
        self._called("delete", ChangeSetName)

    def _called(self, operation: str, change_set: str) -> None:
        self.calls.append(f"{operation} {change_set.rpartition('/')[2]}")
        codes = self._refused.get(operation) or self._refused.get(self.calls[-1])
        if codes:
            code = codes.pop(0)
            raise ClientError({"Error": {"Code": code, "Message": "not now"}}, operation)


def refused(client: FakeChangeSets, patience: float = 30.0) -> ChangeSetRefused:
    """The error of a change set that must fail."""
    change_sets = ChangeSetPreparation(client, Pace(1, 1, 1), client.sleep, patience)  # type: ignore[arg-type]
    with pytest.raises(ChangeSetRefused) as error:
        change_sets.ready("shop-dev", ROOT)
    return error.value


def test_the_reason_of_a_nested_change_set_is_the_reason() -> None:
    client = FakeChangeSets(
        {
            ROOT: [described("FAILED", CHILD_FAILED, functiona="arn:c/a", functionb="arn:c/b")],
            "arn:c/a": [described("FAILED", "No export named X")],
            "arn:c/b": [described("CREATE_COMPLETE", NESTED)],
        }
    )
    error = refused(client).named({"functiona": "function/a"})
    assert error.what == "CloudFormation refuses the change of function/a."
    assert error.why == "function/a: No export named X"
    assert error.exit_code == 3


def test_what_early_validation_found_is_read_with_resource_and_path_before_the_change_set_is_deleted() -> (
    None
):
    warning = {**UNKNOWN_PROPERTY, "ValidationFailureMode": "WARN", "ValidationStatusReason": "quota"}
    name_taken = {
        "LogicalResourceId": "Log",
        "ResourceType": "AWS::Logs::LogGroup",
        "ValidationStatusReason": "It exists",
    }
    client = FakeChangeSets(
        {
            ROOT: [described("FAILED", CHILD_FAILED, storagefiles="arn:c/a")],
            "arn:c/a": [described("FAILED", VALIDATION)],
        },
        {"arn:c/a": [warning, UNKNOWN_PROPERTY, name_taken]},
    )
    error = refused(client).named({"storagefiles": "storage/files"})
    assert error.why.splitlines() == [
        "storage/files: Bucket (AWS::S3::Bucket) at /Properties/BucketNme: Unsupported property [BucketNme]",
        "storage/files: Log (AWS::Logs::LogGroup): It exists",
    ]
    assert client.calls[-1] == "delete root"


def test_siblings_that_are_still_being_created_are_waited_for_and_all_reasons_are_shown_in_order() -> None:
    going = described("CREATE_IN_PROGRESS")
    client = FakeChangeSets(
        {
            ROOT: [described("FAILED", CHILD_FAILED, functiona="arn:c/a", functionb="arn:c/b")],
            "arn:c/a": [going, going, going, described("FAILED", "the first reason")],
            "arn:c/b": [described("FAILED", "the second reason")],
        }
    )
    assert refused(client).why.splitlines() == ["functiona: the first reason", "functionb: the second reason"]
    assert client.now == 3


def test_waiting_is_bounded() -> None:
    client = FakeChangeSets(
        {
            ROOT: [described("FAILED", CHILD_FAILED, functiona="arn:c/a")],
            "arn:c/a": [described("CREATE_IN_PROGRESS")],
        }
    )
    assert refused(client, patience=5).why == CHILD_FAILED
    assert client.now == 5


def test_change_sets_without_a_reason_of_their_own_are_passed_over_down_to_the_deepest() -> None:
    client = FakeChangeSets(
        {
            ROOT: [described("FAILED", CHILD_FAILED, a="arn:c/a", b="arn:c/b", c="arn:c/c")],
            "arn:c/a": [described("FAILED", UNCHANGED)],
            "arn:c/b": [described("FAILED", NESTED)],
            "arn:c/c": [described("FAILED", CHILD_FAILED, d="arn:c/d")],
            "arn:c/d": [described("FAILED", "at the bottom")],
        }
    )
    assert [(each.path, each.message) for each in refused(client).refusals] == [(("c", "d"), "at the bottom")]


def test_the_refusal_of_a_hook_is_shown_with_its_name() -> None:
    event = {
        "LogicalResourceId": "Api",
        "HookType": "AWS::ControlTower::Hook",
        "HookStatus": "HOOK_COMPLETE_FAILED",
        "HookStatusReason": "[CT.APIGATEWAY.PR.2] Tracing is off",
    }
    reason = "The following hook(s) failed: [AWS::ControlTower::Hook]"
    client = FakeChangeSets({ROOT: [described("FAILED", reason)]}, {ROOT: [event]})
    assert refused(client).why == (
        "Api: The hook AWS::ControlTower::Hook refused it: [CT.APIGATEWAY.PR.2] Tracing is off"
    )


@pytest.mark.parametrize("status", ["HOOK_IN_PROGRESS", "HOOK_COMPLETE_SUCCEEDED"])
def test_a_hook_that_did_not_refuse_gives_no_reason(status: Any) -> None:
    assert hook_reason({"HookStatus": status, "HookStatusReason": "all is well"}) == ""


def test_without_the_right_to_read_events_the_sentence_of_the_change_set_stays() -> None:
    client = FakeChangeSets(
        {ROOT: [described("FAILED", VALIDATION)]}, refused={"events": ["AccessDenied"] * 9}
    )
    why = refused(client).why
    assert why.startswith(VALIDATION)
    assert "AccessDenied" in why


def test_validation_without_events_keeps_its_own_sentence() -> None:
    client = FakeChangeSets({ROOT: [described("FAILED", VALIDATION)]}, {ROOT: []})
    assert refused(client).why == VALIDATION


def test_a_nested_change_set_that_cannot_be_read_leaves_the_reason_of_the_root() -> None:
    root = described("FAILED", CHILD_FAILED, a="arn:c/a")
    client = FakeChangeSets({ROOT: [root]}, refused={"describe a": ["AccessDenied"]})
    first, second = refused(client).why.splitlines()
    assert first == CHILD_FAILED
    assert "AccessDenied" in second


@pytest.mark.parametrize(
    ("codes", "deletions"),
    [(["InvalidChangeSetStatus"] * 2, 3), (["InvalidChangeSetStatus"] * 99, 31), (["AccessDenied"], 1)],
)
def test_a_refused_discard_is_waited_for_and_then_left_alone(codes: list[str], deletions: int) -> None:
    client = FakeChangeSets({ROOT: [described("FAILED", "a reason")]}, refused={"delete": codes})
    assert refused(client).why == "a reason"
    assert client.calls.count("delete root") == deletions


def test_a_change_set_without_changes_is_none_and_is_deleted() -> None:
    client = FakeChangeSets({ROOT: [described("FAILED", UNCHANGED)]})
    change_sets = ChangeSetPreparation(client, Pace(), client.sleep)  # type: ignore[arg-type]
    assert not change_sets.ready("s", ROOT)
    assert client.calls == ["describe root", "delete root"]


def test_the_root_that_cannot_be_read_is_an_error_of_its_own() -> None:
    client = FakeChangeSets({ROOT: [described("FAILED", "x")]}, refused={"describe": ["ExpiredToken"]})
    change_sets = ChangeSetPreparation(client, Pace(), client.sleep)  # type: ignore[arg-type]
    with pytest.raises(CloudError, match="read the change set of s"):
        change_sets.ready("s", ROOT)
