"""What an operation could not delete, collected from its events."""

from __future__ import annotations

from collections.abc import Sequence

from accountsctl.model.events import Event, Listener, StackEvent
from accountsctl.model.template_body import STACK


class Remains:
    """A listener that passes every event on and remembers the resources whose deletion failed."""

    def __init__(self, listen: Listener) -> None:
        self._listen = listen
        self._left: dict[str, StackEvent] = {}

    def __call__(self, event: Event) -> None:
        """Take an event; a deletion that succeeds at a later try takes the resource off the list."""
        if isinstance(event, StackEvent) and event.path:
            if event.status == "DELETE_FAILED":
                self._left[event.physical_id or "/".join(event.path)] = event
            elif event.status == "DELETE_COMPLETE":
                self._left.pop(event.physical_id, None)
        self._listen(event)

    @property
    def resources(self) -> Sequence[StackEvent]:
        """The resources themselves; a nested stack only if nothing in it is named."""
        left = list(self._left.values())
        return [
            event
            for event in left
            if event.type != STACK
            or not any(
                other.path[: len(event.path)] == event.path and len(other.path) > len(event.path)
                for other in left
            )
        ]

    def in_orphan(self, event: StackEvent) -> bool:
        """Whether what is left is a nested stack, or is in one: a nested stack that failed to go can be found again.

        A stack that goes on to exist forgets a resource that it could not delete.
        """
        return any(
            left.type == STACK and event.path[: len(left.path)] == left.path for left in self._left.values()
        )
