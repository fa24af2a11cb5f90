"""A change set on its way to an operation: what a lost response, another push and Ctrl-C make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from accountsctl.adapters.aws.executions import Execution
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.patience import MayHaveBegun
from accountsctl.model.errors import CloudError, Declined

LOST = EndpointConnectionError(endpoint_url="https://cloudformation")
STACK_ID = "arn:aws:cloudformation:eu-west-1:1:stack/shop/1"
OURS = "arn:aws:cloudformation:eu-west-1:1:changeSet/accountsctl-1/9"
THEIRS = "arn:aws:cloudformation:eu-west-1:1:changeSet/accountsctl-2/9"
SINCE = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "ExecuteChangeSet")


@dataclass
class FakeCloudFormation:
    """One stack. `ends` are the errors of the changing calls, in order; afterwards they succeed."""

    ends: list[Exception] = field(default_factory=list)
    status: str = "UPDATE_COMPLETE"
    change_set: str = ""
    change_sets: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    unseen: bool = False
    """Whether the stack cannot be read."""

    def create_change_set(self, **request: Any) -> dict[str, Any]:
        self._call(f"create {request['ClientToken'][:11]}")
        return {"Id": OURS, "StackId": STACK_ID}

    def describe_change_set(self, **_: Any) -> dict[str, Any]:
        return {"ChangeSetId": OURS, "StackId": STACK_ID, "ResponseMetadata": {}}

    def execute_change_set(self, **request: Any) -> None:
        self._call(f"execute {request['ClientRequestToken'][:11]}")

    def delete_change_set(self, **_: Any) -> None:
        self._call("delete change set")

    def list_change_sets(self, **_: Any) -> dict[str, Any]:
        return {"Summaries": self.change_sets}

    def delete_stack(self, **_: Any) -> None:
        self.called.append("delete stack")

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if self.unseen:
            raise LOST
        if self.status == "GONE" and StackName != STACK_ID:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, "DescribeStacks"
            )
        stack = {"StackName": "shop", "StackStatus": self.status, "CreationTime": SINCE}
        return {"Stacks": [{**stack, "ChangeSetId": self.change_set}]}

    def _call(self, name: str) -> None:
        self.called.append(name)
        if self.ends:
            raise self.ends.pop(0)


def execution(client: FakeCloudFormation) -> Execution:
    return Execution(client, "shop", "accountsctl-1", Pace(), lambda _: None)  # type: ignore[arg-type]


def run(client: FakeCloudFormation) -> None:
    execution(client).run(STACK_ID)


def create(client: FakeCloudFormation) -> str:
    request: Any = {"StackName": "shop", "ChangeSetName": "accountsctl-1"}
    return execution(client).create(request)["Id"]


def test_both_calls_carry_a_token_and_are_sent_again_when_their_response_is_lost() -> None:
    client = FakeCloudFormation([LOST])
    assert create(client) == OURS
    client.ends = [LOST]
    run(client)
    assert client.called == ["create accountsctl"] * 2 + ["execute accountsctl"] * 2


@pytest.mark.parametrize("code", ["TokenAlreadyExistsException", "AlreadyExistsException"])
def test_a_change_set_that_an_attempt_without_a_response_made_is_taken(code: str) -> None:
    assert create(FakeCloudFormation([LOST, refusal(code)])) == OURS


@pytest.mark.parametrize("code", ["InvalidChangeSetStatus", "ChangeSetNotFound"])
@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE"])
def test_an_execution_that_was_done_without_a_response_is_no_refusal(code: str, status: str) -> None:
    run(FakeCloudFormation([LOST, refusal(code)], status, OURS))


def test_another_push_that_was_faster_is_named_with_its_start() -> None:
    with pytest.raises(CloudError) as refused:
        run(FakeCloudFormation([refusal("InvalidChangeSetStatus")], "UPDATE_IN_PROGRESS", THEIRS))
    assert refused.value.code == "OperationInProgress"
    assert "accountsctl-2" in refused.value.why
    assert "2026-11-28 09:30:00 UTC" in refused.value.why
    with pytest.raises(CloudError) as refused:
        run(FakeCloudFormation([refusal("ChangeSetNotFound")], "UPDATE_COMPLETE", THEIRS))
    assert refused.value.code == "StackChanged"


def test_a_refusal_while_the_stack_rests_stays_what_it_is() -> None:
    for end in (refusal("ValidationError", "Template error"), refusal("AccessDenied")):
        with pytest.raises(CloudError) as refused:
            create(FakeCloudFormation([end]))
        assert refused.value.code == end.response["Error"]["Code"]


def test_a_refusal_while_another_operation_runs_is_that_operation() -> None:
    with pytest.raises(CloudError) as refused:
        create(FakeCloudFormation([refusal("ValidationError")], "UPDATE_IN_PROGRESS", THEIRS))
    assert refused.value.code == "OperationInProgress"


def interrupted(client: FakeCloudFormation) -> Declined:
    with pytest.raises(Declined) as left, execution(client).cleared_when_it_fails():
        raise KeyboardInterrupt
    return left.value


def test_ctrl_c_before_the_execution_deletes_the_change_set() -> None:
    client = FakeCloudFormation()
    assert interrupted(client).what == "Interrupted before the stack was changed."
    assert client.called == ["delete change set"]


def test_ctrl_c_in_a_first_push_also_deletes_the_stack_that_is_only_a_review() -> None:
    client = FakeCloudFormation(status="REVIEW_IN_PROGRESS")
    interrupted(client)
    assert client.called == ["delete change set", "delete stack"]
    client = FakeCloudFormation(status="REVIEW_IN_PROGRESS", change_sets=["of someone else"])
    interrupted(client)
    assert client.called == ["delete change set"]


def test_ctrl_c_while_the_execution_is_on_its_way_says_that_the_push_goes_on() -> None:
    client = FakeCloudFormation([refusal("InvalidChangeSetStatus")], "UPDATE_IN_PROGRESS", OURS)
    left = interrupted(client)
    assert left.why == "The push goes on in AWS: the stack is UPDATE_IN_PROGRESS."
    assert left.hint == "`accountsctl push` follows it."


def test_ctrl_c_without_a_connection_says_what_could_not_be_deleted() -> None:
    left = interrupted(FakeCloudFormation([LOST]))
    assert left.why.startswith("Could not delete the change set of shop.")


def test_an_error_before_the_execution_leaves_no_change_set_and_stays_the_error() -> None:
    for status, ends in (("UPDATE_COMPLETE", []), ("UPDATE_COMPLETE", [LOST]), ("REVIEW_IN_PROGRESS", [])):
        client = FakeCloudFormation(list(ends), status)
        with pytest.raises(CloudError, match="refused"), execution(client).cleared_when_it_fails():
            raise CloudError("refused")
        assert client.called == [
            "delete change set",
            *(["delete stack"] if status != "UPDATE_COMPLETE" else []),
        ]


def test_what_may_have_begun_is_left_alone() -> None:
    client = FakeCloudFormation([LOST] * 4, unseen=True)
    with pytest.raises(MayHaveBegun) as left, execution(client).cleared_when_it_fails():
        run(client)
    assert left.value.what == "The push may have begun in AWS; there was no response."
    assert "`accountsctl push` follows it if it has begun" in left.value.hint
    assert "delete change set" not in client.called


def test_an_execution_without_any_response_is_looked_up() -> None:
    run(FakeCloudFormation([LOST] * 4, "UPDATE_IN_PROGRESS", OURS))
    with pytest.raises(CloudError) as lost:
        run(FakeCloudFormation([LOST] * 4, "UPDATE_COMPLETE", THEIRS))
    assert lost.value.code == "EndpointConnectionError"


def test_a_refusal_after_a_lost_response_is_no_proof_that_nothing_was_done() -> None:
    run(FakeCloudFormation([LOST, refusal("ExpiredToken")], "UPDATE_IN_PROGRESS", OURS))
    client = FakeCloudFormation([refusal("ExpiredToken")], "UPDATE_IN_PROGRESS", OURS)
    with pytest.raises(CloudError, match="refused"):
        run(client)
