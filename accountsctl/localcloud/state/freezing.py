"""moto's backends in parts: each backend a part of its own, together with those that it shares objects with.

A backend that refers to another backend names it by scope, account and region. Where two backends hold the same object
(a cluster's secret is in Secrets Manager's table and in RDS's), they are pickled together, so that one object stays one
object. Which ones do is seen when they are pickled: a part knows the objects in it, and two that meet become one part.

A backend is pickled again only if it was used since: fetched from its table (see `Uses`), or reached from a backend
that was. What runs in threads of its own, step functions, is pickled every time.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import io
import ipaddress
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.state.blobs import Blobs
from accountsctl.localcloud.state.parts import MOTO, StatePart
from accountsctl.localcloud.state.snapshot import Pickler, Unpickler

if TYPE_CHECKING:
    from moto.core.base_backend import BackendDict, BaseBackend

Tables = Mapping[str, "BackendDict[Any]"]
"""moto's tables of backends, by scope."""
Key = tuple[str, str, str]
"""A scope, an account, and a region or partition."""

# Two parts may have copies of these: no one can tell, for they cannot be changed.
_CONSTANT = (
    *(type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType, enum.Enum, re.Pattern),
    *(str, bytes, int, float, tuple, frozenset, dt.date, dt.time, dt.timedelta, dt.tzinfo),
    *(ipaddress.IPv4Address, ipaddress.IPv4Network, ipaddress.IPv6Address, ipaddress.IPv6Network),
)
_CONTAINERS = frozenset((dict, list, set, bytearray))
_THREADED = frozenset(["states"])


class Uses:
    """Which backends were fetched from moto's tables, and in what order; moto has one set of tables in a process."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, str | None], int] = {}
        self._count = 0

    def used(self, regions: object, region: str | None) -> None:
        """A backend of this account's table was fetched; None stands for all of them."""
        self._count += 1
        self._last[id(regions), region] = self._count

    def mark(self) -> int:
        """The moment to pass to `since`."""
        return self._count

    def since(self, mark: int) -> set[tuple[int, str | None]]:
        """What was fetched after this moment: the table's id(), and the region."""
        return {key for key, count in list(self._last.items()) if count > mark}


USES = Uses()


@dataclass
class _Group:
    """Backends that are one part; `objects` by id() are those in the part, alive so that no id is used again."""

    keys: list[Key]
    part: StatePart | None = None
    objects: dict[int, object] = field(default_factory=dict)
    refers_to: frozenset[Key] = frozenset()

    @property
    def name(self) -> str:
        # moto has backends of no account, where a malformed call asked for one.
        return MOTO + ":".join(str(part) for part in self.keys[0])


def freeze(graph: object, named: Mapping[int, str], blobs: Blobs | None = None) -> bytes:
    """Pickle a graph of moto's objects. `named`: the names, by id(), of module-level objects, which are not copied.

    Large contents go to `blobs`, and stay in the pickle if `blobs` is None.
    """
    out = io.BytesIO()
    Pickler(out, named, blobs).dump(graph)
    return out.getvalue()


def thaw(data: bytes, named: Mapping[str, object], blobs: Blobs | None = None) -> Any:
    """The graph that `freeze` pickled; `named`: the module-level objects by their names."""
    # A pickle can run code: `read` has checked that this one bears our mark.
    return Unpickler(io.BytesIO(data), named, blobs).load()


class Freezer:
    """Pickles moto's backends. The caller holds the lock that guards them."""

    def __init__(self, tables: Tables, blobs: Blobs | None, uses: Uses = USES) -> None:
        self._tables = tables
        self._blobs = blobs
        self._uses = uses
        self._mark = -1
        self._groups: list[_Group] = []
        self._owners: dict[int, _Group] = {}

    def freeze(self, *, completely: bool = False) -> dict[str, StatePart]:
        """The parts of all backends as they are now; a part that has not changed is the same object as before.

        `completely`: also of backends that were not used. That one of them has changed is a bug, and is reported.
        """
        mark = self._uses.mark()
        places = _Places(self._tables)
        known = {key for group in self._groups for key in group.keys}
        self._groups += [_Group([key]) for key in places.backends if key not in known]
        used = self._used(places)
        pending = list(self._groups) if completely else list(used)
        while pending:
            group = pending.pop()
            pickler = _PartPickler(places, self._blobs)
            content = pickler.pickled({key: vars(places.backends[key]) for key in group.keys})
            others = self._meets(group, pickler.objects)
            if others:
                pending = [waiting for waiting in pending if waiting not in others]
                pending.append(self._merged([group, *others]))
                continue
            group.refers_to = frozenset(pickler.refers_to)
            part = StatePart(content, frozenset(pickler.names))
            if group.part and group not in used and part != group.part:
                report(f"{group.name} has changed, though it was not used: a kill could have lost that.")
            self._keep(group, part, pickler.objects)
        self._mark = mark
        return {group.name: group.part for group in self._groups if group.part}

    def _used(self, places: _Places) -> list[_Group]:
        """The groups that may have changed: with a backend that was used, or that such a group refers to."""
        owner = {key: group for group in self._groups for key in group.keys}
        waiting = [group for group in self._groups if group.part is None]
        waiting += [owner[key] for key in places.used(self._uses.since(self._mark))]
        waiting += [group for key, group in owner.items() if key[0] in _THREADED]
        found: list[_Group] = []
        while waiting:
            group = waiting.pop()
            if group not in found:
                found.append(group)
                waiting += [owner[key] for key in group.refers_to if key in owner]
        return found

    def _meets(self, group: _Group, objects: Iterable[int]) -> list[_Group]:
        """The other groups that hold one of these objects."""
        found: list[_Group] = []
        for object_id in objects:
            owner = self._owners.get(object_id, group)
            if owner is not group and owner not in found:
                found.append(owner)
        return found

    def _merged(self, groups: list[_Group]) -> _Group:
        merged = _Group(sorted((key for group in groups for key in group.keys), key=str))
        for group in groups:
            self._release(group)
            self._groups.remove(group)
        self._groups.append(merged)
        return merged

    def _keep(self, group: _Group, part: StatePart, objects: dict[int, object]) -> None:
        self._release(group)
        group.objects = objects
        self._owners.update(dict.fromkeys(objects, group))
        if part != group.part:
            group.part = part

    def _release(self, group: _Group) -> None:
        for object_id in group.objects:
            self._owners.pop(object_id, None)
        group.objects = {}


