"""What the entries of a resource's ``dependsOn`` mean, as Amplify's CLI reads them (its `formNestedStack`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.model.backend import Dependency
from accountsctl.model.names import ResourceId


def imports_only(edge: Mapping[str, Any]) -> bool:
    """Whether an entry of ``dependsOn`` names exports of other stacks, and no resource."""
    return "exports" in edge and "resourceName" not in edge


def merged(dependencies: Iterable[Dependency]) -> Iterator[Dependency]:
    """Dependencies on different resources: two on the same one become one with the attributes of both."""
    found: dict[ResourceId, Dependency] = {}
    for dependency in dependencies:
        first = found.setdefault(dependency.on, dependency)
        attributes = tuple(dict.fromkeys((*first.attributes, *dependency.attributes)))
        orders = first.orders or dependency.orders
        found[dependency.on] = replace(first, attributes=attributes, orders=orders)
    yield from found.values()


def orders(service: str, on: ResourceId, entry: Mapping[str, Any]) -> bool:
    """False for the two edges that Amplify drops (`formNestedStack` in its CLI)."""
    to_trigger = on.category == "function" and entry.get("triggerProvider") == "Cognito"
    to_auth_of_graph = service == "AppSync" and on.category == "auth"
    return not (to_trigger or to_auth_of_graph)
