"""Walking a dependency graph with several workers, stopping at the first failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

WORKERS = 4


def walk(
    edges: Mapping[str, frozenset[str]],
    action: Callable[[str], None],
    failed: Callable[[], None],
    stopped: Callable[[], bool],
) -> dict[str, Exception]:
    """Run `action` on each node once all that it waits for are done; returns the failures.

    After a failure (`failed` is told at once), or when `stopped` says so, no further node is begun;
    those under way are waited for.
    """
    sorter = TopologicalSorter({name: sorted(edges[name]) for name in edges})
    sorter.prepare()
    failures: dict[str, Exception] = {}
    running: dict[Future[None], str] = {}
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="cloudformation") as pool:
        while True:
            if not failures and not stopped():
                running |= {pool.submit(action, name): name for name in sorter.get_ready()}
            if not running:
                return failures
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                name = running.pop(future)
                error = future.exception()
                if error is None:
                    sorter.done(name)
                elif isinstance(error, Exception):
                    failures[name] = error
                    failed()
                else:
                    raise error
