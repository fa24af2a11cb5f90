"""Large tables of cases: some of every kind run by default, and the others with `pytest -m slow`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import pytest


def first_of_each(cases: Iterable[Any], kind: Callable[[Any], Hashable]) -> list[Any]:
    """The cases as parameters; all but the first of each kind are slow."""
    met: set[Hashable] = set()
    found = []
    for case in cases:
        found.append(_parameter((case,), str(case), is_slow=kind(case) in met))
        met.add(kind(case))
    return found


def one_in(step: int, cases: Iterable[Sequence[Any]]) -> list[Any]:
    """The cases, each of several values, as parameters; all but one in `step` are slow."""
    return [
        _parameter(case, "-".join(map(_name, case)), is_slow=number % step > 0)
        for number, case in enumerate(cases)
    ]


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", value))


def _parameter(values: Sequence[Any], name: str, *, is_slow: bool) -> Any:
    return pytest.param(*values, id=name, marks=pytest.mark.slow if is_slow else ())
