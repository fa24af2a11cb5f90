"""How a project's JSON changes when something is added or removed. Pure: objects in, the same objects changed.

The shapes are Amplify's: backend-config.json is category -> name -> entry, an environment's `parameters` and
`imported` likewise. A category that has become empty goes with its last resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.model.edit import Change
from accountsctl.model.names import ResourceId

PROVIDER = "awscloudformation"
_TRACES = ("parameters", "imported")
"""The tables of an environment that state something of a resource."""


def entry(service: str, depends_on: Iterable[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """A resource's object in backend-config.json, with Amplify's keys in Amplify's order."""
    return {
        **more,
        "service": service,
        "providerPlugin": PROVIDER,
        "dependsOn": [dict(edge) for edge in depends_on],
    }


def dependency(on: ResourceId, attributes: Iterable[str]) -> dict[str, Any]:
    """One object of a ``dependsOn``."""
    return {"category": on.category, "resourceName": on.name, "attributes": list(attributes)}


def with_resource(resource: ResourceId, value: Mapping[str, Any]) -> Change:
    """Put a resource into the backend."""

    def change(backend: dict[str, Any]) -> None:
        backend.setdefault(resource.category, {})[resource.name] = dict(value)

    return change


def with_dependencies(resource: ResourceId, wanted: Iterable[Mapping[str, Any]]) -> Change:
    """Let `resource` depend on more; attributes that it asks for already stay."""

    def change(backend: dict[str, Any]) -> None:
        edges = backend[resource.category][resource.name].setdefault("dependsOn", [])
        for added in wanted:
            known = next((edge for edge in edges if _same_target(edge, added)), None)
            if known is None:
                edges.append(dict(added))
            else:
                attributes = known.setdefault("attributes", [])
                attributes += [name for name in added["attributes"] if name not in attributes]

    return change


def without_dependency(resource: ResourceId, on: ResourceId, attributes: Iterable[str] = ()) -> Change:
    """Take a dependency out of a resource's entry, or only `attributes` of it."""
    removed = frozenset(attributes)

    def change(backend: dict[str, Any]) -> None:
        entry_ = backend[resource.category][resource.name]
        target = dependency(on, ())
        for edge in entry_.get("dependsOn", []):
            if _same_target(edge, target):
                edge["attributes"] = [name for name in edge.get("attributes", []) if name not in removed]
        if not removed:
            entry_["dependsOn"] = [
                edge for edge in entry_.get("dependsOn", []) if not _same_target(edge, target)
            ]

    return change


def without_resource(resource: ResourceId) -> Change:
    """Take a resource out of the backend."""
    return lambda backend: _drop(backend, resource)


def without_traces(resource: ResourceId) -> Change:
    """Take out of an environment what it says of a resource."""

    def change(environment: dict[str, Any]) -> None:
        for table in _TRACES:
            _drop(environment.get(table, {}), resource)

    return change


def with_traces(resource: ResourceId, traces: Mapping[str, Any]) -> Change:
    """Put back into an environment what `traces_of` found in it; what it states of the resource by now stays."""

    def change(environment: dict[str, Any]) -> None:
        for table, value in traces.items():
            named = environment.setdefault(table, {}).setdefault(resource.category, {})
            named.setdefault(resource.name, value)

    return change


def traces_of(resource: ResourceId, environment: Mapping[str, Any]) -> dict[str, Any]:
    """What an environment states of a resource: ``parameters`` or ``imported``, each where it is there."""
    return {
        table: environment[table][resource.category][resource.name]
        for table in _TRACES
        if resource.name in environment.get(table, {}).get(resource.category, {})
    }


def with_imported(resource: ResourceId, ids: Mapping[str, str]) -> Change:
    """Write the ids of an imported resource into an environment."""

    def change(environment: dict[str, Any]) -> None:
        environment.setdefault("imported", {}).setdefault(resource.category, {})[resource.name] = dict(ids)

    return change


def parameters_in(environment: dict[str, Any], resource: ResourceId) -> dict[str, Any]:
    """The parameters that an environment states for a resource, to be changed; made if it states none yet."""
    tables = environment.setdefault("parameters", {}).setdefault(resource.category, {})
    stated: dict[str, Any] = tables.setdefault(resource.name, {})
    return stated


def in_order(*changes: Change) -> Change:
    """Several changes of one object, one after the other."""

    def change(value: dict[str, Any]) -> None:
        for change in changes:
            change(value)

    return change


def _same_target(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("category", "resourceName"))


def _drop(table: dict[str, Any], resource: ResourceId) -> None:
    names = table.get(resource.category, {})
    names.pop(resource.name, None)
    if not names:
        table.pop(resource.category, None)
