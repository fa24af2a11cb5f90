"""The stacks and change sets there are, found by name or ARN, and the events that tell their story."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import EventRecord, Properties, StackOutput
from accountsctl.localcloud.cloudformation.runtime.state import (
    STACK_TYPE,
    WAIT_HANDLE,
    ChangeSet,
    Definition,
    Record,
    Stack,
    StackDrift,
    new_id,
    now,
    timestamp,
)
from accountsctl.localcloud.cloudformation.template.functions import base64_of, normal
from accountsctl.localcloud.cloudformation.template.parameters import MASK

GONE = "DELETE_COMPLETE"
REMEMBERED = dt.timedelta(days=90)  # how long CloudFormation shows a deleted stack
# What only tells of the past is bounded by number too: nothing else would ever make the state smaller.
DELETED_STACKS = 30
OBSOLETE_CHANGE_SETS = 10
RECENT = 50  # more events than one stack has within a millisecond
EVENTS = 100  # of one stack, about 20 pushes; those of its last two operations are always kept


class EventSubject(NamedTuple):
    """What an event is about: a resource, or the stack itself."""

    logical_id: str
    physical_id: str
    resource_type: str


class Store:
    """All state of the service. Whoever reads or writes it holds `lock`; `changed` is called at each event."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.lock = threading.RLock()
        self.stacks: dict[str, Stack] = {}
        self.change_sets: dict[str, ChangeSet] = {}
        self.changed = changed
        self.announce: Callable[[Stack, EventRecord], None] = lambda _stack, _event: None

    def forget_gone(self, moment: dt.datetime) -> None:
        """Drop stacks that were deleted too long before `moment`, or before many others, and old change sets that
        cannot be executed."""
        end = timestamp(moment - REMEMBERED)
        with self.lock:
            gone = [stack for stack in self.stacks.values() if stack.status == GONE and stack.deleted]
            gone.sort(key=lambda stack: stack.deleted or "")
            for place, stack in enumerate(reversed(gone)):
                if place >= DELETED_STACKS or (stack.deleted or "") < end:
                    del self.stacks[stack.id]
            orphans = [
                change_set
                for change_set in self.change_sets.values()
                if change_set.stack_id and change_set.stack_id not in self.stacks
            ]
            for change_set in orphans:
                del self.change_sets[change_set.id]
            obsolete = [
                change_set
                for change_set in self.change_sets.values()
                if change_set.execution_status == "OBSOLETE"
            ]
            for change_set in obsolete[:-OBSOLETE_CHANGE_SETS]:
                del self.change_sets[change_set.id]

    def find(self, name_or_id: str, region: str) -> Stack | None:
        """By name only what is not deleted; by ARN also what is. A region knows its own stacks only."""
        with self.lock:
            found = self.stacks.get(name_or_id)
            if found:
                return found if found.region == region else None
            alive = (
                stack for stack in self.stacks.values() if stack.status != GONE and stack.region == region
            )
            return next((stack for stack in alive if stack.name == name_or_id), None)

    def get(self, name_or_id: str, region: str) -> Stack:
        found = self.find(name_or_id, region)
        if found is None:
            raise CloudFormationError(f"Stack with id {name_or_id} does not exist")
        return found

    def change_set(self, name_or_id: str, stack: str | None, region: str) -> ChangeSet:
        """A change set by ARN, or by its name and its stack's name or ARN."""
        with self.lock:
            found = self.change_sets.get(name_or_id) if f":{region}:" in name_or_id else None
            if found is None and not stack and not name_or_id.startswith("arn:"):
                raise CloudFormationError(
                    "StackName must be specified if ChangeSetName is not specified as an ARN."
                )
            if found is None and stack:
                owner = self.find(stack, region)
                if owner is None:
                    raise CloudFormationError(f"Stack [{stack}] does not exist")
                stack_id = owner.id
                mine = (
                    change_set
                    for change_set in reversed(self.change_sets.values())
                    if change_set.stack_id == stack_id
                )
                found = next((change_set for change_set in mine if change_set.name == name_or_id), None)
        if found is None:
            raise CloudFormationError(f"ChangeSet [{name_or_id}] does not exist", "ChangeSetNotFound", 404)
        return found

    def exports(self, region: str) -> Iterator[tuple[Stack, StackOutput]]:
        """Each exported output with its stack."""
        with self.lock:
            alive = [
                stack for stack in self.stacks.values() if stack.status != GONE and stack.region == region
            ]
            pairs = [
                (stack, output)
                for stack in alive
                for output in stack.definition.outputs
                if "ExportName" in output
            ]
        yield from pairs

    def export(self, name: str, region: str) -> str | None:
        values = [export["OutputValue"] for _, export in self.exports(region) if export["ExportName"] == name]
        return values[0] if values else None

    def importers(self, name: str, region: str) -> list[str]:
        """The names of the stacks that use an export, now or in the update that is running."""
        with self.lock:
            alive = [
                stack for stack in self.stacks.values() if stack.status != GONE and stack.region == region
            ]
            return [
                stack.name
                for stack in alive
                if name in stack.definition.imports or (stack.previous and name in stack.previous.imports)
            ]

    def children(self, stack: Stack) -> list[Stack]:
        with self.lock:
            return [
                child
                for child in self.stacks.values()
                if child.parent_id == stack.id and child.status != GONE
            ]

    def stack_status(self, stack: Stack, status: str, reason: str | None = None) -> None:
        """Set a stack's status, with the event that says so."""
        with self.lock:
            stack.status, stack.reason = status, reason
            # An operation makes the last detection obsolete.
            stack.drift = StackDrift()
            self._event(stack, EventSubject(stack.name, stack.id, STACK_TYPE), status, reason)

    def resource_status(
        self,
        stack: Stack,
        record: Record,
        status: str,
        reason: str | None = None,
        *,
        applied: Properties | None = None,
        shown: bool = True,
    ) -> None:
        """Set a resource's status, with the event, which has the properties that are being `applied`.

        They are the record's own if they are not given. Nothing is `shown` of a resource that an update leaves behind.
        """
        with self.lock:
            record.status, record.reason, record.timestamp = status, reason, now()
            subject = EventSubject(record.logical_id, record.physical_id or "", record.type)
            properties = record.properties if applied is None else applied
            self._event(stack, subject, status, reason, properties if shown else None)

    def _event(
        self,
        stack: Stack,
        subject: EventSubject,
        status: str,
        reason: str | None,
        properties: Properties | None = None,
    ) -> None:
        moment, event_id = _event_id(stack, subject, status, cleanup=properties is None)
        event: EventRecord = {
            "EventId": event_id,
            "StackId": stack.id,
            "StackName": stack.name,
            "LogicalResourceId": subject.logical_id,
            "PhysicalResourceId": subject.physical_id,
            "ResourceType": subject.resource_type,
            "Timestamp": moment,
            "ResourceStatus": status,
            "OperationId": stack.operation_id,
            "OperationType": stack.operation_type,
        }
        if reason:
            event["ResourceStatusReason"] = reason
        if properties is not None:
            secrets = secrets_of(stack.definition, stack.previous) | hidden_data(stack)
            shown = normal(hide(properties, secrets))
            event["ResourceProperties"] = json.dumps(shown, separators=(",", ":"))
        if stack.token:
            event["ClientRequestToken"] = stack.token
        stack.events.append(event)
        self.announce(stack, event)
        _drop_old(stack.events)
        self.changed()


