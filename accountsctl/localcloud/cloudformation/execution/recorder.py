"""Writing down what a deployment does: the journal, and the records of the resources.

A `Step` stands in the journal before it is taken, so that `undo` can take back exactly what was begun,
even in another process.
"""

from __future__ import annotations

import copy
import secrets
import string
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource
from accountsctl.localcloud.cloudformation.runtime.shapes import TemplateValue
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import (
    STACK_TYPE,
    Record,
    Stack,
    Step,
    StepKind,
    is_custom,
)
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE, Known

DELETION_POLICIES = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
Definition = Mapping[str, TemplateValue]
"""A resource as the template defines it: Type, Properties, policies, Metadata."""


class Recorder:
    """Keeps the journal and the records of one stack while it is deployed."""

    def __init__(self, runtime: StackRuntime, stack: Stack, prepared: Prepared) -> None:
        self._store = runtime.store
        self._gate = runtime.gate
        self._stack = stack
        self._prepared = prepared
        self._evaluator = prepared.evaluator

    def begin(self, name: str, definition: Definition) -> Record:
        """The record of a resource that is about to be created."""
        record = Record(name, str(definition["Type"]), token=new_token())
        with self._store.lock:
            self._stack.resources[name] = record
            record.depends_on = sorted(self._prepared.graph.edges[name])
            if self._stack.previous is not None and not self._is_new(name):
                self._stack.journal.append(Step(name, StepKind.CREATE, None, {}))
        return record

    def _is_new(self, name: str) -> bool:
        """Whether an update that this one takes up has begun to create the resource."""
        return any(step.logical_id == name and step.action is StepKind.CREATE for step in self._stack.journal)

    def journal(self, record: Record, action: StepKind, wanted: dict[str, Any]) -> Step:
        """Write a step into the journal, with the record as it is now; call this before the step is taken."""
        step = Step(record.logical_id, action, copy.deepcopy(record), wanted)
        with self._store.lock:
            self._stack.journal.append(step)
        return step

    def properties(self, definition: Definition) -> dict[str, Any]:
        """The properties of a resource with their intrinsic functions evaluated."""
        # Never under the lock: a function may call another service, which may wait for our state.
        value: dict[str, Any] = self._evaluator.value(definition.get("Properties") or {})
        return value

    def describe(self, record: Record, definition: Definition) -> None:
        """Take over everything of a resource's definition but its properties."""
        policies = {
            key: self._evaluator.value(definition.get(key))
            for key in ("DeletionPolicy", "UpdateReplacePolicy")
        }
        for key, policy in policies.items():
            if policy not in (None, NO_VALUE) and policy not in DELETION_POLICIES:
                raise CloudFormationError(
                    f"Template format error: Unrecognized {key} {policy} for resource {record.logical_id}"
                )
        metadata = self._evaluator.value(definition.get("Metadata"))
        with self._store.lock:
            record.metadata = metadata
            record.tags = dict(self._prepared.definition.tags)
            record.deletion_policy = policies["DeletionPolicy"]
            record.update_replace_policy = policies["UpdateReplacePolicy"]
            record.depends_on = sorted(self._prepared.graph.edges[record.logical_id])

    def unsaved(self, record: Record) -> AbstractContextManager[None]:
        """While a resource is made and recorded (see `gate`).

        A nested stack records its own resources. The function of a custom resource calls services, whose
        changes are saved meanwhile.
        """
        apart = record.type == STACK_TYPE or is_custom(record.type)
        return nullcontext() if apart else self._gate.passing()

    def provided(self, record: Record, resource: ProvidedResource, *, verb: str | None = None) -> None:
        """Record what a handler returned; with `verb` also the event that the creation was initiated."""
        with self._store.lock:
            record.physical_id = resource.physical_id
            record.attributes = dict(resource.attributes)
            record.no_echo = resource.no_echo
            if verb and not record.initiated:
                self._store.resource_status(
                    self._stack, record, f"{verb}_IN_PROGRESS", "Resource creation Initiated"
                )

    def publish(self, record: Record) -> None:
        """Let the resources that refer to this one see its id and attributes."""
        with self._store.lock:
            assert record.physical_id is not None
            # Which properties Fn::GetAtt may ask for, the schema has decided; none of them is an attribute otherwise.
            values = {**record.properties, **record.attributes}
            self._evaluator.known[record.logical_id] = Known(record.physical_id, values)


def new_token() -> str:
    """The random end of a physical name."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(12))
