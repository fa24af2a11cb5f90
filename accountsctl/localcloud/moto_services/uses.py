"""Notes which of moto's backends are fetched from its tables: only those may have changed when the state is saved."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from accountsctl.localcloud.moto_services.patching import wrap
from accountsctl.localcloud.state.freezing import USES

WHOLE = ("values", "items", "get", "pop")
"""The methods of a table that return a backend without `[]`, or many."""


def install() -> None:
    """Watch moto's tables. Once per process."""
    regions: Any = importlib.import_module("moto.core.base_backend").AccountSpecificBackend
    wrap(regions, "__getitem__", _fetch)
    for name in WHOLE:
        wrap(regions, name, _fetch_all)


def _fetch(original: Callable[[Any, str], object], regions: Any, region: str) -> object:
    USES.used(regions, "aws" if region == "global" else region)
    return original(regions, region)


def _fetch_all(original: Callable[..., object], regions: Any, *place: object) -> object:
    USES.used(regions, None)
    return original(regions, *place)
