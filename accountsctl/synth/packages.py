"""A function's code as a zip that is the same wherever it is made.

Entries are sorted, their timestamps are the zip format's epoch, and their modes follow from their
content. The digest is taken of names, modes and contents rather than of the compressed bytes: two
builds of zlib pack the same code differently, which must not deploy it again.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence

from accountsctl.model.assembly import BuiltFiles, Package, Template
from accountsctl.model.names import built_prefix
from accountsctl.model.packaging import PackageRequest
from accountsctl.synth.closure import FILES_PREFIX
from accountsctl.synth.inputs import Inputs

EPOCH = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100000
UNIX = 3
LEFTOVERS = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".git", ".DS_Store"})
EXECUTABLE_STARTS = (b"#!", b"\x7fELF")


def package(name: str, code: Mapping[str, bytes], requests: Sequence[PackageRequest] = ()) -> Package:
    """`code` (posix path -> content) with what is installed for it as the package of function `name`."""
    kept = {path: code[path] for path in code if not _is_leftover(path)}
    sizes = {path: len(content) for path, content in kept.items()}
    digest = code_digest(code)
    if requests:
        parts = "\n".join([digest, *(request.digest for request in requests)])
        digest = hashlib.sha256(parts.encode()).hexdigest()
    return Package(name, digest, sizes, lambda installed: _zipped({**installed, **kept}), tuple(requests))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            archive.writestr(_entry(path, files[path]), files[path])
    return buffer.getvalue()


def code_digest(code: Mapping[str, bytes]) -> str:
    """The digest of the package that `code` makes, without making it."""
    return _digest({path: code[path] for path in sorted(code) if not _is_leftover(path)})


def built_files(inputs: Inputs, template: Template) -> BuiltFiles | None:
    """The files of `amplify build` to which a template refers by the place of its files; None if it refers to none."""
    files = inputs.source.built
    if not files or FILES_PREFIX not in template.parameters:
        return None
    return BuiltFiles(built_prefix(inputs.resource.id, _digest(files)), files)


def _entry(path: str, content: bytes) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.create_system = UNIX
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (REGULAR_FILE | _mode(content)) << 16
    return entry


def _mode(content: bytes) -> int:
    return 0o755 if content.startswith(EXECUTABLE_STARTS) else 0o644


def _digest(code: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for path, content in code.items():
        whole.update(f"{path}\0{_mode(content):o}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def _is_leftover(path: str) -> bool:
    """What tools leave behind: it differs from run to run and is worth nothing."""
    return path.endswith((".pyc", ".pyo")) or not LEFTOVERS.isdisjoint(path.split("/"))
