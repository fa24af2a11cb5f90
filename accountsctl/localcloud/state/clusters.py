"""What is known of each database on disk, in a file next to its data: enough to find it again if the state is lost.

The state names a cluster's data only by its resource id. A description holds what a template states of it, as plain
JSON, and no secret: the master user gets a new password when a cluster takes its data over.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from accountsctl.localcloud.contracts.lookups import Cluster
from accountsctl.localcloud.state.snapshot import write_private

FOLDER = ".clusters"


@dataclass(frozen=True)
class Description:
    """A database on disk. `identifier` and the rest are empty if only its data is there."""

    resource_id: str
    identifier: str = ""
    region: str = ""
    database: str = ""
    username: str = ""

    @classmethod
    def of(cls, cluster: Cluster) -> Description:
        """The description of a cluster as its record states it."""
        names = cluster.identifier, cluster.region, cluster.database or "", cluster.master_username
        return cls(cluster.resource_id, *names)


class Descriptions:
    """The descriptions of the databases below `data`, each in ``.clusters/<resource id>.json``."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FOLDER

    def put(self, description: Description) -> None:
        """Store a description; nothing is written if it is stored already."""
        if self.get(description.resource_id) == description:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path(description.resource_id), json.dumps(asdict(description)).encode())

    def get(self, resource_id: str) -> Description | None:
        """The description of a database; None if there is none that can be read."""
        try:
            found = json.loads(self._path(resource_id).read_bytes())
            return Description(**{**found, "resource_id": resource_id})
        except (OSError, ValueError, TypeError):
            return None

    def forget(self, resource_id: str) -> None:
        """Remove a description: its database is about to be deleted, and must not be found again."""
        with contextlib.suppress(FileNotFoundError):
            self._path(resource_id).unlink()

    def on_disk(self, known: Collection[str] = ()) -> list[Description]:
        """Each database on disk whose resource id is not in `known`, the one used last at the end."""
        if not self._data.is_dir():
            return []
        homes = [path for path in self._data.iterdir() if (path / "data" / "PG_VERSION").is_file()]
        homes.sort(key=lambda path: (_last_use(path), path.name))
        return [self.get(path.name) or Description(path.name) for path in homes if path.name not in known]

    def _path(self, resource_id: str) -> Path:
        return self._folder / f"{resource_id}.json"


def _last_use(home: Path) -> float:
    """When PostgreSQL last wrote its control file, which it does at every start, checkpoint and stop."""
    try:
        return (home / "data" / "global" / "pg_control").stat().st_mtime
    except OSError:
        return 0.0
