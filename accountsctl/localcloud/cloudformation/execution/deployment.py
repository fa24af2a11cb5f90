"""The forward half of an operation: bring a stack's resources to what a prepared template says.

Each resource is taken once everything that it refers to is done. Before its handler is called a `Step`
is written into the stack's journal, so that `undo` can take back exactly what was begun, even in
another process. What replaces a resource is made now; what was replaced or is no longer in the
template is deleted only when the whole operation has succeeded.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any

from accountsctl.localcloud.cloudformation.errors import Cancelled, CloudFormationError
from accountsctl.localcloud.cloudformation.execution.handlers import ResourceHandler, explain
from accountsctl.localcloud.cloudformation.execution.recorder import Definition, Recorder, new_token
from accountsctl.localcloud.cloudformation.execution.schedule import walk
from accountsctl.localcloud.cloudformation.execution.update_checks import (
    changed_properties,
    denied_deletions,
    refuse_custom_name,
    refuse_denied,
)
from accountsctl.localcloud.cloudformation.execution.waiting import SignalWaiter
from accountsctl.localcloud.cloudformation.planning.diff import replacement
from accountsctl.localcloud.cloudformation.planning.imports import Importing, importable
from accountsctl.localcloud.cloudformation.planning.planner import Planner, StackPlan
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared
from accountsctl.localcloud.cloudformation.providers.base import ProviderError
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties, ReplacementLevel
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import (
    STACK_TYPE,
    Record,
    Stack,
    StepKind,
)

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
CANCELLED = {"CREATE": "Resource creation cancelled", "UPDATE": "Resource update cancelled"}
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
        self._prepared = prepared
        self._plan = plan or StackPlan()
        self._planner = Planner(runtime)
        self._recorder = Recorder(runtime, stack, prepared)
        self._halted = threading.Event()
        self._waiter = SignalWaiter(runtime, stack, self._stopped)

    def run(self) -> dict[str, Exception]:
        for name, record in self._stack.resources.items():
            if record.exists and name not in self._prepared.graph.resources:
                self._stack.pending_delete.append(name)
        denied: dict[str, Exception] = {}
        for name, error in denied_deletions(self._stack).items():
            record = self._stack.resources[name]
            self._recorder.journal(record, StepKind.KEEP, record.properties)
            denied[name] = self._failure(record, "UPDATE", error)
        return denied or walk(self._prepared.graph.edges, self._deploy, self._halted, self._stopped)

    def _stopped(self) -> bool:
        """Whether nothing more is to be begun: something failed, or a user cancels the operation."""
        return self._halted.is_set() or self._runtime.is_given_up(self._stack)

    def _deploy(self, name: str) -> None:
        with self._store.lock:
            record = self._stack.resources.get(name)
        definition = self._prepared.graph.resources[name]
        if record is None or not record.exists:
            record = self._create(name, definition)
        else:
            self._update(record, definition)
        self._recorder.publish(record)

    def _create(self, name: str, definition: Definition) -> Record:
        record = self._recorder.begin(name, definition)
        try:
            self._recorder.describe(record, definition)
            record.properties = self._recorder.properties(definition)
            if self._import(record, definition):
                return record
            policy = self._prepared.evaluator.value(definition.get("CreationPolicy"))
            self._waiter.expect(record, policy)
            self._store.resource_status(self._stack, record, "CREATE_IN_PROGRESS")
            with self._recorder.unsaved(record):
                planned = self._plan.child(name, record.properties) if record.type == STACK_TYPE else None
                handler = self._handlers(record.type)
                self._recorder.provided(
                    record, handler.create(self._stack, record, record.properties, planned), verb="CREATE"
                )
            self._runtime.delays.wait(record.type, self._stopped)
            self._waiter.wait(record, policy)
        except Exception as error:
            self._waiter.forget(record)
            if isinstance(error, ProviderError) and error.left_behind is not None:
                record.physical_id = error.left_behind
            raise self._failure(record, "CREATE", error) from error
        self._finish(record, "CREATE", CANCELLED["CREATE"])
        return record

    def _import(self, record: Record, definition: Definition) -> bool:
        """Take over the resource that exists already, if the operation imports and there is one."""
        if not self._prepared.definition.adopts:
            return False
        found = importable(self._runtime, self._stack.region, definition, record.properties)
        provider: object = self._runtime.provider(record.type)
        if found is None or not isinstance(provider, Importing):
            return False
        self._store.resource_status(self._stack, record, "IMPORT_IN_PROGRESS", "Resource import started.")
        with self._recorder.unsaved(record):
            adopted = provider.adopt(self._runtime.context(self._stack, record), found)
            with self._store.lock:
                record.physical_id, record.attributes = adopted.physical_id, dict(adopted.attributes)
                record.imported = True
        self._store.resource_status(self._stack, record, "IMPORT_COMPLETE", "Resource import completed.")
        return True

    def _update(self, record: Record, definition: Definition) -> None:
        try:
            wanted = self._recorder.properties(definition)
            changes = changed_properties(self._runtime, record, wanted)
            tagged = (
                record.tags != self._prepared.definition.tags
                and self._stack.previous is not None
                and self._runtime.has_tags(record.type)
            )
            nested = self._nested_plan(record, wanted)
            inside = nested is not None and nested.changes_inside(record)
            if not changes and not inside and not tagged:
                # Nothing for the handler to do; policies and metadata follow the template.
                self._recorder.journal(record, StepKind.KEEP, record.properties)
                self._recorder.describe(record, definition)
                return
            replaces = replacement(changes) is ReplacementLevel.YES
            refuse_denied(self._stack, record, "Update:Replace" if replaces else "Update:Modify")
            if replaces:
                refuse_custom_name(self._runtime, record, wanted)
        except Exception as error:
            raise self._failure(record, "UPDATE", error) from error
        if replaces:
            self._replace(record, definition, wanted)
        else:
            self._change(record, definition, wanted, nested)

    def _change(
        self,
        record: Record,
        definition: Definition,
        wanted: dict[str, Any],
        nested: StackPlan | None,
    ) -> None:
        old = record.properties
        step = self._recorder.journal(record, StepKind.UPDATE, wanted)
        before = copy.deepcopy(record)
        try:
            record.properties = wanted
            self._store.resource_status(self._stack, record, "UPDATE_IN_PROGRESS")
            provided = self._handlers(record.type).update(self._stack, record, old, wanted, nested)
            self._recorder.describe(record, definition)
        except Exception as error:
            record.properties = before.properties
            if isinstance(error, CloudFormationError) and record.type != STACK_TYPE:
                # Refused by our own checks: the handler never saw these properties.
                step.wanted = before.properties
            raise self._failure(record, "UPDATE", error) from error
        if provided.physical_id != before.physical_id:
            # A custom resource that names another resource has replaced the old one, which is deleted at the end.
            step.action = StepKind.REPLACE
        self._recorder.provided(record, provided)
        self._finish(record, "UPDATE", CANCELLED["UPDATE"])

    def _replace(self, record: Record, definition: Definition, wanted: dict[str, Any]) -> None:
        self._recorder.journal(record, StepKind.REPLACE, wanted)
        self._store.resource_status(self._stack, record, "UPDATE_IN_PROGRESS", REPLACING, applied=wanted)
        successor = Record(record.logical_id, record.type, token=new_token(), properties=wanted)
        try:
            self._recorder.describe(successor, definition)
            with self._recorder.unsaved(successor):
                provided = self._handlers(successor.type).create(self._stack, successor, wanted)
                with self._store.lock:
                    record.token, record.properties = successor.token, wanted
                self._recorder.provided(record, provided, verb="UPDATE")
            self._runtime.delays.wait(record.type, self._stopped)
        except Exception as error:
            raise self._failure(record, "UPDATE", error) from error
        self._recorder.describe(record, definition)
        self._finish(record, "UPDATE", CANCELLED["UPDATE"])

    def _nested_plan(self, record: Record, properties: Properties) -> StackPlan | None:
        """A nested stack's plan: the one that was made before if it holds, else one that is made now."""
        if record.type != STACK_TYPE:
            return None
        planned = self._plan.child(record.logical_id, properties)
        if planned is not None:
            return planned
        definition = self._stack.definition
        return self._planner.child(self._stack, definition, record, record.logical_id, properties)

    def _finish(self, record: Record, verb: str, cancelled: str) -> None:
        if self._stopped():
            self._store.resource_status(self._stack, record, f"{verb}_FAILED", cancelled)
            raise Cancelled(cancelled)
        self._store.resource_status(self._stack, record, f"{verb}_COMPLETE")

    def _failure(self, record: Record, verb: str, error: Exception) -> CloudFormationError:
        """Write the event of a failure, and return what to raise."""
        reason = explain(error, record.type)
        if self._runtime.is_given_up(self._stack) and record.type != STACK_TYPE:
            reason = CANCELLED[verb]
        # Before the event: a resource that completes after the event was written must see that it is cancelled.
        self._halted.set()
        self._store.resource_status(self._stack, record, f"{verb}_FAILED", reason)
        return Failed(reason)
