"""The data of snapshots, each in ``snapshots/<identifier>``: a copy of a cluster's home, or the home itself."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from accountsctl.localcloud.rds_data.postgres.binaries import Binaries, PostgresError

FOLDER = "snapshots"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_-]*")


class SnapshotHomes:
    """The homes of snapshots below `data`."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def path(self, name: str) -> Path:
        """Where a snapshot's data are; PostgresError for what is not an identifier."""
        if not _PLAIN_NAME.fullmatch(name):
            raise PostgresError(f"{name!r} is not a snapshot's identifier.")
        return self._folder / name

    def new(self, name: str) -> Path:
        """Where the data of a new snapshot go; PostgresError if there are some already."""
        path = self.path(name)
        if path.exists():
            raise PostgresError(f"A snapshot {name} is there already, in {path}.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def delete(self, name: str) -> None:
        """Delete a snapshot's data."""
        shutil.rmtree(self.path(name), ignore_errors=True)


def copy(binaries: Binaries, source: Path, target: Path) -> None:
    """Copy the home of a server that is stopped, if there is one. The copy appears in one step."""
    if not source.is_dir():
        return
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        shutil.copytree(source, draft, symlinks=True, dirs_exist_ok=True)
        binaries.give_to_user(draft)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
