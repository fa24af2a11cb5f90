"""The delivery of events as one service of the embedded cloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.event_sources import EventSources, QueuedInvocation
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.events.asynchronous import AsyncInvocations
from accountsctl.localcloud.events.engine import Engine
from accountsctl.localcloud.events.mappings import QueueMappings
from accountsctl.localcloud.events.schedules import ScheduledRules
from accountsctl.localcloud.events.streams import StreamMappings
from accountsctl.localcloud.events.targets import Targets

SCOPES = frozenset({"sqs", "sns", "lambda", "dynamodb", "s3", "events", "logs"})
"""The services whose calls can make an event due."""


class Events:
    """Delivers what is due, from `start` until `stop`. `changed` has the state written soon."""

    def __init__(
        self,
        sources: EventSources,
        lookups: Lookups,
        invoker: Invoker,
        clients: Clients,
        changed: Callable[[], None],
    ) -> None:
        send = Targets(clients).send
        self._changed = changed
        self._asynchronous = AsyncInvocations(sources, lookups, invoker, send, changed)
        self._streams = StreamMappings(sources, lookups, invoker, send, changed)
        self._schedules = ScheduledRules(sources, self.invoke_later)
        queues = QueueMappings(sources, lookups, invoker, clients)
        self._engine = Engine([self._asynchronous, queues, self._streams, self._schedules])

    def start(self) -> None:
        self._engine.start()

    def invoke_later(self, invocations: Sequence[QueuedInvocation]) -> None:
        """Invoke functions asynchronously. The events are part of the state until they are done."""
        self._asynchronous.put(invocations)
        self._changed()
        self._engine.wake()

    def changed(self, scope: str) -> None:
        """A call of the service `scope` may have changed something."""
        if scope in SCOPES:
            self._engine.wake()

    def dump(self) -> dict[str, Any]:
        """What must survive, as JSON."""
        return {"asynchronous": self._asynchronous.dump(), "schedules": self._schedules.dump()}

    def load(self, state: dict[str, Any]) -> None:
        self._asynchronous.load(state["asynchronous"])
        self._schedules.load(state["schedules"])

    def stop(self) -> None:
        """Start no further delivery, and count none that fails from now on."""
        self._asynchronous.stop()
        self._streams.stop()
        self._engine.stop()

    def close(self) -> None:
        """Return when no delivery is under way any more."""
        self._engine.join()
