"""What a failed operation leaves behind, each with what removes it."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.commands.stacks.failure import cures
from accountsctl.model.events import StackEvent
from accountsctl.model.remains import Remains
from tests.fakes.stacks import failed_event

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
