"""Following an operation when AWS cannot be asked, and when the user interrupts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from accountsctl.adapters.aws.follow import Follower, Pace
from accountsctl.model.errors import CloudError, Declined, Terminated
from accountsctl.model.events import Event, Note, StackEvent
from tests.unit.adapters.aws.test_stacks import ROOT, nested, raw, root

THROTTLED = ClientError({"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}, "DescribeStackEvents")
EXPIRED = ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, "DescribeStackEvents")
BROKEN = ClientError({"Error": {"Code": "503"}}, "DescribeStackEvents")
FORBIDDEN = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStackEvents")
PASSING = [
    THROTTLED,
    EXPIRED,
    BROKEN,
    EndpointConnectionError(endpoint_url="https://cloudformation"),
    ResponseParserError("<html>" + "x" * 5000),
]


@dataclass
class FlakyClient:
    """CloudFormation whose reads of events go through `answers` (an error, or the events so far), then the last."""

    answers: list[Exception | list[dict[str, Any]]]
    read: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def get_paginator(self, operation: str) -> FlakyClient:
        assert operation == "describe_stack_events"
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:
        self.read.append(StackName)
        answer = self.answers[0]
        if StackName == ROOT or isinstance(answer, Exception):
            self.answers = self.answers[1:] or self.answers
        if isinstance(answer, Exception):
            raise answer
        yield {"StackEvents": [event for event in answer[::-1] if event["StackId"] == StackName]}

    def cancel_update_stack(self, StackName: str) -> None:
        self.cancelled.append(StackName)


@dataclass
class Watch:
    """A clock that only sleeping moves. `interrupts` are raised by the sleeps, in order; None is an ordinary one."""

    now: float = 0.0
    interrupts: list[BaseException | None] = field(default_factory=list)
    heard: list[Event] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        interrupt = self.interrupts.pop(0) if self.interrupts else None
        if interrupt is not None:
            raise interrupt

    def follow(self, client: FlakyClient, success: str = "UPDATE_COMPLETE") -> str:
        follower = Follower(client, ROOT, self.heard.append, clock=lambda: self.now)  # type: ignore[arg-type]
        return follower.to_the_end(success, Pace(), self.sleep).status

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.heard if isinstance(event, Note)]


WORKING = [root(1, "UPDATE_IN_PROGRESS")]
DONE = [*WORKING, root(2, "UPDATE_COMPLETE")]


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__ + str(error)[:40])
def test_what_passes_is_could_not_look_and_is_said_once(error: Exception) -> None:
    watch = Watch()
    assert watch.follow(FlakyClient([WORKING, error, error, error, DONE])) == "UPDATE_COMPLETE"
    first, last = watch.notes
    assert first.startswith("Could not look; trying again.")
    assert len(first) < 700
    assert last == "AWS answers again."


def test_the_waits_between_failed_looks_grow() -> None:
    watch = Watch()
    watch.follow(FlakyClient([*[THROTTLED] * 4, DONE]))
    assert watch.now == 2 + 4 + 8 + 16


def test_after_ten_minutes_without_a_look_the_push_is_said_to_go_on() -> None:
    watch = Watch()
    with pytest.raises(CloudError) as left:
        watch.follow(FlakyClient([WORKING, EXPIRED]))
    assert 600 <= watch.now < 640
    assert left.value.exit_code == 3
    assert left.value.what.startswith("The push goes on in AWS")
    assert "`accountsctl push` follows it" in left.value.hint
    assert "aws sso login" in left.value.hint


def test_looks_that_fail_now_and_then_never_add_up_to_the_limit() -> None:
    some: list[Exception | list[dict[str, Any]]] = [WORKING, *[THROTTLED] * 5]
    assert Watch().follow(FlakyClient([*some * 20, DONE])) == "UPDATE_COMPLETE"


def test_a_missing_right_ends_the_following_at_once_and_says_that_the_push_goes_on() -> None:
    watch = Watch()
    with pytest.raises(CloudError) as left:
        watch.follow(FlakyClient([WORKING, FORBIDDEN]))
    assert watch.now < 5
    assert left.value.what.startswith("The push goes on in AWS")


def test_events_of_a_poll_that_failed_half_way_are_reported_by_the_next_one() -> None:
    before = [nested(1, "UPDATE_IN_PROGRESS")]
    watch = Watch()
    client = FlakyClient([before, THROTTLED, [*before, root(2, "UPDATE_COMPLETE")]])
    assert watch.follow(client) == "UPDATE_COMPLETE"
    assert [event.id for event in watch.heard if isinstance(event, StackEvent)] == [
        "arn:root-1",
        "arn:root-2",
    ]


def test_ctrl_c_says_that_the_push_goes_on_and_how_to_follow_it() -> None:
    watch = Watch(interrupts=[KeyboardInterrupt()])
    client = FlakyClient([WORKING])
    with pytest.raises(Declined) as left:
        watch.follow(client)
    assert (left.value.exit_code, left.value.why) == (130, "The push goes on in AWS.")
    assert left.value.hint == "`accountsctl push` follows it."
    assert "Ctrl-C again" in watch.notes[-1]
    assert client.cancelled == []


def test_a_second_ctrl_c_cancels_the_update() -> None:
    watch = Watch(interrupts=[KeyboardInterrupt(), KeyboardInterrupt()])
    client = FlakyClient([WORKING])
    with pytest.raises(Declined, match="The update is cancelled"):
        watch.follow(client)
    assert client.cancelled == [ROOT]


@pytest.mark.parametrize(
    ("success", "words"), [("CREATE_COMPLETE", "The push"), ("DELETE_COMPLETE", "The deletion")]
)
def test_what_cannot_be_cancelled_is_left_at_the_first_ctrl_c(success: str, words: str) -> None:
    watch = Watch(interrupts=[KeyboardInterrupt()])
    with pytest.raises(Declined) as left:
        watch.follow(FlakyClient([WORKING]), success)
    assert left.value.why == f"{words} goes on in AWS."
    assert watch.notes == []


def test_sigterm_says_the_same_and_leaves_at_once() -> None:
    watch = Watch(interrupts=[Terminated()])
    with pytest.raises(Declined) as left:
        watch.follow(FlakyClient([WORKING]))
    assert left.value.why == "The push goes on in AWS."
    assert watch.notes == []


def attached(events: list[dict[str, Any]], begin: Callable[[Follower], None]) -> list[str]:
    """What is reported of `events` to a follower that begins in this way."""
    watch = Watch()
    follower = Follower(FlakyClient([events]), ROOT, watch.heard.append)  # type: ignore[arg-type]
    begin(follower)
    follower.to_the_end("UPDATE_COMPLETE", Pace(), watch.sleep)
    return [event.id for event in watch.heard if isinstance(event, StackEvent)]


def test_attaching_reports_the_operation_in_progress_from_its_start() -> None:
    events = [
        root(1, "UPDATE_COMPLETE"),
        root(2, "UPDATE_IN_PROGRESS"),
        raw(3, ROOT, "Bucket", "UPDATE_COMPLETE"),
        root(4, "UPDATE_COMPLETE"),
    ]
    assert attached(events[:3] + events[3:], lambda it: None) == [f"arn:root-{n}" for n in (1, 2, 3, 4)]
    client = FlakyClient([events[:3], events])
    watch = Watch()
    follower = Follower(client, ROOT, watch.heard.append)  # type: ignore[arg-type]
    follower.attach()
    follower.to_the_end("UPDATE_COMPLETE", Pace(), watch.sleep)
    assert [event.id for event in watch.heard if isinstance(event, StackEvent)] == [
        f"arn:root-{n}" for n in (2, 3, 4)
    ]


def test_only_stacks_in_progress_are_read() -> None:
    """A nested stack at rest is read once more, when the root has ended."""
    resting = [*WORKING, nested(2, "UPDATE_COMPLETE")]
    end = [*resting, root(9, "UPDATE_COMPLETE")]
    client = FlakyClient([resting, resting, resting, end])
    Watch().follow(client)
    assert client.read == [*[ROOT] * 4, "arn:nested"]


def test_attaching_to_an_operation_that_has_just_ended_reports_its_end() -> None:
    events = [root(1, "CREATE_COMPLETE"), root(2, "UPDATE_IN_PROGRESS"), root(4, "UPDATE_COMPLETE")]
    assert attached(events, Follower.attach) == ["arn:root-2", "arn:root-4"]


def test_attaching_to_a_first_operation_reports_all_of_it() -> None:
    events = [root(1, "REVIEW_IN_PROGRESS"), root(2, "CREATE_IN_PROGRESS"), root(3, "UPDATE_COMPLETE")]
    assert attached(events, Follower.attach) == ["arn:root-2", "arn:root-3"]
