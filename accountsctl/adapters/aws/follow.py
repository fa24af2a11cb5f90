"""Following an operation of CloudFormation: events of the root and of every stack nested in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import error_code, error_message, translated
from accountsctl.model.events import Listener, StackEvent
from accountsctl.ports.stacks import Ending

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

STACK = "AWS::CloudFormation::Stack"
CONSEQUENCES = (
    "Resource creation cancelled",
    "Resource update cancelled",
    "The following resource(s) failed",
    "Embedded stack",
)
"""The beginnings of reasons that only report the failure of another resource."""


def is_absent(error: ClientError) -> bool:
    """Whether CloudFormation reports that there is no such stack, for which it has no error code of its own."""
    return error_code(error) == "ValidationError" and "does not exist" in error_message(error)


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


class Follower:
    """Reports every event of a stack and its nested stacks once, oldest first, until the root has ended."""

    def __init__(self, client: CloudFormationClient, root: str, listen: Listener) -> None:
        self._client = client
        self._root = root
        self._listen = listen
        self._paths: dict[str, tuple[str, ...]] = {root: ()}
        self._seen: set[str] = set()
        self._failures: list[StackEvent] = []
        self._root_status = ""

    def skip_the_past(self) -> None:
        """Report nothing of what happened before now. Finds the nested stacks that exist already."""
        listen, self._listen = self._listen, lambda _: None
        self._poll()
        self._listen = listen
        self._failures.clear()
        self._root_status = ""

    def to_the_end(self, success: str, pace: Pace, sleep: Callable[[float], None]) -> Ending:
        """Poll until the root stack rests, and return how it ended; only the status `success` is a success.

        The end is read from the root's own events, not from its status: right after the start of an
        operation the status may still be the one before it.
        """
        for wait in pace:
            self._poll()
            status = self._root_status
            if status and not status.endswith("_IN_PROGRESS"):
                return Ending(status, status == success, None if status == success else self._first_cause())
            sleep(wait)
        raise AssertionError("a pace has no end")

    def _poll(self) -> None:
        events: list[StackEvent] = []
        waiting = list(self._paths)
        while waiting:
            stack = waiting.pop(0)
            for event in self._new_events(stack):
                events.append(event)
                waiting += self._meet(event)
        for event in sorted(events, key=lambda event: event.at):
            if event.failed:
                self._failures.append(event)
            if not event.path:
                self._root_status = event.status
            self._listen(event)

    def _meet(self, event: StackEvent) -> list[str]:
        """Remember a nested stack at its first event; its own events are read from now on."""
        if (
            event.type != STACK
            or not event.physical_id.startswith("arn:")
            or event.physical_id in self._paths
        ):
            return []
        if not event.path:
            return []
        self._paths[event.physical_id] = event.path
        return [event.physical_id]

    def _new_events(self, stack: str) -> list[StackEvent]:
        """A stack's events that were not reported yet, oldest first.

        AWS lists the newest first, so a known one ends the reading.
        """
        events: list[StackEvent] = []
        with translated(f"read the events of {stack}"):
            try:
                for page in self._client.get_paginator("describe_stack_events").paginate(StackName=stack):
                    for raw in page["StackEvents"]:
                        if raw["EventId"] in self._seen:
                            return self._mark_as_reported(events)
                        events.append(self._event(raw, self._paths[stack]))
            except ClientError as error:
                if not is_absent(error):
                    raise
        return self._mark_as_reported(events)

    def _mark_as_reported(self, events: list[StackEvent]) -> list[StackEvent]:
        self._seen |= {event.id for event in events}
        return events[::-1]

    def _event(self, raw: StackEventTypeDef, path: tuple[str, ...]) -> StackEvent:
        is_stack_itself = raw.get("PhysicalResourceId") == raw["StackId"]
        return StackEvent(
            id=raw["EventId"],
            at=raw["Timestamp"],
            stack=raw["StackName"],
            path=path if is_stack_itself else (*path, raw["LogicalResourceId"]),
            type=raw["ResourceType"],
            status=raw.get("ResourceStatus", ""),
            reason=raw.get("ResourceStatusReason", ""),
            physical_id=raw.get("PhysicalResourceId", ""),
        )

    def _first_cause(self) -> StackEvent | None:
        causes = [event for event in self._failures if not event.reason.startswith(CONSEQUENCES)]
        return next(iter(causes or self._failures), None)
