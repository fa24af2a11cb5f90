"""The sandboxes of one version of one function: idle ones are used again, and more are started as long as all are busy.

Lambda starts an environment for each invocation at once. Here a few start at once; one more starts after a call has
waited for `GROWTH_SECONDS`, so that many short calls do not make this machine start many processes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accountsctl.localcloud.lambdas.errors import throttled
from accountsctl.localcloud.lambdas.sandbox import Sandbox

AT_ONCE = 4
GROWTH_SECONDS = 0.1
PATIENCE = 30.0
MEGABYTES = 64
"""What a sandbox takes of this machine's memory, about; all of one function may take a quarter of it."""
LARGEST = 100


def most_sandboxes() -> int:
    """How many sandboxes of one function this machine bears."""
    megabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(10, min(LARGEST, megabytes // 4 // MEGABYTES))


class Pool:
    """Lends sandboxes. After `retire` the idle ones have ended, and busy ones end when they come back."""

    def __init__(
        self, start: Callable[[], Sandbox], limit: int | None = None, patience: float = PATIENCE
    ) -> None:
        self._start = start
        self._limit = most_sandboxes() if limit is None else limit
        self._grown = 0.0
        self._patience = patience
        self._changed = threading.Condition()
        self._idle: list[Sandbox] = []
        self._all: set[Sandbox] = set()
        self._starting = 0
        self._retired = False

    @contextmanager
    def sandbox(self) -> Iterator[Sandbox]:
        """A sandbox for the time of the block; raises InvokeError if all stay busy for too long."""
        sandbox = self._take()
        try:
            yield sandbox
        finally:
            self._give_back(sandbox)

    def warm(self) -> None:
        """Start a sandbox unless there is one; raises InvokeError if that is not possible."""
        with self._changed:
            if self._starting or any(sandbox.usable for sandbox in self._all):
                return
        with self.sandbox():
            pass

    def retire(self) -> None:
        """No sandbox of this version is used again."""
        with self._changed:
            self._retired = True
            idle, self._idle = self._idle, []
            self._all.difference_update(idle)
        for sandbox in idle:
            sandbox.close()

    def close(self) -> None:
        """End every sandbox at once, busy or not."""
        self.retire()
        with self._changed:
            busy = list(self._all)
        for sandbox in busy:
            sandbox.kill()
        with self._changed:
            self._changed.wait_for(lambda: not self._all and not self._starting, timeout=5)

    def _take(self) -> Sandbox:
        arrived = time.monotonic()
        deadline = arrived + self._patience
        with self._changed:
            while True:
                usable, dead = self._pick()
                growth = max(arrived, self._grown) + GROWTH_SECONDS
                if usable is not None or dead is not None or self._room(growth):
                    break
                until = deadline if self._count() >= self._limit else min(deadline, growth)
                if not self._changed.wait(max(0.0, until - time.monotonic())) and until == deadline:
                    raise throttled()
            if usable is not None:
                return usable
            self._starting += 1
        if dead is not None:
            dead.close()
        return self._started()

    def _pick(self) -> tuple[Sandbox | None, Sandbox | None]:
        """The idle sandbox used last, as (usable, None) or, if it died meanwhile, (None, that sandbox)."""
        if not self._idle:
            return None, None
        last = self._idle.pop()
        if last.usable:
            return last, None
        self._all.discard(last)
        return None, last

    def _count(self) -> int:
        return len(self._all) + self._starting

    def _room(self, growth: float) -> bool:
        """Whether a sandbox may start; beyond the first ones only from the time `growth` on."""
        if self._count() < min(AT_ONCE, self._limit):
            return True
        if self._count() >= self._limit or time.monotonic() < growth:
            return False
        self._grown = time.monotonic()
        return True

    def _started(self) -> Sandbox:
        new: Sandbox | None = None
        try:
            new = self._start()
        finally:
            with self._changed:
                self._starting -= 1
                if new is not None:
                    self._all.add(new)
                self._changed.notify_all()
        return new

    def _give_back(self, sandbox: Sandbox) -> None:
        with self._changed:
            # Those that a burst of calls has started end with it.
            keep = sandbox.usable and not self._retired and len(self._idle) < AT_ONCE
            if keep:
                self._idle.append(sandbox)
                self._changed.notify()
        if keep:
            return
        sandbox.close()
        with self._changed:
            self._all.discard(sandbox)
            self._changed.notify_all()
