"""How often a function runs at once, and the limit that it has reserved for itself.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas.errors import reserved_exceeded


class ReservedConcurrency:
    """Counts the invocations of all versions of a function that has reserved concurrency."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    @contextmanager
    def invocation(self, function: FunctionConfig) -> Iterator[None]:
        """One invocation; raises InvokeError if the function runs as often as it may."""
        if function.reserved is None:
            yield
            return
        arn = ":".join(function.arn.split(":")[:7])
        with self._lock:
            if self._running[arn] >= function.reserved:
                raise reserved_exceeded()
            self._running[arn] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[arn] -= 1
