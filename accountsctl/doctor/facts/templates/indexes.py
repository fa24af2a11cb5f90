"""What is worked out once of a template, however many APIs it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.resolving import name_in

Value = TypeVar("Value")
Resources = list[tuple[str, Mapping[str, Any]]]


def once(reader: Reader, key: str, make: Callable[[], Value]) -> Value:
    """The value that `make` gives, which is made at the first use of its key."""
    if key not in reader.made:
        reader.made[key] = make()
    return cast("Value", reader.made[key])


def of_rest_api(reader: Reader, api: str, *types: str) -> Resources:
    """Logical id and resolved properties of the resources of some types that name a REST API as theirs."""
    by_owner = once(reader, f"resources by REST API {types}", lambda: _by_owner(reader, types))
    return by_owner.get(api, [])


def _by_owner(reader: Reader, types: tuple[str, ...]) -> dict[str, Resources]:
    found: dict[str, Resources] = {}
    for id_, properties in reader.of_type(*types):
        found.setdefault(name_in(str(properties.get("RestApiId", ""))), []).append((id_, properties))
    return found
