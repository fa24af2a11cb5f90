"""The CloudFormation adapter over a client whose responses are scripted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.model.errors import CloudError
from accountsctl.model.events import Event, StackEvent
from accountsctl.model.template_body import STACK
from accountsctl.ports.stacks import Ending
from accountsctl.ui.board import Board

START = datetime(2026, 11, 22, tzinfo=UTC)
ROOT, NESTED = "arn:root", "arn:nested"


def raw(number: int, stack: str, logical_id: str, status: str, **members: str) -> dict[str, Any]:
    """An event as CloudFormation lists it; `members` go over those of a resource that did not fail."""
    return {
        "EventId": f"{stack}-{number}",
        "StackId": stack,
        "StackName": stack.removeprefix("arn:"),
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": logical_id,
        "ResourceType": "AWS::X::Y",
        "ResourceStatus": status,
        "ResourceStatusReason": "",
        "Timestamp": START + timedelta(seconds=number),
        **members,
    }


def failure(number: int, logical_id: str, reason: str) -> dict[str, Any]:
    """A resource of the nested stack that could not be created."""
    return raw(number, NESTED, logical_id, "CREATE_FAILED", ResourceStatusReason=reason)


def root(number: int, status: str) -> dict[str, Any]:
    return raw(number, ROOT, "root", status, PhysicalResourceId=ROOT, ResourceType=STACK)


def nested(number: int, status: str, reason: str = "") -> dict[str, Any]:
    members = {"ResourceStatusReason": reason, "PhysicalResourceId": NESTED, "ResourceType": STACK}
    return raw(number, ROOT, "rdscluster", status, **members)


class ScriptedClient:
    """CloudFormation that goes through a list of moments: each is a status of the root and the events until then."""

    def __init__(
        self, moments: list[tuple[str, list[dict[str, Any]]]], change_sets: list[dict[str, str]] | None = None
    ) -> None:
        self.moments = moments
        self.now = 0
        self.change_sets = change_sets or [{"Status": "CREATE_COMPLETE"}]
        self.calls: list[tuple[str, dict[str, object]]] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        status = self.moments[self.now][0]
        if status == "GONE":
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": status, "StackId": ROOT}]}

    def get_paginator(self, operation: str) -> ScriptedClient:
        assert operation == "describe_stack_events"
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:
        events = [
            event
            for event in self.moments[self.now][1]
            if StackName in (event["StackId"], event["StackName"])
        ]
        newest_first = sorted(events, key=lambda event: event["Timestamp"], reverse=True)
        yield {"StackEvents": newest_first[:2]}
        yield {"StackEvents": newest_first[2:]}

    def create_change_set(self, **request: object) -> dict[str, str]:
        self.calls.append(("create", request))
        return {"Id": "arn:change-set", "StackId": ROOT}

    def describe_change_set(self, **request: object) -> dict[str, str]:
        return self.change_sets.pop(0) if len(self.change_sets) > 1 else self.change_sets[0]

    def delete_change_set(self, **request: object) -> None:
        self.calls.append(("delete change set", request))

    def execute_change_set(self, **request: object) -> None:
        self.calls.append(("execute", request))

    def tick(self, _: float) -> None:
        self.now = min(self.now + 1, len(self.moments) - 1)


class OneClient:
    """A session that has this client only."""

    def __init__(self, client: ScriptedClient) -> None:
        self._client = client

    def client(self, service: str) -> ScriptedClient:
        assert service == "cloudformation"
        return self._client


def deploy(client: ScriptedClient, *, create: bool = False) -> tuple[Ending | None, list[StackEvent]]:
    heard: list[Event] = []
    stacks = CloudFormationStacks(OneClient(client), Pace(), client.tick)  # type: ignore[arg-type]
    ending = stacks.deploy("root", "{}", {"a": "b"}, create=create, listen=heard.append)
    return ending, [event for event in heard if isinstance(event, StackEvent)]


def test_events_of_nested_stacks_are_reported_once_in_order_with_their_path() -> None:
    first = [nested(1, "UPDATE_IN_PROGRESS"), raw(2, NESTED, "Cluster", "CREATE_IN_PROGRESS")]
    second = [
        *first,
        raw(3, NESTED, "Cluster", "CREATE_COMPLETE"),
        nested(4, "UPDATE_COMPLETE"),
        root(5, "UPDATE_COMPLETE"),
    ]
    client = ScriptedClient(
        [("UPDATE_COMPLETE", []), ("UPDATE_IN_PROGRESS", first), ("UPDATE_COMPLETE", second)]
    )
    ending, heard = deploy(client)
    assert ending is not None
    assert (ending.status, ending.failure) == ("UPDATE_COMPLETE", None)
    assert [(event.path, event.status) for event in heard] == [
        (("rdscluster",), "UPDATE_IN_PROGRESS"),
        (("rdscluster", "Cluster"), "CREATE_IN_PROGRESS"),
        (("rdscluster", "Cluster"), "CREATE_COMPLETE"),
        (("rdscluster",), "UPDATE_COMPLETE"),
        ((), "UPDATE_COMPLETE"),
    ]


def test_the_past_of_a_stack_is_not_reported_again() -> None:
    past = [nested(1, "CREATE_FAILED", "long ago"), root(2, "UPDATE_COMPLETE")]
    client = ScriptedClient(
        [("UPDATE_COMPLETE", past), ("UPDATE_COMPLETE", [*past, root(3, "UPDATE_COMPLETE")])]
    )
    ending, heard = deploy(client)
    assert [event.id for event in heard] == ["arn:root-3"]
    assert ending is not None
    assert ending.failure is None


def test_the_last_events_of_the_operation_before_are_past_in_every_stack_although_all_are_of_one_instant() -> (
    None
):
    ended = {"PhysicalResourceId": NESTED, "ResourceType": STACK}
    past = [
        raw(2, NESTED, "rdscluster", "UPDATE_COMPLETE", **ended),
        nested(2, "UPDATE_COMPLETE"),
        root(2, "UPDATE_COMPLETE"),
    ]
    news = [
        root(25, "UPDATE_IN_PROGRESS"),
        nested(26, "UPDATE_IN_PROGRESS"),
        raw(26, NESTED, "rdscluster", "UPDATE_IN_PROGRESS", **ended),
        nested(27, "UPDATE_COMPLETE"),
        root(27, "UPDATE_COMPLETE"),
    ]
    client = ScriptedClient([("UPDATE_COMPLETE", past), ("UPDATE_COMPLETE", [*past, *news])])
    board = Board(lambda: 0.0)
    for event in deploy(client)[1]:
        board.take(event)
    assert board.rows["rdscluster"].seconds == 1.0


def test_the_first_cause_is_the_earliest_failure_that_does_not_follow_from_another() -> None:
    events = [
        nested(1, "CREATE_IN_PROGRESS"),
        failure(3, "Cluster", "Cannot find version 99"),
        failure(2, "Group", "Resource creation cancelled"),
        nested(4, "CREATE_FAILED", "Embedded stack arn:nested was not successfully created"),
        root(5, "UPDATE_ROLLBACK_COMPLETE"),
    ]
    client = ScriptedClient([("UPDATE_COMPLETE", []), ("UPDATE_ROLLBACK_COMPLETE", events)])
    ending, _ = deploy(client)
    assert ending is not None
    assert ending.failure is not None
    assert (ending.failure.path, ending.failure.reason) == (
        ("rdscluster", "Cluster"),
        "Cannot find version 99",
    )


def test_an_operation_that_is_canceled_without_a_failure_ends_with_the_stacks_own_reason() -> None:
    reason = "Delete canceled. Cannot delete export e as it is in use by s."
    end = {**root(2, "CREATE_COMPLETE"), "ResourceStatusReason": reason}
    events = [root(1, "DELETE_IN_PROGRESS"), end]
    client = ScriptedClient([("UPDATE_COMPLETE", []), ("CREATE_COMPLETE", events)])
    ending, _ = deploy(client)
    assert ending is not None
    assert ending.failure is not None
    assert ending.failure.reason == reason


def test_a_failed_create_that_deletes_itself_ends_with_its_cause() -> None:
    events = [raw(1, ROOT, "Bucket", "CREATE_FAILED", ResourceStatusReason="name is taken")]
    end = [*events, root(2, "DELETE_COMPLETE")]
    client = ScriptedClient(
        [("REVIEW_IN_PROGRESS", []), ("CREATE_IN_PROGRESS", events), ("DELETE_COMPLETE", end)]
    )
    ending, _ = deploy(client, create=True)
    assert ending is not None
    assert ending.status == "DELETE_COMPLETE"
    assert ending.failure is not None
    assert ending.failure.reason == "name is taken"


def test_a_change_set_without_changes_is_deleted_and_nothing_is_executed() -> None:
    reason = "The submitted information didn't contain changes. Submit different information to create a change set."
    client = ScriptedClient([("UPDATE_COMPLETE", [])], [{"Status": "FAILED", "StatusReason": reason}])
    ending, _ = deploy(client)
    assert ending is None
    assert [name for name, _ in client.calls] == ["create", "delete change set"]


def test_a_change_set_that_fails_for_a_reason_is_an_error_with_that_reason() -> None:
    client = ScriptedClient(
        [("UPDATE_COMPLETE", [])], [{"Status": "FAILED", "StatusReason": "No export named X"}]
    )
    with pytest.raises(CloudError, match="refuses the change") as refused:
        deploy(client)
    assert refused.value.why == "No export named X"
    assert refused.value.exit_code == 3


def test_nested_stacks_are_part_of_the_change_set() -> None:
    client = ScriptedClient([("UPDATE_COMPLETE", []), ("UPDATE_COMPLETE", [root(1, "UPDATE_COMPLETE")])])
    deploy(client)
    request = client.calls[0][1]
    assert request["IncludeNestedStacks"] is True
    assert request["ChangeSetType"] == "UPDATE"


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ({"Resources": {}}, {"Resources": {}}),
        (
            "Resources: {A: {Type: X, Name: !Ref B}}",
            {"Resources": {"A": {"Type": "X", "Name": {"Ref": "B"}}}},
        ),
    ],
    ids=["JSON", "YAML"],
)
def test_the_template_of_any_stack_is_read_in_long_form(body: object, read: object) -> None:
    assert stacks_with_template(body).template("root") == read


@pytest.mark.parametrize("body", ["Resources: [", "just words"])
def test_a_template_that_cannot_be_read_is_an_error_that_says_what_to_do(body: str) -> None:
    with pytest.raises(CloudError, match="cannot be read") as refused:
        stacks_with_template(body).template("root")
    assert "stackName" in refused.value.hint


def stacks_with_template(body: object) -> CloudFormationStacks:
    """Stacks of which each has this template, as botocore gives it."""

    class Client:
        def get_template(self, **_: object) -> dict[str, object]:
            return {"TemplateBody": body}

    return CloudFormationStacks(OneClient(Client()), Pace())  # type: ignore[arg-type]


def test_the_pace_starts_at_one_second_and_grows_to_five() -> None:
    waits = [wait for wait, _ in zip(Pace(), range(20), strict=False)]
    assert waits[0] == 1.0
    assert max(waits) == waits[-1] == 5.0
    assert waits == sorted(waits)


def test_a_resource_that_a_hook_refused_is_reported_with_the_reason_of_the_hook() -> None:
    hook = {
        "HookType": "Org::Encryption::Hook",
        "HookStatus": "HOOK_COMPLETE_FAILED",
        "HookStatusReason": "storage must be encrypted",
    }
    events = [
        raw(1, ROOT, "Cluster", "CREATE_IN_PROGRESS", **hook),
        raw(2, ROOT, "Cluster", "CREATE_FAILED", ResourceStatusReason="The following hook(s) failed: [Org]"),
        root(3, "UPDATE_ROLLBACK_COMPLETE"),
    ]
    ending, _ = deploy(ScriptedClient([("UPDATE_COMPLETE", []), ("UPDATE_ROLLBACK_COMPLETE", events)]))
    assert ending is not None
    assert ending.failure is not None
    assert ending.failure.reason == "The hook Org::Encryption::Hook refused it: storage must be encrypted"
