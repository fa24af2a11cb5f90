"""What the data planes have looked up in moto's objects, until a call that could change it.

Every request to an API or to a database looks up the same function, cluster and secret. moto has one lock, which a long
call holds; a value that is remembered needs no lock. Values are found and forgotten under the lock, so that none is
older than the last change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")

DATA_SCOPES = frozenset({"dynamodb", "s3", "sqs", "sns", "logs", "kinesis", "events", "states", "monitoring"})
"""The services whose calls change none of the looked-up objects. Functions call them all the time.

Any call of another service counts as a change: moto moves some states on when they are read.
"""
MANY = 10_000


class Remembered:
    """`lock`: the one that guards moto's objects."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, find: Callable[[], Value]) -> Value:
        """The value of `key`; `find` is called under the lock if it is not known."""
        try:
            known: Value = self._values[key]
        except KeyError:
            with self._lock:
                known = find()
                if len(self._values) >= MANY:
                    self._values.clear()  # keys come from requests, and may be of any number
                self._values[key] = known
        return known

    def called(self, scope: str) -> None:
        """Forget everything if a call of this service may have changed it; the caller holds the lock."""
        if scope not in DATA_SCOPES:
            self.forget()

    def forget(self) -> None:
        """Forget everything; the caller holds the lock."""
        self._values.clear()
