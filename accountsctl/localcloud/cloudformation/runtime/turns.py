"""Requests that change one stack are served one after the other.

A request that is sent again while the first one is served must find what that one has begun. Other stacks do not wait:
the function of a macro, which runs while a request is served, may create and update them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class _Turn:
    token: str | None
    in_macro: bool = False


class StackBusyError(Exception):
    """A macro of the request that is served is running: it could wait for itself."""


class StackTurns:
    """Who changes which stack; a stack is named by its region and its name."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._held: dict[tuple[str, str], _Turn] = {}
        self._current: ContextVar[_Turn | None] = ContextVar("turn", default=None)

    @contextmanager
    def of(self, region: str, name: str, token: str | None) -> Iterator[None]:
        """Wait for the stack, and have it alone; `token` names the request.

        Raises StackBusyError while a macro runs for another request: that may be the one that sends this one.
        """
        key, mine = (region, name), _Turn(token)
        with self._moved:
            while key in self._held:
                other = self._held[key]
                if other.in_macro and (token is None or other.token != token):
                    raise StackBusyError
                self._moved.wait()
            self._held[key] = mine
        before = self._current.set(mine)
        try:
            yield
        finally:
            self._current.reset(before)
            with self._moved:
                del self._held[key]
                self._moved.notify_all()

    @contextmanager
    def in_macro(self) -> Iterator[None]:
        """A macro's function runs, for the request that this thread serves, if it serves one."""
        turn = self._current.get()
        if turn is None:
            yield
            return
        self._mark(turn, in_macro=True)
        try:
            yield
        finally:
            self._mark(turn, in_macro=False)

    def _mark(self, turn: _Turn, *, in_macro: bool) -> None:
        with self._moved:
            turn.in_macro = in_macro
            self._moved.notify_all()
