"""TimeoutInMinutes: how long the creation of a stack may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Stack


@contextmanager
def within(runtime: StackRuntime, stack: Stack) -> Iterator[None]:
    """The creation of a stack, which is given up once it has taken as long as it may."""
    if stack.timeout_minutes:
        runtime.deadlines[stack.id] = runtime.delays.clock() + 60 * stack.timeout_minutes
    try:
        yield
    finally:
        runtime.deadlines.pop(stack.id, None)
