"""backend-config.json as values, with all that is wrong in it at once.

The format is Amplify Gen 1's and stays as it is: category -> name -> entry, where an entry has a ``service``
and may have ``dependsOn``. Keys that this tool does not know are kept in `Resource.entry`, and the
pseudo-category ``parameters`` is passed over, as is ``hosting``: see `Backend.passed_over`. Amplify's CLI leaves out
the service of a category of one's own, and writes two dependencies on one resource if groups are involved; both are
read as they are meant.

Names are stricter than JSON's keys, because they become folders, parts of S3 keys and CloudFormation logical
ids, which are letters and digits only: a ``_`` or ``-`` in a name could never be deployed, by Amplify neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from accountsctl.formats import json_reader
from accountsctl.formats.backend_edges import imports_only, merged, orders
from accountsctl.formats.json_shapes import JsonShapes
from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.model.backend import Backend, Dependency, Resource
from accountsctl.model.errors import Fault
from accountsctl.model.names import (
    CATEGORY_NAME,
    HOSTING_CATEGORY,
    PSEUDO_CATEGORY,
    RESOURCE_NAME,
    ResourceId,
    parameter_name,
)
from accountsctl.planning.cycles import cycle_faults

_NOT_DEPLOYED = (PSEUDO_CATEGORY, HOSTING_CATEGORY)
_SERVICES = {"function": "Lambda"}
"""The service of an entry that states none, by its category."""
_ATTRIBUTE = re.compile(r"[A-Za-z0-9]{1,255}")


def parse(text: str, file: str) -> tuple[Backend, tuple[Fault, ...]]:
    """The backend as far as it can be read, and every fault of the file, its graph's included.

    What is not known for sure is left out of the backend; it is fit for use only where there are no faults.
    """
    return parse_source(json_reader.read(text, file))


def parse_source(source: Source) -> tuple[Backend, tuple[Fault, ...]]:
    """`parse`, from a text that was read before."""
    parser = _BackendParser(source)
    resources = tuple(parser.resources())
    backend = Backend(resources, source.file, tuple(_hosting(source.value)))
    faults = [
        *source.faults,
        *parser.faults,
        *_collisions(backend),
        *cycle_faults(backend),
    ]
    return backend, tuple(sorted(set(faults)))


def name_fault(name: str, *, category: bool) -> str:
    """Why `name` is not a valid name of a category or a resource; empty if it is valid."""
    pattern = CATEGORY_NAME if category else RESOURCE_NAME
    if pattern.fullmatch(name):
        return ""
    what = "category" if category else "resource"
    if not name:
        return f"a {what}'s name must not be empty"
    start = "a small letter" if category else "a letter"
    longest = 32 if category else 64
    reason = f"it must start with {start} and go on with letters and digits, {longest} characters at most"
    if "/" in name or "\\" in name or ".." in name:
        reason = "it becomes a folder's name and must not lead out of it"
    elif "_" in name or "-" in name:
        reason = "it becomes part of a CloudFormation logical id, which is letters and digits only"
    return f'"{_short(name)}" is not a valid name for a {what}: {reason}'


class _BackendParser(JsonShapes):
    """Walks over a source once. Paths are those of `Source`."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._declared = frozenset(_declared(source.value))

    def resources(self) -> Iterator[Resource]:
        for category, entries in self._members((), "backend-config.json"):
            if category in _NOT_DEPLOYED or not self._named((category,), category, category=True):
                continue
            for name, entry in self._members((category,), f'The category "{category}"', entries):
                path = (category, name)
                if self._named(path, name, category=False) and self.has_kind(entry, dict, path, _title(path)):
                    yield self._resource(ResourceId(category, name), entry, path)

    def _resource(self, resource: ResourceId, entry: Mapping[str, Any], path: JsonPath) -> Resource:
        service = entry.get("service")
        if "service" in entry:
            self.has_kind(service, str, (*path, "service"), f"The service of {resource}")
        if service == "":
            hint = 'State a "service", such as "Lambda" or "API Gateway", or take the key out.'
            self.add(path, f"{resource} has no service.", hint)
        service_type = entry.get("serviceType")
        if service_type is not None:
            self.has_kind(service_type, str, (*path, "serviceType"), f"The serviceType of {resource}")
        service = service if isinstance(service, str) else _SERVICES.get(resource.category, "")
        edges = list(self._edges(resource, entry, path))
        return Resource(
            id=resource,
            service=service,
            imported=service_type == "imported",
            depends_on=tuple(merged(self._dependencies(resource, service, edges))),
            place=self.source.place(*path),
            entry=entry,
            imports=dict(self._imports(resource, edges)),
        )

    def _edges(
        self, consumer: ResourceId, entry: Mapping[str, Any], path: JsonPath
    ) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
        """The objects of an entry's ``dependsOn``, each with its place."""
        value = entry.get("dependsOn", [])
        if self.has_kind(value, list, (*path, "dependsOn"), f"dependsOn of {consumer}"):
            for index, item in enumerate(value):
                at = (*path, "dependsOn", index)
                if self.has_kind(item, dict, at, f"An entry in dependsOn of {consumer}"):
                    yield at, item

    def _dependencies(
        self, consumer: ResourceId, service: str, edges: Iterable[tuple[JsonPath, Mapping[str, Any]]]
    ) -> Iterator[Dependency]:
        fed: dict[str, str] = {}
        for at, item in edges:
            on = None if imports_only(item) else self._target(consumer, item, at)
            if on is not None:
                attributes = self._attributes(consumer, on, item, (*at, "attributes"), fed)
                yield Dependency(on, attributes, orders(service, on, item), self.source.place(*at))

    def _imports(
        self, consumer: ResourceId, edges: Iterable[tuple[JsonPath, Mapping[str, Any]]]
    ) -> Iterator[tuple[str, str]]:
        """The parameters that an edge feeds from exports of other stacks: ``{"exports": {PARAMETER: EXPORT}}``."""
        for at, item in edges:
            place = (*at, "exports")
            if "exports" in item and self.has_kind(
                item["exports"], dict, place, f"The exports of {consumer}"
            ):
                for name, export in item["exports"].items():
                    if self.has_kind(export, str, (*place, name), f'The export of "{name}"'):
                        yield name, export

    def _target(self, consumer: ResourceId, entry: Mapping[str, Any], path: JsonPath) -> ResourceId | None:
        """The resource that an entry names, or None if there is none of that name."""
        parts: list[str] = []
        for key in ("category", "resourceName"):
            value = entry.get(key)
            if key not in entry and self.source.complete:
                self.add(path, f'An entry in dependsOn of {consumer} has no "{key}".', f'Add "{key}".')
            elif isinstance(value, str):
                parts.append(value)
            elif key in entry:
                self.has_kind(value, str, (*path, key), f'"{key}" in dependsOn of {consumer}')
        if len(parts) < 2:
            return None
        on = ResourceId(*parts)
        if on in self._declared:
            return on
        place = (*path, "resourceName")
        reason = name_fault(on.category, category=True) or name_fault(on.name, category=False)
        if reason:
            self.add(place, f"dependsOn of {consumer}: {reason}.", "Name a resource of this file.")
        elif self.source.complete:
            self.add(place, f"{consumer} depends on {on}, which does not exist.", self._suggestion(on))
        return None

    def _attributes(
        self,
        consumer: ResourceId,
        on: ResourceId,
        entry: Mapping[str, Any],
        path: JsonPath,
        fed: dict[str, str],
    ) -> tuple[str, ...]:
        """The attributes of one entry. `fed` maps each parameter of the consumer to what feeds it so far."""
        value = entry.get("attributes", [])
        where = f"the attributes that {consumer} wants of {on}"
        if not self.has_kind(value, list, path, f"T{where[1:]}"):
            return ()
        attributes: list[str] = []
        for index, attribute in enumerate(value):
            at = (*path, index)
            if not self.has_kind(attribute, str, at, f"Each of {where}"):
                continue
            if not _ATTRIBUTE.fullmatch(attribute):
                what = f'"{_short(attribute)}" is not a valid name of an output: letters and digits only.'
                self.add(at, what, f"Name an output of {on}.")
                continue
            if attribute in attributes:
                self.add(at, f'"{attribute}" stands twice among {where}.', "Keep one of the two.")
                continue
            self._feed(at, consumer, parameter_name(on, attribute), f"{attribute} of {on}", fed)
            attributes.append(attribute)
        return tuple(attributes)

    def _feed(self, path: JsonPath, consumer: ResourceId, name: str, what: str, fed: dict[str, str]) -> None:
        other = fed.setdefault(name, what)
        if other != what:
            self.add(
                path,
                f"{consumer} would get {other} and {what} through one parameter, {name}.",
                "Rename one of the two resources.",
            )

    def _suggestion(self, on: ResourceId) -> str:
        known = sorted(str(id_) for id_ in self._declared)
        near = get_close_matches(str(on), known, n=1)
        return f"Did you mean {near[0]}?" if near else f"Add {on} to the file, or remove the dependency."

    def _members(self, path: JsonPath, what: str, value: Any = None) -> list[tuple[str, Any]]:
        """The members of an object; a fault, and none, where it is not an object."""
        value = value if path else self.source.value
        if not path and value is None and self.source.faults:
            return []
        return list(value.items()) if self.has_kind(value, dict, path, what) else []

    def _named(self, path: JsonPath, name: str, *, category: bool) -> bool:
        reason = name_fault(name, category=category)
        if reason:
            self.add(
                path,
                reason[0].upper() + reason[1:] + ".",
                "Rename it, here and in every dependsOn and folder.",
            )
        return not reason


def _declared(value: Any) -> Iterator[ResourceId]:
    """Every resource that the file means to have, those with faults included."""
    if not isinstance(value, dict):
        return
    for category, entries in value.items():
        if category != PSEUDO_CATEGORY and isinstance(entries, dict):
            yield from (ResourceId(category, name) for name in entries)


def _hosting(value: Any) -> Iterator[ResourceId]:
    """The resources of the hosting category."""
    return (on for on in _declared(value) if on.category == HOSTING_CATEGORY)


def _collisions(backend: Backend) -> Iterator[Fault]:
    """Resources whose names run together into one logical id: ``ab/c`` and ``a/bc``."""
    first: dict[str, Resource] = {}
    for resource in backend:
        other = first.setdefault(resource.id.logical_id, resource)
        if other is not resource:
            yield Fault(
                resource.place.file,
                resource.place.line,
                f"{resource.id} and {other.id} (line {other.place.line}) would share the logical id "
                f"{resource.id.logical_id}.",
                "Rename one of the two.",
            )


def _title(path: JsonPath) -> str:
    return "/".join(str(part) for part in path)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
