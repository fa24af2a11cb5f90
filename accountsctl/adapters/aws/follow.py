"""Following an operation of CloudFormation: events of the root and of every stack nested in it.

One poll reads the root and the nested stacks that are in progress, newest event first, and stops at the first event
that is known or that happened before the operation: the past is never paged through.

A poll that fails says nothing about the operation, which goes on in AWS (`adapters.aws.patience`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import error_code, error_message, translated
from accountsctl.adapters.aws.hooks import hook_reason, refused_by_hook
from accountsctl.adapters.aws.patience import Departure, Patience
from accountsctl.model.events import Listener, Looked, StackEvent
from accountsctl.model.template_body import STACK
from accountsctl.ports.stacks import Ending

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

REVIEW = "REVIEW_IN_PROGRESS"
BEGINNING = datetime.min.replace(tzinfo=UTC)


def is_absent(error: ClientError) -> bool:
    """Whether CloudFormation reports that there is no such stack, for which it has no error code of its own."""
    return error_code(error) == "ValidationError" and "does not exist" in error_message(error)


def is_working(status: str) -> bool:
    """Whether a stack or a resource in this state is being changed; one in review was never executed."""
    return status.endswith("_IN_PROGRESS") and status != REVIEW


@dataclass(frozen=True)
class Pace:
    """How long to wait between two polls, in seconds: `first`, then `growth` times as long, at most `most`."""

    first: float = 1.0
    most: float = 5.0
    growth: float = 1.3

    def __iter__(self) -> Iterator[float]:
        wait = self.first
        while True:
            yield wait
            wait = min(wait * self.growth, self.most)


@dataclass
class FollowedStack:
    """A stack of the tree: its path from the root, its last status as its parent's resource, and its own."""

    path: tuple[str, ...]
    as_resource: str = ""
    own: str = ""

    @property
    def working(self) -> bool:
        """Whether it can have new events."""
        return is_working(self.as_resource) or is_working(self.own)


