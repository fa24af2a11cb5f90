"""The forward half of an operation: bring a stack's resources to what a prepared template says.

Each resource is taken once everything that it refers to is done. Before its handler is called a `Step`
is written into the stack's journal, so that `undo` can take back exactly what was begun, even in
another process. What replaces a resource is made now; what was replaced or is no longer in the
template is deleted only when the whole operation has succeeded.
"""

from __future__ import annotations

import copy
import secrets
import string
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from accountsctl.localcloud.cloudformation.errors import Cancelled, CloudFormationError
from accountsctl.localcloud.cloudformation.execution.handlers import ResourceHandler, explain
from accountsctl.localcloud.cloudformation.execution.schedule import walk
from accountsctl.localcloud.cloudformation.planning.diff import PropertyChange, property_changes, replacement
from accountsctl.localcloud.cloudformation.planning.planner import Planner, StackPlan
from accountsctl.localcloud.cloudformation.planning.policy import denied
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties, ReplacementLevel
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Record, Stack, Step
from accountsctl.localcloud.cloudformation.template.functions import scalar
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE, Known

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
DELETION_POLICIES = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
Handlers = Callable[[str], ResourceHandler]


class Failed(CloudFormationError):
    """A resource could not be brought to what the template says; its event was written."""


class Deployment:
    """One run over one stack. `run` returns the failures by logical id, and leaves the journal."""

    def __init__(
        self,
        runtime: StackRuntime,
        handlers: Handlers,
        stack: Stack,
        prepared: Prepared,
        plan: StackPlan | None,
    ) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._handlers = handlers
        self._stack = stack
        self._evaluator: Evaluator = prepared.evaluator
        self._prepared = prepared
        self._plan = plan or StackPlan()
        self._planner = Planner(runtime)
        self._updating = stack.previous is not None
        self._halted = threading.Event()

    def run(self) -> dict[str, Exception]:
        for name, record in self._stack.resources.items():
            if record.exists and name not in self._prepared.graph.resources:
                self._stack.doomed.append(name)
        return walk(self._prepared.graph.edges, self._one, self._halted, self._stopped)

    def _stopped(self) -> bool:
        root = self._stack.root_id or self._stack.id
        return root in self._runtime.cancelled

    def _one(self, name: str) -> None:
        with self._store.lock:
            record = self._stack.resources.get(name)
        definition = self._prepared.graph.resources[name]
        if record is None or not record.exists:
            record = self._create(name, definition)
        else:
            self._update(record, definition)
        with self._store.lock:
            assert record.physical_id is not None
            self._evaluator.known[name] = Known(record.physical_id, record.attributes)

    def _create(self, name: str, definition: Mapping[str, Any]) -> Record:
        record = Record(name, str(definition["Type"]), token=new_token())
        with self._store.lock:
            self._stack.resources[name] = record
            record.depends_on = sorted(self._prepared.graph.edges[name])
            if self._updating:
                self._stack.journal.append(Step(name, "create", None, {}))
        try:
            self._describe(record, definition)
            record.properties = self._properties(definition)
            self._store.resource_status(self._stack, record, "CREATE_IN_PROGRESS", shown=True)
            with self._unsaved(record):
                planned = self._plan.child(name, record.properties) if record.type == STACK_TYPE else None
                handler = self._handlers(record.type)
                self._made(record, handler.create(self._stack, record, record.properties, planned))
        except Exception as error:
            raise self._failure(record, "CREATE", error) from error
        self._finish(record, "CREATE", "Resource creation cancelled")
        return record

    def _update(self, record: Record, definition: Mapping[str, Any]) -> None:
        try:
            wanted = self._properties(definition)
            changes = self._changes(record, wanted)
            tagged = record.tags != self._prepared.definition.tags and self._stack.previous is not None
            nested = self._nested_plan(record, wanted)
            inside = nested is not None and nested.changes_inside(record)
            if not changes and not inside and not tagged:
                self._keep(record, definition)
                return
            replaces = replacement(changes) is ReplacementLevel.YES
            self._allowed(record, replaces)
            if replaces:
                self._refuse_custom_name(record, wanted)
        except Exception as error:
            raise self._failure(record, "UPDATE", error) from error
        if replaces:
            self._replace(record, definition, wanted)
        else:
            self._change(record, definition, wanted, nested)

    def _change(
        self,
        record: Record,
        definition: Mapping[str, Any],
        wanted: dict[str, Any],
        nested: StackPlan | None,
    ) -> None:
        old = record.properties
        step = self._journal(record, "update", wanted)
        before = copy.deepcopy(record)
        try:
            record.properties = wanted
            self._store.resource_status(self._stack, record, "UPDATE_IN_PROGRESS", shown=True)
            made = self._handlers(record.type).update(self._stack, record, old, wanted, nested)
            self._describe(record, definition)
        except Exception as error:
            record.properties = before.properties
            if isinstance(error, CloudFormationError) and record.type != STACK_TYPE:
                # Refused by our own checks: the handler never saw these properties.
                step.wanted = before.properties
            raise self._failure(record, "UPDATE", error) from error
        self._made(record, made, announce=False)
        self._finish(record, "UPDATE", "Resource update cancelled")

    def _replace(self, record: Record, definition: Mapping[str, Any], wanted: dict[str, Any]) -> None:
        self._journal(record, "replace", wanted)
        self._store.resource_status(self._stack, record, "UPDATE_IN_PROGRESS", REPLACING)
        heir = Record(record.logical_id, record.type, token=new_token(), properties=wanted)
        try:
            self._describe(heir, definition)
            with self._unsaved(heir):
                made = self._handlers(heir.type).create(self._stack, heir, wanted)
                with self._store.lock:
                    record.token, record.properties = heir.token, wanted
                self._made(record, made, verb="UPDATE")
        except Exception as error:
            raise self._failure(record, "UPDATE", error) from error
        self._describe(record, definition)
        self._finish(record, "UPDATE", "Resource update cancelled")

    def _keep(self, record: Record, definition: Mapping[str, Any]) -> None:
        """Nothing for the handler to do; policies and metadata follow the template."""
        self._journal(record, "keep", record.properties)
        self._describe(record, definition)

    def _changes(self, record: Record, wanted: dict[str, Any]) -> list[PropertyChange]:
        schema = self._runtime.schema(record.type) if record.type != STACK_TYPE else None
        return property_changes(record.properties, wanted, schema.create_only if schema else frozenset())

    def _nested_plan(self, record: Record, properties: Properties) -> StackPlan | None:
        """A nested stack's plan: the one that was made before if it holds, else one that is made now."""
        if record.type != STACK_TYPE:
            return None
        planned = self._plan.child(record.logical_id, properties)
        if planned is not None:
            return planned
        definition = self._stack.definition
        return self._planner.child(self._stack, definition, record, record.logical_id, properties)

    def _refuse_custom_name(self, record: Record, wanted: Mapping[str, Any]) -> None:
        schema = self._runtime.schema(record.type)
        if schema is None:
            return
        named = [path for path in schema.primary_identifier if path not in schema.read_only]
        if len(named) != 1 or len(schema.primary_identifier) != 1:
            return
        name = wanted.get(named[0])
        if name is not None and name == record.properties.get(named[0]):
            raise CloudFormationError(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {name} and update the stack again."
            )

    def _allowed(self, record: Record, replaces: bool) -> None:
        if denied(self._stack.policy, record, "Update:Replace" if replaces else "Update:Modify"):
            raise CloudFormationError(
                f"Action denied by stack policy: Statement [#1] does not allow "
                f"[{'Update:Replace' if replaces else 'Update:Modify'}] for resource "
                f"[LogicalResourceId/{record.logical_id}]"
            )

    def _journal(self, record: Record, action: str, wanted: dict[str, Any]) -> Step:
        step = Step(record.logical_id, action, copy.deepcopy(record), wanted)
        with self._store.lock:
            self._stack.journal.append(step)
        return step

    def _properties(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        # Never under the lock: a function may ask another service, which may wait for our state.
        value: dict[str, Any] = self._evaluator.value(definition.get("Properties") or {})
        return value

    def _describe(self, record: Record, definition: Mapping[str, Any]) -> None:
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

    def _unsaved(self, record: Record) -> AbstractContextManager[None]:
        """While a resource is made and recorded (see `gate`). A nested stack records its own resources."""
        return nullcontext() if record.type == STACK_TYPE else self._runtime.gate.passing()

    def _made(
        self, record: Record, made: ProvidedResource, *, announce: bool = True, verb: str = "CREATE"
    ) -> None:
        with self._store.lock:
            record.physical_id = made.physical_id
            record.attributes = dict(made.attributes)
            if announce and not record.initiated:
                self._store.resource_status(
                    self._stack, record, f"{verb}_IN_PROGRESS", "Resource creation Initiated", shown=True
                )

    def _finish(self, record: Record, verb: str, cancelled: str) -> None:
        if self._halted.is_set() or self._stopped():
            self._store.resource_status(self._stack, record, f"{verb}_FAILED", cancelled)
            raise Cancelled(cancelled)
        self._store.resource_status(self._stack, record, f"{verb}_COMPLETE")

    def _failure(self, record: Record, verb: str, error: Exception) -> CloudFormationError:
        """Write the event of a failure, and return what to raise."""
        reason = explain(error, record.type)
        # Before the event: a resource that completes after the event was written must see that it is cancelled.
        self._halted.set()
        self._store.resource_status(self._stack, record, f"{verb}_FAILED", reason)
        return Failed(reason)


def outputs(evaluator: Evaluator) -> list[dict[str, str]]:
    """The stack's outputs, in the template's order."""
    found = []
    for name, output in evaluator.template.outputs.items():
        if "Condition" in output and not evaluator.holds(output["Condition"]):
            continue
        value = evaluator.value(output["Value"])
        if value is NO_VALUE or isinstance(value, list | dict):
            raise CloudFormationError(
                "Template format error: The Value field of every Outputs member must evaluate to a String."
            )
        entry = {"OutputKey": name, "OutputValue": scalar(value)}
        if "Description" in output:
            entry["Description"] = str(output["Description"])
        if "Export" in output:
            entry["ExportName"] = scalar(evaluator.value(output["Export"]["Name"]))
        found.append(entry)
    return found


def new_token() -> str:
    """The random end of a physical name."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(12))
