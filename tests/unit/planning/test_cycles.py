"""Cycles are found each once and named; the order puts everything after what it needs."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from accountsctl.model.backend import Backend, Dependency, FilePosition, Resource
from accountsctl.model.names import ResourceId
from accountsctl.planning.cycles import MAX_CYCLES, cycle_faults, cycles, name_cycle

Edge = tuple[int, int]


def backend(count: int, edges: set[Edge], loose: frozenset[Edge] = frozenset()) -> Backend:
    ids = [ResourceId("x", f"r{number}") for number in range(count)]
    return Backend(
        tuple(
            Resource(
                ids[number],
                "s",
                False,
                tuple(
                    Dependency(ids[to], (), (number, to) not in loose, FilePosition("f", 100 * number + to))
                    for of, to in sorted(edges)
                    if of == number
                ),
                FilePosition("f", number),
            )
            for number in range(count)
        ),
        "f",
    )


def by_trial(count: int, edges: set[Edge]) -> set[tuple[int, ...]]:
    """All cycles by trying every sequence of nodes, the smallest first."""
    return {
        nodes
        for size in range(1, count + 1)
        for nodes in permutations(range(count), size)
        if nodes[0] == min(nodes)
        and all(edge in edges for edge in zip(nodes, nodes[1:] + nodes[:1], strict=True))
    }


def numbers(found: tuple[tuple[ResourceId, ...], ...]) -> list[tuple[int, ...]]:
    return [tuple(int(each.name[1:]) for each in cycle) for cycle in found]


EDGES = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)))


@given(EDGES)
def test_every_cycle_is_found_once(edges: set[Edge]) -> None:
    expected = by_trial(4, edges)
    found = numbers(cycles(backend(4, edges)))

    assert len(found) == len(set(found))
    assert set(found) == expected if len(expected) <= MAX_CYCLES else set(found) < expected


def test_a_cycle_is_named_at_the_dependency_that_closes_it() -> None:
    (fault,) = cycle_faults(backend(3, {(0, 1), (1, 2), (2, 0)}))

    assert str(fault) == "f:200: A cycle: x/r0 -> x/r1 -> x/r2 -> x/r0."


def test_edges_that_do_not_order_close_no_cycle() -> None:
    graph = backend(2, {(0, 1), (1, 0)}, frozenset({(1, 0)}))

    assert cycles(graph) == ()


def test_a_knot_with_countless_cycles_is_told_in_a_few() -> None:
    everything = {(of, to) for of in range(30) for to in range(30)}

    assert len(cycles(backend(30, everything))) == MAX_CYCLES


def test_a_ring_of_all_resources_that_a_stack_may_have_is_one_cycle() -> None:
    (cycle,) = cycles(backend(500, {(number, (number + 1) % 500) for number in range(500)}))

    assert name_cycle(cycle).count("->") == 500
