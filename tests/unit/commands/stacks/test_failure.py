"""What a failed operation leaves behind, each with what removes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.commands.stacks.failure import cures, require_success
from accountsctl.model.errors import StackFailed
from accountsctl.model.events import StackEvent
from accountsctl.model.remains import Remains
from accountsctl.ports.stacks import Ending
from tests.fakes.stacks import failed_event
from tests.unit.planning.stacks import one

STACK = "AWS::CloudFormation::Stack"
AGAIN = "`accountsctl recover --orphans` removes it"


def left(type_: str, *path: str) -> StackEvent:
    event = failed_event(*path, type_=type_, reason="it refuses")
    return replace(event, status="DELETE_FAILED", physical_id=f"{path[-1]}-1")


def cured(*events: StackEvent) -> str:
    remains = Remains(lambda _: None)
    for event in events:
        remains(event)
    return cures(remains)


def test_what_is_in_a_nested_stack_that_failed_to_go_is_found_again() -> None:
    cluster = left("AWS::RDS::DBCluster", "db", "Cluster")
    assert cured(left(STACK, "db")).endswith(f"{STACK} db-1 could not be deleted (it refuses): {AGAIN}.")
    assert AGAIN in cured(left(STACK, "db"), cluster)
    assert AGAIN not in cured(cluster)
    assert AGAIN not in cured(left(STACK, "other"), cluster).partition("AWS::RDS::DBCluster")[2]


def test_what_a_stack_forgets_is_to_be_deleted_by_hand() -> None:
    sentence = cured(left("AWS::S3::Bucket", "Bucket"))
    assert sentence.startswith("These remain: AWS::S3::Bucket Bucket-1 could not be deleted (it refuses): ")
    assert AGAIN not in sentence


ASSEMBLY = one({}).to(one({})).assembly


def failure(status: str, culprit: StackEvent | None, *left: StackEvent) -> StackFailed:
    remains = Remains(lambda _: None)
    for event in left:
        remains(event)
    with pytest.raises(StackFailed) as failed:
        require_success("shop-dev", Ending(status, False, culprit), ASSEMBLY, remains)
    return failed.value


def test_the_first_cause_is_named_by_its_resource_and_its_logical_id() -> None:
    error = failure(
        "UPDATE_ROLLBACK_COMPLETE", failed_event("customthing", "Topic", type_="AWS::SNS::Topic", reason="no")
    )
    assert error.what == (
        "The push failed at Topic (AWS::SNS::Topic) in custom/thing; the stack shop-dev is UPDATE_ROLLBACK_COMPLETE."
    )
    assert (error.reason, error.resource, error.logical_id) == ("no", "custom/thing", "Topic")
    assert error.hint.startswith("Everything was rolled back to what ran before")


def test_a_cause_outside_of_the_backends_resources_is_one_of_the_stack() -> None:
    own = failure("UPDATE_ROLLBACK_COMPLETE", failed_event("Bucket", type_="AWS::S3::Bucket", reason="no"))
    assert own.what.startswith("The push failed at Bucket (AWS::S3::Bucket) in shop-dev;")
    assert (own.resource, own.logical_id) == ("", "Bucket")
    stack = failure("UPDATE_ROLLBACK_COMPLETE", failed_event(type_=STACK, reason="cancelled"))
    assert stack.what.startswith("The push failed at shop-dev;")
    assert (stack.reason, stack.resource, stack.logical_id) == ("cancelled", "", "")


def test_a_failure_without_a_cause_says_so() -> None:
    error = failure("ROLLBACK_COMPLETE", None)
    assert error.what == "The push failed at shop-dev; the stack shop-dev is ROLLBACK_COMPLETE."
    assert error.reason == "CloudFormation gave no reason."


def test_what_is_not_rolled_back_is_not_called_so() -> None:
    assert "`accountsctl recover`" in failure("UPDATE_ROLLBACK_FAILED", None).hint
    hint = failure("UPDATE_ROLLBACK_COMPLETE", None, left("AWS::S3::Bucket", "Bucket")).hint
    assert "Bucket-1" in hint
    assert "rolled back" not in hint


def test_an_operation_that_succeeded_or_had_nothing_to_do_has_not_failed() -> None:
    for ending in (None, Ending("UPDATE_COMPLETE", True)):
        require_success("shop-dev", ending, ASSEMBLY, Remains(lambda _: None))