class Follower:
    """Reports every event of a stack and its nested stacks once, oldest first, until the root has ended.

    `where` is the cloud's name in what is said when the following ends before the operation does.
    """

    def __init__(
        self,
        client: CloudFormationClient,
        root: str,
        listen: Listener,
        where: str = "AWS",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._root = root
        self._listen = listen
        self._where = where
        self._clock = clock
        self._stacks: dict[str, FollowedStack] = {root: FollowedStack(())}
        self._since = BEGINNING
        self._seen: set[str] = set()
        self._refused: set[str] = set()
        self._failures: list[StackEvent] = []
        self._last: StackEvent | None = None

    def skip_the_past(self) -> None:
        """Report nothing of what happened before now; one call, whatever the length of the history."""
        self._past(self._newest_first(self._root))

    def attach(self) -> None:
        """Report the operation in progress from its start: everything since the root rested the last time.

        One that was in progress and has ended by now is reported too, its end included.
        """
        begun = False
        newest_first = self._newest_first(self._root)
        for event in newest_first:
            if event.get("PhysicalResourceId") != event["StackId"]:
                continue
            working = is_working(event.get("ResourceStatus", ""))
            begun = begun or working
            if begun and not working:
                self._past(chain([event], newest_first))
                return

    def _past(self, newest_first: Iterator[StackEventTypeDef]) -> None:
        """Report none of these events of the root, nor of its nested stacks what is not newer than they are."""
        newest = next(newest_first, None)
        if newest is None:
            return
        self._since = newest["Timestamp"]
        # An operation can write its last events, the root's and those of nested stacks, in one millisecond.
        together = takewhile(lambda event: event["Timestamp"] == self._since, newest_first)
        self._seen |= {event["EventId"] for event in chain([newest], together)}

    def to_the_end(self, success: str, pace: Pace, sleep: Callable[[float], None]) -> Ending:
        """Poll until the root stack rests, and return how it ended; only the status `success` is a success.

        The end is read from the root's own events, not from its status: right after the start of an operation the
        status may still be the one before it. Raises CloudError when AWS cannot be asked for too long, and Declined
        when it is interrupted; both say that the operation goes on.
        """
        departure = Departure(self._client, self._root, success, self._where)
        patience = Patience(departure, self._listen, self._clock)
        try:
            for wait in pace:
                blind = patience.look(self._poll)
                self._listen(Looked())
                status = self._stacks[self._root].own
                if status and not is_working(status) and not blind:
                    return self._ending(status, success)
                sleep(max(wait, blind))
        except KeyboardInterrupt as interrupt:
            raise departure.after(interrupt, self._listen, sleep) from interrupt
        raise AssertionError("a pace has no end")

    def _ending(self, status: str, success: str) -> Ending:
        return Ending(status, status == success, None if status == success else self._first_cause())

    def _poll(self) -> None:
        """Read what is new, then report it: a poll that fails half way has reported nothing, and is read again."""
        events: list[StackEvent] = []
        read: set[str] = set()
        ended = False
        while waiting := [
            stack
            for stack, client in self._stacks.items()
            if stack not in read and (stack == self._root or client.working or ended)
        ]:
            for stack in waiting:
                read.add(stack)
                for event in self._new_events(stack):
                    events.append(event)
                    self._note_status(event, stack)
            # The root's end is later than everything below it: a last look at all that it had changed.
            ended = bool(self._stacks[self._root].own) and not self._stacks[self._root].working
        self._report(events)

    def _note_status(self, event: StackEvent, stack: str) -> None:
        """Remember how far a stack is; a nested one is followed from its first event on."""
        if event.path == self._stacks[stack].path:
            self._stacks[stack].own = event.status
        elif event.type == STACK and event.physical_id.startswith("arn:"):
            nested = self._stacks.setdefault(event.physical_id, FollowedStack(event.path))
            nested.as_resource = event.status

    def _report(self, events: list[StackEvent]) -> None:
        self._seen |= {event.id for event in events}
        for event in sorted(events, key=lambda event: event.at):
            if event.failed or event.id in self._refused:
                self._failures.append(event)
            if not event.path:
                self._last = event
            self._listen(event)

    def _new_events(self, stack: str) -> list[StackEvent]:
        """A stack's events that were not reported yet, oldest first."""
        events: list[StackEvent] = []
        path = self._stacks[stack].path
        for raw in self._newest_first(stack):
            at = raw["Timestamp"]
            # A nested stack begins after its root has begun, and so later than the root's last event before.
            if raw["EventId"] in self._seen or at < self._since or (at == self._since and path):
                break
            if raw.get("ResourceStatus") != REVIEW:
                if refused_by_hook(raw):
                    self._refused.add(raw["EventId"])
                events.append(_event(raw, path))
        return events[::-1]

    def _newest_first(self, stack: str) -> Iterator[StackEventTypeDef]:
        with translated(f"read the events of {stack}"):
            try:
                for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack):
                    yield from page["StackEvents"]
            except ClientError as error:
                if not is_absent(error):
                    raise

    def _first_cause(self) -> StackEvent | None:
        causes = [event for event in self._failures if not event.is_consequence]
        # A deletion that is canceled fails nothing: the stack is as it was, and its own event says why.
        explained = [self._last] if self._last and self._last.reason else []
        return next(iter(causes or self._failures or explained), None)


def follower_from_now(
    client: CloudFormationClient,
    stack: str,
    listen: Listener,
    where: str = "AWS",
    clock: Callable[[], float] = time.monotonic,
) -> Follower:
    """A follower of the operation that is about to begin."""
    follower = Follower(client, stack, listen, where, clock)
    follower.skip_the_past()
    return follower


def _event(raw: StackEventTypeDef, path: tuple[str, ...]) -> StackEvent:
    is_stack_itself = raw.get("PhysicalResourceId") == raw["StackId"]
    return StackEvent(
        id=raw["EventId"],
        at=raw["Timestamp"],
        stack=raw["StackName"],
        path=path if is_stack_itself else (*path, raw["LogicalResourceId"]),
        type=raw["ResourceType"],
        status=raw.get("ResourceStatus", ""),
        reason=hook_reason(raw) or raw.get("ResourceStatusReason", ""),
        physical_id=raw.get("PhysicalResourceId", ""),
    )
