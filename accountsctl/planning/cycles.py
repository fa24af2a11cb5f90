"""The backend as a graph: which resource waits for which, and which wait for each other.

Only dependencies that order count; the two that do not (see `Dependency.orders`) may form a cycle, and in
real projects they do. Everything here follows the order of the file, so that two runs give the same result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from accountsctl.model.backend import Backend, Dependency
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId

Edges = Mapping[ResourceId, Sequence[ResourceId]]

MAX_CYCLES = 20


def cycles(backend: Backend) -> tuple[tuple[ResourceId, ...], ...]:
    """Every elementary cycle once, from its first resource in the file, without the return to it.

    At most `MAX_CYCLES`: resources that all depend on each other have more cycles than anyone can read.
    """
    return tuple(islice(_cycles(_edges(backend)), MAX_CYCLES))


def cycle_faults(backend: Backend) -> tuple[Fault, ...]:
    """One fault for each cycle, named ``a -> b -> a``, at the place of the dependency that closes it."""
    return tuple(_cycle_fault(backend, cycle) for cycle in cycles(backend))


def name_cycle(cycle: Sequence[ResourceId]) -> str:
    """A cycle as people write it: ``a -> b -> a``."""
    return " -> ".join(str(resource) for resource in (*cycle, cycle[0]))


def _edges(backend: Backend) -> dict[ResourceId, tuple[ResourceId, ...]]:
    existing = {resource.id for resource in backend}
    return {
        resource.id: tuple(
            dict.fromkeys(
                dependency.on
                for dependency in resource.depends_on
                if dependency.orders and dependency.on in existing
            )
        )
        for resource in backend
    }


def _cycles(edges: Edges) -> Iterator[tuple[ResourceId, ...]]:
    """Every cycle once, from its first resource: a walk never visits resources that come earlier in the file."""
    earlier: set[ResourceId] = set()
    for start in edges:
        yield from _walks(edges, start, (start,), earlier)
        earlier.add(start)


def _walks(
    edges: Edges, start: ResourceId, path: tuple[ResourceId, ...], earlier: set[ResourceId]
) -> Iterator[tuple[ResourceId, ...]]:
    """All paths back to `start` that begin with `path`. Steps that cannot lead back are not tried."""
    for step in edges[path[-1]]:
        if step == start:
            yield path
        elif step not in path and _reaches(edges, step, start, earlier.union(path[1:])):
            yield from _walks(edges, start, (*path, step), earlier)


def _reaches(edges: Edges, origin: ResourceId, goal: ResourceId, barred: set[ResourceId]) -> bool:
    seen = set(barred)
    waiting = [origin]
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            waiting.extend(edges[at])
    return False


def _cycle_fault(backend: Backend, cycle: Sequence[ResourceId]) -> Fault:
    closing = _dependency(backend, cycle[-1], cycle[0])
    if len(cycle) == 1:
        return Fault(
            closing.place.file,
            closing.place.line,
            f"{cycle[0]} depends on itself.",
            "Remove this dependency.",
        )
    return Fault(
        closing.place.file,
        closing.place.line,
        f"A cycle: {name_cycle(cycle)}.",
        f"Remove one of its dependencies, such as the one of {cycle[-1]} on {cycle[0]}.",
    )


def _dependency(backend: Backend, of: ResourceId, on: ResourceId) -> Dependency:
    return next(
        dependency
        for resource in backend
        if resource.id == of
        for dependency in resource.depends_on
        if dependency.on == on and dependency.orders
    )
