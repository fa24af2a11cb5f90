"""The state on disk: one file that is replaced in one step, so that a kill at any moment leaves the last one.

Its first line is the mark of all that follows (see `trust`); a file without a valid mark is not parsed. The second
is JSON: the format, the moto that wrote it, and the names of the state's parts (see `parts`). Those of our own services
are JSON; moto's are pickles, which only the same moto can read: the line is therefore checked before a byte of them
is read. What does not stand in the file is stored next to it, under the hash of its content (see `blobs`).

The generation before the last is kept, in ``state.previous``: it serves if the last one is lost or damaged. A file that
does not fit is refused or kept aside, never dropped: it holds someone's stacks and users.
"""

from __future__ import annotations

import _thread
import collections
import copy
import functools
import importlib.metadata
import io
import json
import os
import pickle
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.state import parts, trust
from accountsctl.localcloud.state.blobs import SMALL_CONTENT, Blobs
from accountsctl.localcloud.state.parts import Place

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Key = TypeVar("Key")
Value = TypeVar("Value")

FORMAT = 3
# Formats 1 and 2 hold the services' state in the JSON and all of moto as one pickle; 1 also large contents.
READABLE = (1, 2, 3)
_MARKED = b"accountsctl-state "
_FORMER_NAME = "accountsctl.local.snapshot"  # of this module, in states of formats 1 and 2
ALL_OF_MOTO = "moto"
START_AGAIN = (
    "accountsctl local reset --keep-databases, then push again: stacks and users are created again, "
    "the rows stay."
)


class StateError(Exception):
    """The state on disk cannot be read by this version. `hint` says what to do."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


class DamagedError(StateError):
    """The file was cut, changed, or written by someone else: its mark is missing or wrong."""


@dataclass(frozen=True)
class State:
    """Everything that survived. `services` are the dumps of our own services, `control` moto's parts by name.

    A state of an earlier format has one part, `ALL_OF_MOTO`.
    """

    services: Mapping[str, Any]
    control: Mapping[str, bytes]


def previous(path: Path) -> Path:
    """The generation before the last."""
    return path.with_name(f"{path.name}.previous")


def moto_version() -> str:
    """The version of moto that is installed."""
    return importlib.metadata.version("moto")


def write(path: Path, places: Iterable[Place], moto: str | None = None) -> None:
    """Replace the file in one step, and keep the one before; readable by its owner alone, for it holds passwords."""
    content = parts.encode({"format": FORMAT, "moto": moto or moto_version()}, places)
    _keep(path)
    write_private(path, _marked(content))


def blobs_of(path: Path) -> Blobs:
    """What is stored next to a state."""
    return Blobs(path.parent / "blobs", write_private)


def read(path: Path, moto: str | None = None, *, keep_aside: bool = True) -> State | None:
    """The last state, or the one before if the last is damaged; None if there is none. `moto`: the one installed.

    A damaged file is kept aside, unless nothing is to be changed. Raises StateError if no file can be used, or
    another moto wrote it.
    """
    candidates = [file for file in (path, previous(path)) if file.exists()]
    if not candidates:
        return None
    faults = []
    for file in candidates:
        try:
            state = _read(file, moto or moto_version())
        except DamagedError as fault:
            faults.append(fault)
            continue
        if faults and keep_aside:
            aside = path.with_name(f"{path.name}.damaged")
            path.replace(aside)
            report(f"{faults[0]} It is kept as {aside.name}; the state before it is used.")
        return state
    raise faults[0]


def renew_mark(path: Path) -> None:
    """Mark the state as this user's, whoever wrote it. Only for a user who vouches for it."""
    for file in (path, previous(path)):
        if file.exists():
            data = file.read_bytes()
            content = data.partition(b"\n")[2] if data.startswith(_MARKED) else data
            write_private(file, _marked(content))


def _read(path: Path, moto: str) -> State:
    mark, _, content = path.read_bytes().partition(b"\n")
    if not mark.startswith(_MARKED) or not trust.is_valid(
        mark.removeprefix(_MARKED).decode("ascii", "replace"), content
    ):
        raise DamagedError(
            f"{path} does not bear this user's mark: it is damaged, or someone else wrote it. It was not opened.",
            "If it came with a repository, remove it. If it is yours and complete: accountsctl local trust. "
            f"If it is yours and damaged: {START_AGAIN}",
        )
    line, _, control = content.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError as fault:
        raise DamagedError(
            f"{path} is damaged: {fault}.", f"Restore it from a backup, or: {START_AGAIN}"
        ) from fault
    if head.get("format") not in READABLE:
        raise StateError(
            f"{path} has format {head.get('format')}; this version reads format {FORMAT}.",
            "Install the version of accountsctl that wrote it; nothing was changed.",
        )
    if head.get("moto") != moto:
        raise StateError(
            f"{path} was written with moto {head.get('moto')}, and moto {moto} is installed.",
            f"Run: pip install moto=={head.get('moto')}. Or: {START_AGAIN} Nothing was changed.",
        )
    if head["format"] < FORMAT:
        return State(head["services"], {ALL_OF_MOTO: control})
    try:
        found = list(parts.decode(head["parts"], control, blobs_of(path)))
    except (OSError, ValueError) as fault:
        raise DamagedError(
            f"{path} names a content that cannot be read: {fault}.",
            f"Restore it from a backup, or: {START_AGAIN}",
        ) from fault
    own = [(name, content) for name, content in found if not name.startswith(parts.MOTO)]
    return State(
        parts.services(own), {name: content for name, content in found if name.startswith(parts.MOTO)}
    )


def _marked(content: bytes) -> bytes:
    return _MARKED + trust.sign(content).encode() + b"\n" + content


def _keep(path: Path) -> None:
    """Keep the present file as the generation before. A second name, so that `path` is never missing."""
    if not path.exists():
        return
    draft = path.with_name(f".{path.name}.previous")
    draft.unlink(missing_ok=True)
    os.link(path, draft)
    draft.replace(previous(path))
    draft.unlink(missing_ok=True)  # rename does nothing if both names are of one file already


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 atomically. It is on the disk, and not only with the system, when this returns."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(handle)
        temporary.replace(path)
    except OSError:
        temporary.unlink(
            missing_ok=True
        )  # a full disk must not be filled further by what could not be written
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Write a folder's entries to the disk: until then a loss of power could undo the replacement."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Pickler(pickle.Pickler):
    """moto's objects hold things that pickle refuses: keys, locks, weak references, a lambda.

    `names` are the blobs that the pickle names.
    """

    def __init__(self, out: io.BytesIO, named: Mapping[int, str], blobs: Blobs | None) -> None:
        super().__init__(out, protocol=5)
        self._named = named
        self._blobs = blobs
        self.names: set[str] = set()

    def persistent_id(self, thing: object) -> object:
        if self._blobs and type(thing) is bytes and len(thing) > SMALL_CONTENT:
            name = self._blobs.put(thing)
            self.names.add(name)
            return "blob", name
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


class Unpickler(pickle.Unpickler):
    def __init__(self, data: io.BytesIO, named: Mapping[str, object], blobs: Blobs | None) -> None:
        super().__init__(data)
        self._named = named
        self._blobs = blobs

    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(__name__ if module == _FORMER_NAME else module, name)

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
