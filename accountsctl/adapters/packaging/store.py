"""`ports.Packages` in the user's own cache folder: what was installed once for equal files is used again.

    <digest of the request>/files/...     what the zip contains
    <digest of the request>/size          how many bytes that is

A folder appears complete or not at all, so that two commands may install the same packages at the same time. It is
never in the project: nothing of it can be committed, and other functions with the same lock file share it.
What was not used for long leaves it after an installation (see pruning.py).
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from accountsctl.adapters.packaging.node import install_node
from accountsctl.adapters.packaging.pruning import SIZE, mark_used, prune
from accountsctl.adapters.packaging.python import install_python
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.adapters.packaging.typescript import bundle
from accountsctl.model.code_sizes import UNZIPPED_BYTES, by_part, largest
from accountsctl.model.errors import UsageError
from accountsctl.model.packaging import HostTarget, PackageRequest


def silent(_: str) -> None:
    """Say nothing."""


class PackageStore:
    """Packages below `folder`, by the digests of their requests. `tools` install them; `root` is the project's.

    `clock` gives the time in seconds since 1970, by which the cache is pruned.
    """

    def __init__(
        self,
        folder: Path,
        tools: Tools,
        host: Callable[[], HostTarget],
        root: Path,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._root = root
        self._tools = tools
        self.host = host

    def install(self, requests: Iterable[PackageRequest], say: Callable[[str], None]) -> None:
        """Install what is not installed yet, and name it; UsageError if that fails."""
        for request in requests:
            home = self._folder / request.digest
            missing = not home.is_dir()
            if missing:
                say(_sentence(request))
                self._fill(request, home)
            mark_used(home, self._clock())
            if missing:
                prune(self._folder, self._clock())

    def files(self, request: PackageRequest) -> Mapping[str, bytes]:
        """The files of what is installed, by their paths in the zip; installed first if they are missing."""
        home = self._folder / request.digest
        while True:
            self.install([request], silent)
            found = _contents(home / "files", request.prefix)
            # Another command may have removed it meanwhile, as a whole: then not all of it was read.
            if home.is_dir():
                return found

    def sizes(self, request: PackageRequest) -> Mapping[str, int]:
        """The bytes of each file of what is installed, by path; empty if it is not."""
        return _sizes(self._folder / request.digest / "files")

    def _fill(self, request: PackageRequest, home: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".installing-", dir=self._folder))
        try:
            work, files = draft / "work", draft / "files"
            work.mkdir()
            if request.entry:
                bundle(request, work, files, self._tools, self._root / request.folder)
            elif request.manager.language == "nodejs":
                install_node(request, work, files, self._tools, self._root / request.folder)
            else:
                install_python(request, work, files, self._tools)
            sizes = _sizes(files)
            _check_size(request, sizes)
            (draft / SIZE).write_text(str(sum(sizes.values())))
            shutil.rmtree(work)
            with contextlib.suppress(OSError):  # another command was faster: its folder is used
                draft.rename(home)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _sentence(request: PackageRequest) -> str:
    target = request.target
    where = "for this machine" if target.local else "for Lambda"
    return (
        f"installing the packages of {request.resource} {where}"
        f" ({request.manager}, {target.runtime}, {target.architecture}) ..."
    )


def _contents(folder: Path, prefix: str) -> dict[str, bytes]:
    try:
        return {
            f"{prefix}{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
    except FileNotFoundError:
        return {}


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }


def _check_size(request: PackageRequest, sizes: Mapping[str, int]) -> None:
    size = sum(sizes.values())
    if size > UNZIPPED_BYTES:
        raise UsageError(
            f"The packages of {request.resource} are too large.",
            why=f"They have {size:,} bytes; Lambda accepts {UNZIPPED_BYTES:,}, unzipped, with code and layers.\n"
            f"The largest: {largest(by_part(sizes))}.",
            hint=f"Leave out what is not needed at run time, in {request.folder}/{request.manager}.",
        )