def _event_id(stack: Stack, subject: EventSubject, status: str, *, cleanup: bool) -> tuple[str, str]:
    """The time of an event and its id, as AWS makes them: a stack's is random, a resource's has its time.

    That of what an update leaves behind has a random end. Ids are unique, so a second event of one
    resource and status within a millisecond is dated one later, and no event before the last one.
    """
    last = dt.datetime.fromisoformat(stack.events[-1]["Timestamp"] if stack.events else stack.created)
    moment = max(dt.datetime.now(dt.UTC), last)
    if subject.physical_id == stack.id:
        return timestamp(moment), new_id()
    if cleanup:
        return timestamp(moment), f"{subject.logical_id}-{new_id()}"
    recent = {event["EventId"] for event in stack.events[-RECENT:]}
    while (event_id := f"{subject.logical_id}-{status}-{timestamp(moment)}") in recent:
        moment += dt.timedelta(milliseconds=1)
    return timestamp(moment), event_id


def _drop_old(events: list[EventRecord]) -> None:
    """Drop the oldest events; pages of an operation that are read while the next one begins stay whole."""
    if len(events) <= EVENTS:
        return
    last_two = list(dict.fromkeys(event["OperationId"] for event in reversed(events)))[:2]
    while len(events) > EVENTS and events[0]["OperationId"] not in last_two:
        del events[0]


def wait_handles(store: Store) -> set[str]:
    """The URLs of the wait condition handles that exist."""
    with store.lock:
        return {
            record.physical_id
            for stack in store.stacks.values()
            for record in stack.resources.values()
            if record.type == WAIT_HANDLE and record.exists and record.physical_id
        }


def wait_handle(store: Store, path: str) -> str | None:
    """The URL, with this path, of a wait condition handle that exists."""
    return next((url for url in wait_handles(store) if url.endswith(path)), None)


def secrets_of(*definitions: Definition | None) -> set[str]:
    """The values of NoEcho parameters, also as Fn::Base64 and lists write them."""
    secrets: set[str] = set()
    for definition in definitions:
        for name in definition.no_echo if definition else ():
            value = definition.parameters.get(name) if definition else None
            texts = [*value, ",".join(value)] if isinstance(value, list) else [value]
            secrets |= {str(text) for text in texts if isinstance(text, str) and text}
    return secrets | {base64_of(secret) for secret in secrets}


def hidden_data(stack: Stack) -> set[str]:
    """What custom resources returned under NoEcho."""
    return {
        str(value)
        for record in stack.resources.values()
        if record.no_echo
        for value in record.attributes.values()
        if value not in (None, "")
    }


def hide(value: Any, secrets: set[str]) -> Any:
    """`value` with the secrets in it masked, wherever they stand in a string."""
    if isinstance(value, Mapping):
        return {key: hide(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [hide(inner, secrets) for inner in value]
    if not isinstance(value, str):
        return value
    if value in secrets:
        return MASK
    # One secret may begin another: of the longer one, nothing may be left.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) > 3:
            value = value.replace(secret, MASK)
    return value
