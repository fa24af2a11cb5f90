"""The CloudFormation service as the embedded cloud holds it: one object, requests in, state out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from accountsctl.localcloud.cloudformation.api import wire
from accountsctl.localcloud.cloudformation.api.arguments import check_arguments
from accountsctl.localcloud.cloudformation.api.change_set_operations import ChangeSetOperations
from accountsctl.localcloud.cloudformation.api.change_sets import ChangeSets
from accountsctl.localcloud.cloudformation.api.drift_operations import DriftOperations
from accountsctl.localcloud.cloudformation.api.paging import page
from accountsctl.localcloud.cloudformation.api.queries.account import AccountQueries
from accountsctl.localcloud.cloudformation.api.queries.change_sets import ChangeSetQueries
from accountsctl.localcloud.cloudformation.api.queries.exports import ExportQueries
from accountsctl.localcloud.cloudformation.api.queries.stacks import StackQueries
from accountsctl.localcloud.cloudformation.api.queries.templates import TemplateQueries
from accountsctl.localcloud.cloudformation.api.requests import Operations, turn
from accountsctl.localcloud.cloudformation.api.service_roles import check_role
from accountsctl.localcloud.cloudformation.api.stack_operations import StackOperations
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.engine import Engine
from accountsctl.localcloud.cloudformation.execution.notifier import Notifier, check_topics
from accountsctl.localcloud.cloudformation.execution.own_types import OWN_TYPES
from accountsctl.localcloud.cloudformation.providers.base import Provider
from accountsctl.localcloud.cloudformation.runtime.delays import Delays
from accountsctl.localcloud.cloudformation.runtime.saved_json import SavedJson
from accountsctl.localcloud.cloudformation.runtime.signals import Signal
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import (
    ClientFactory,
    ResourceSchema,
    StackRuntime,
)
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Stack
from accountsctl.localcloud.cloudformation.runtime.store import Store, wait_handle, wait_handles
from accountsctl.localcloud.contracts.messages import Request, Response

CUT_OFF = "The embedded cloud was stopped while this operation was running; it is rolled back."
FORMAT = 1


class CloudFormation:
    """Answers the query API (2010-05-15). `changed` is called after each change of state.

    `providers` and `schema` are what the modules of these names give, unless others are passed; `clock`
    returns what time it is. `change_set_pause` runs after a root change set has failed and before the others of
    its nested ones end.
    """

    def __init__(
        self,
        clients: ClientFactory,
        changed: Callable[[], None],
        providers: Mapping[str, Provider] | None = None,
        schemas: Callable[[str], ResourceSchema | None] | None = None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        *,
        change_set_pause: Callable[[], None] = lambda: None,
    ) -> None:
        if providers is None:
            from accountsctl.localcloud.cloudformation.providers import PROVIDERS

            providers = PROVIDERS
        if schemas is None:
            from accountsctl.localcloud.cloudformation.resource_schemas.schemas import schema

            schemas = schema
        known = {**OWN_TYPES, **providers}
        self._store = Store(changed)
        self._notifier = Notifier(clients)
        self._store.announce = self._notifier.take
        self._saved, self.delays = SavedJson(), Delays()
        self._runtime = StackRuntime(clients, known, schemas, self._store, delays=self.delays)
        self._engine = Engine(self._runtime)
        self._clock = clock
        change_sets = ChangeSets(self._engine, change_set_pause)
        changing: Operations = {
            **StackOperations(self._engine, change_sets).operations,
            **ChangeSetOperations(self._engine, change_sets).operations,
        }
        self._changing = frozenset(changing)
        self._operations: Operations = {**_reading(self._engine), **changing}

    @property
    def operation_names(self) -> frozenset[str]:
        """What is answered; every other operation of AWS's is refused."""
        return frozenset(self._operations)

    def handle(self, request: Request, region: str) -> Response:
        """One request of the query protocol; refusals have AWS's shape."""
        self._step()
        try:
            action, values = wire.parse(request)
            operation = self._operations.get(action)
            if operation is None:
                raise CloudFormationError(
                    f"The embedded cloud does not imitate {action}.", "UnsupportedOperation", 501
                )
            check_arguments(values)
            if "RoleARN" in values:
                check_role(values["RoleARN"], self._runtime.clients, region)
            check_topics(values.get("NotificationARNs", []), self._runtime.clients, region)
            alone = turn(self._runtime, action, values, region) if action in self._changing else nullcontext()
            with alone:
                output = operation(values, region)
            return wire.answer(action, page(action, values, output))
        except CloudFormationError as error:
            return wire.refusal(error)
        finally:
            self._step()

    def take_signal(self, request: Request) -> Response:
        """The PUT of a signal to the URL of a wait condition handle; 403 for a URL that no stack has.

        The signal is part of the state: the caller saves before it answers.
        """
        place = wait_handle(self._store, request.path)
        if place is None or request.method != "PUT":
            return Response(
                403, (("Content-Type", "text/plain"),), b"No wait condition handle has this URL.\n"
            )
        try:
            self._runtime.signals.send(place, Signal.parse(json.loads(request.body)))
        except (ValueError, CloudFormationError) as error:
            return Response(400, (("Content-Type", "text/plain"),), f"{error}\n".encode())
        self._step()
        return Response(200)

    def quiet(self) -> AbstractContextManager[None]:
        """A moment in which no resource exists that its stack does not know of yet: the one to save at."""
        return self._runtime.gate.closed()

    def dump(self) -> list[tuple[str, bytes]]:
        """All state as of one moment, each stack and change set by itself, but not what AWS would have forgotten."""
        with self._store.lock:
            busy, found = self.busy, self._saved.last
            if found is None or busy:
                self._store.forget_gone(self._clock())
                tables: dict[str, Mapping[str, object]] = {
                    "stacks": self._store.stacks,
                    "changeSets": self._store.change_sets,
                }
                signals = self._runtime.signals.dump(wait_handles(self._store))
                found = self._saved.take("cloudformation", {"format": FORMAT, "signals": signals}, tables)
            # Nothing but requests and operations changes a stack: until the next one the dump stays as it is.
            self._saved.last = None if busy else found
            return found

    def _step(self) -> None:
        """A request comes or was answered, or operations are resumed."""
        with self._store.lock:
            self._saved.last = None

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over what `dump` gave, as `parts.services` puts it together; nothing is begun, see `resume`."""
        if state["format"] != FORMAT:
            raise ValueError(f"CloudFormation state of format {state['format']}, not {FORMAT}")
        self._step()
        with self._store.lock:
            self._store.stacks = {stack["id"]: Stack.parse(stack) for stack in state.get("stacks", [])}
            self._store.change_sets = {one["id"]: ChangeSet(**one) for one in state.get("changeSets", [])}
            # States of earlier versions have no signals.
            self._runtime.signals.load(state.get("signals", {}))

    def resume(self) -> None:
        """Bring to an end what a kill cut off: roots only, their children follow."""
        self._step()
        with self._store.lock:
            roots = [stack for stack in self._store.stacks.values() if stack.parent_id is None and stack.busy]
            for change_set in self._store.change_sets.values():
                if change_set.status == "CREATE_IN_PROGRESS":
                    change_set.status, change_set.status_reason = "FAILED", CUT_OFF
        for stack in roots:
            self._engine.resume(stack, CUT_OFF)

    def wait(self, patience: float | None = None) -> None:
        """Until no operation is running, or for `patience` seconds."""
        self._engine.threads.wait(patience)
        if patience is None:
            self._notifier.wait()

    @property
    def busy(self) -> bool:
        """Whether an operation is running."""
        return self._engine.threads.busy

    def close(self) -> None:
        """Let running operations end, those first that wait for a resource to become ready."""
        self.delays.close()
        self.wait()
        self._notifier.close()


def _reading(engine: Engine) -> Operations:
    """The operations that change no stack."""
    store = engine.store
    return {
        **StackQueries(store).operations,
        **ChangeSetQueries(store).operations,
        **TemplateQueries(engine.runtime).operations,
        **ExportQueries(store).operations,
        **AccountQueries(engine.runtime).operations,
        **DriftOperations(engine).operations,
    }