def restore(parts: Iterable[bytes], tables: Tables, blobs: Blobs | None) -> None:
    """Fill moto's tables with what `Freezer.freeze` gave."""
    for content in parts:
        # A pickle can run code: `snapshot.read` has checked that this one bears our mark.
        for key, state in _PartUnpickler(io.BytesIO(content), tables, blobs).load().items():
            backend = _shell(tables, key)
            backend.__dict__.clear()
            backend.__dict__.update(state)


class _Places:
    """Where moto's backends and tables are, by id(): what a part names instead of copying it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = {id(table): scope for scope, table in tables.items()}
        self.backends: dict[Key, BaseBackend] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        for scope, table in tables.items():
            for account, regions in list(table.items()):
                self.names[id(regions)] = (scope, account)
                # dict's own method: this look at the backends is not a use of them.
                for region, backend in list(dict.items(regions)):
                    self.backends[scope, account, region] = backend
                    self.names[id(backend)] = (scope, account, region)

    def used(self, fetched: set[tuple[int, str | None]]) -> list[Key]:
        """The backends of what `Uses` has seen."""
        accounts = {(self.names[table], region) for table, region in fetched if table in self.names}
        return [key for key in self.backends if not accounts.isdisjoint(((key[:2], key[2]), (key[:2], None)))]


def _shell(tables: Tables, key: Key) -> BaseBackend:
    """The backend of this key; if it is not there yet, an empty one that is filled when its part is read."""
    scope, account, region = key
    regions = tables[scope][account]
    if region not in regions.keys():  # noqa: SIM118 - `in regions` is true for regions without a backend too
        regions[region] = object.__new__(regions.backend)
    backend: BaseBackend = regions[region]
    return backend


class _PartPickler(Pickler):
    """Names backends instead of copying them, and remembers which of them, and which objects the part holds."""

    def __init__(self, places: _Places, blobs: Blobs | None) -> None:
        self._out = io.BytesIO()
        super().__init__(self._out, places.tables, blobs)
        self._places = places.names
        self.objects: dict[int, object] = {}
        self.refers_to: set[Key] = set()
        self._copies: dict[
            int, object
        ] = {}  # by id(): made for this pickle, so that no other part can hold them

    def pickled(self, graph: object) -> bytes:
        self.dump(graph)
        return self._out.getvalue()

    def persistent_id(self, thing: object) -> object:
        if type(thing) in _CONTAINERS:
            if id(thing) not in self._copies:
                self.objects[id(thing)] = thing
            return None
        if type(thing) is str:
            return None
        place = self._places.get(id(thing))
        match place:
            case (scope, account, region):
                self.refers_to.add((scope, account, region))
            case None:
                return super().persistent_id(thing)
        return "backend", place

    def reducer_override(self, thing: Any) -> Any:
        kind: type = type(thing)
        if _can_change(kind):
            self.objects[id(thing)] = thing
        reduced = super().reducer_override(thing)
        if reduced is NotImplemented and _copies_itself(kind):
            reduced = thing.__reduce_ex__(5)
            # An object of S3 copies its content: kept with the part, each would be in memory twice.
            self._copies[id(reduced[2])] = reduced[2]
        return reduced


@functools.cache
def _can_change(kind: type) -> bool:
    """Whether a copy of such an object is not as good as the object."""
    return not issubclass(kind, _CONSTANT)


@functools.cache
def _copies_itself(kind: type) -> bool:
    """Whether its state for a pickle is made by a method of its own."""
    return any("__getstate__" in vars(base) for base in kind.__mro__[:-1])


class _PartUnpickler(Unpickler):
    def __init__(self, data: io.BytesIO, tables: Tables, blobs: Blobs | None) -> None:
        super().__init__(data, tables, blobs)
        self._tables = tables

    def persistent_load(self, name: Any) -> object:
        match name:
            case ("backend", (scope, account)):
                return self._tables[scope][account]
            case ("backend", (scope, account, region)):
                return _shell(self._tables, (scope, account, region))
        return super().persistent_load(name)
