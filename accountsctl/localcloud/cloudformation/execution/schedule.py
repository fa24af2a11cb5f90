"""Walking a dependency graph with several workers, stopping at the first failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

WORKERS = 4


def walk(
    edges: Mapping[str, frozenset[str]],
    action: Callable[[str], None],
    halted: threading.Event,
    stopped: Callable[[], bool],
) -> dict[str, Exception]:
    """Run `action` on each node once all that it waits for are done; returns the failures.

    After a failure, which sets `halted`, or once `stopped` returns true, no further node begins, those
    included that wait for a worker. The nodes that are under way are waited for.
    """

    def begin(name: str) -> bool:
        return _begin(name, action, halted, stopped)

    sorter = TopologicalSorter({name: sorted(edges[name]) for name in edges})
    sorter.prepare()
    failures: dict[str, Exception] = {}
    running: dict[Future[bool], str] = {}
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="cloudformation") as pool:
        while True:
            if not halted.is_set() and not stopped():
                running |= {pool.submit(begin, name): name for name in sorter.get_ready()}
            if not running:
                return failures
            completed, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in completed:
                name = running.pop(future)
                error = future.exception()
                if isinstance(error, Exception):
                    failures[name] = error
                elif error is not None:
                    raise error
                elif future.result():
                    sorter.done(name)


def _begin(
    name: str, action: Callable[[str], None], halted: threading.Event, stopped: Callable[[], bool]
) -> bool:
    """Whether the node was begun: a halt may come while it waits for a worker."""
    if halted.is_set() or stopped():
        return False
    try:
        action(name)
    except BaseException:
        halted.set()
        raise
    return True
