"""The state on disk: one file, always written completely, so that a kill at any moment leaves the last one.

Its first line is JSON: the format, the moto that wrote it, and the state of our own services as plain
data. What follows are moto's backends as one pickle, which only the same moto can read; the line is
therefore checked before a byte of the pickle is read. Large contents are stored next to it (see `blobs`). A file
that does not fit is refused, never dropped: it holds someone's stacks and users.
"""

from __future__ import annotations

import _thread
import collections
import copy
import functools
import io
import json
import os
import pickle
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from accountsctl.localcloud.state.blobs import SMALL, Blobs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Key = TypeVar("Key")
Value = TypeVar("Value")

FORMAT = 2
READABLE = (1, 2)  # format 1 holds large contents itself


class StateError(Exception):
    """The state on disk cannot be read by this version."""


@dataclass(frozen=True)
class State:
    """Everything that must survive. `services` can be written as JSON; `control` is what `freeze` returns."""

    services: Mapping[str, Any]
    control: bytes


def write(path: Path, state: State, moto: str) -> None:
    """Replace the file in one step; readable by its owner alone, for it holds passwords and keys."""
    head = {"format": FORMAT, "moto": moto, "services": state.services}
    data = json.dumps(head, separators=(",", ":")).encode() + b"\n" + state.control
    write_private(path, data)


def read(path: Path, moto: str) -> State | None:
    """The last state; None if there is none yet."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    line, _, control = data.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError as fault:
        raise StateError(f"{path} is damaged: {fault}.") from fault
    if head.get("format") not in READABLE or head.get("moto") != moto:
        raise StateError(
            f"{path} was written by format {head.get('format')} with moto {head.get('moto')}; "
            f"this is format {FORMAT} with moto {moto}."
        )
    return State(head["services"], control)


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    temporary.replace(path)


def freeze(graph: object, named: Mapping[int, str], blobs: Blobs | None = None) -> bytes:
    """Pickle a graph of moto's objects. `named`: the names, by id(), of module-level objects, which are not copied.

    Large contents go to `blobs`, and stay in the pickle if `blobs` is None.
    """
    if blobs:
        blobs.begin()
    out = io.BytesIO()
    _Pickler(out, named, blobs).dump(graph)
    return out.getvalue()


def thaw(data: bytes, named: Mapping[str, object], blobs: Blobs | None = None) -> Any:
    """The graph that `freeze` pickled; `named`: the module-level objects by their names."""
    # A pickle can run code: this one is our own file, of mode 0600, in the project's folder.
    return _Unpickler(io.BytesIO(data), named, blobs).load()


class _Pickler(pickle.Pickler):
    """moto's objects hold things that pickle refuses: keys, locks, weak references, a lambda."""

    def __init__(self, out: io.BytesIO, named: Mapping[int, str], blobs: Blobs | None) -> None:
        super().__init__(out, protocol=5)
        self._named = named
        self._blobs = blobs

    def persistent_id(self, thing: object) -> str | tuple[str, str] | None:
        if self._blobs and type(thing) is bytes and len(thing) > SMALL:
            return "blob", self._blobs.put(thing)
        return self._named.get(id(thing))

    def reducer_override(self, thing: Any) -> Any:
        """How pickle takes a thing apart (see `copyreg`); NotImplemented leaves that to pickle itself."""
        kind = type(thing)
        if kind is weakref.WeakValueDictionary:
            return _weak, (dict(thing.items()),)
        if kind is collections.defaultdict and getattr(thing.default_factory, "__name__", "") == "<lambda>":
            return _defaulting, (thing.default_factory(), dict(thing))
        if issubclass(kind, collections.defaultdict) and kind is not collections.defaultdict:
            return _subclassed, (kind, thing.default_factory), thing.__dict__, None, iter(thing.items())
        if kind is _thread.LockType:
            return threading.Lock, ()
        if kind is _thread.RLock:
            return threading.RLock, ()
        if hasattr(thing, "private_bytes") and hasattr(thing, "private_numbers"):
            return _key, (_pem(thing),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: io.BytesIO, named: Mapping[str, object], blobs: Blobs | None) -> None:
        super().__init__(data)
        self._named = named
        self._blobs = blobs

    def persistent_load(self, name: str | tuple[str, str]) -> object:
        if isinstance(name, str):
            return self._named[name]
        if self._blobs is None:
            raise StateError("The state names contents that are kept elsewhere.")
        return self._blobs.get(name[1])


# The states on disk name the functions below, and this module: none of them may be renamed.


def _weak(items: dict[Key, Value]) -> weakref.WeakValueDictionary[Key, Value]:
    return weakref.WeakValueDictionary(items)


def _defaulting(sample: Value, items: dict[Key, Value]) -> collections.defaultdict[Key, Value]:
    """A defaultdict whose factory was a lambda: copies of what the lambda gave, which may be one itself."""
    return collections.defaultdict(functools.partial(copy.copy, sample), items)


def _subclassed(
    kind: type[collections.defaultdict[Key, Value]], factory: Callable[[], Value] | None
) -> collections.defaultdict[Key, Value]:
    """A defaultdict whose constructor has parameters of its own; pickle sets its state and items afterwards."""
    table = kind.__new__(kind)
    table.default_factory = factory
    return table


def _pem(key: PrivateKeyTypes) -> bytes:
    from cryptography.hazmat.primitives import serialization as s

    return key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())


def _key(pem: bytes) -> PrivateKeyTypes:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(pem, None)
