"""What we fix in moto's SQS: receiving never waits inside moto, and a message does not run a function.

moto waits for a message while it holds the lock of all services, and invokes functions by Docker. Here the caller waits
outside the lock (`LongPoll`), and `accountsctl.localcloud.events` delivers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.messages import Response
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.sqs.models import Message, Queue, SQSBackend

STEP = 1.0  # seconds: a message can become visible without any call
SOURCES = frozenset({"sqs", "sns", "events", "s3", "states"})
"""The services whose calls can bring a queue a message at once; what others bring is found after `STEP`."""
REMEMBERED = 10_000  # handles of deleted messages, so that a second deletion succeeds
_wait = threading.local()


def install() -> None:
    """Fix moto.sqs. Once per process."""
    wrap(models("sqs").SQSBackend, "receive_message", _receive)
    wrap(models("sqs").Queue, "delete_message", _delete)


def _receive(
    original: Callable[..., list[Message]],
    backend: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    *args: object,
    **named: object,
) -> list[Message]:
    """Receive at once, and note how long the caller would have waited for a message."""
    messages = original(backend, queue_name, count, 0, *args, **named)
    _wait.seconds = 0 if messages else int(wait_seconds_timeout)
    return messages


def _delete(original: Callable[..., None], queue: Queue, receipt_handle: str) -> None:
    """moto remembers the handles of all messages that were ever deleted."""
    original(queue, receipt_handle)
    if len(queue.deleted_messages) > REMEMBERED:
        queue.deleted_messages.clear()


class LongPoll:
    """Repeats a ReceiveMessage that found nothing until there is a message or its WaitTimeSeconds are over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._changes = 0
        self._closed = False

    def changed(self) -> None:
        """A queue may have got a message."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def close(self) -> None:
        """No caller waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def call(self, once: Callable[[], Response]) -> Response:
        """The response of `once`, called again as often as there is a reason to."""
        end: float | None = None
        while True:
            with self._changed:
                seen = self._changes
            _wait.seconds = 0
            response = once()
            end = time.monotonic() + _wait.seconds if end is None else end
            left = end - time.monotonic()
            if not _wait.seconds or left <= 0 or self._closed:
                return response
            self._sleep(seen, min(left, STEP))

    def _sleep(self, seen: int, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._changes != seen or self._closed, seconds)
