"""What a folder holds, as far as it can be read without opening anything that could run code.

For the question before everything is deleted. Nothing here decides what is trusted: the state's own parts are read as
JSON, and the pickle behind them is not touched.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from accountsctl.localcloud.state import parts
from accountsctl.localcloud.state.clusters import Descriptions
from accountsctl.localcloud.state.snapshot import blobs_of, previous

STACKS = "cloudformation/stacks/"
POSTGRES, SNAPSHOTS = "postgres", "snapshots"


class DatabaseContents(TypedDict):
    """A database on disk. `identifier` is its resource id if no name is known; `bytes` is what its files take."""

    identifier: str
    region: str
    bytes: int


class Contents(TypedDict):
    """The names of root stacks, the databases, and the final snapshots of deleted ones."""

    stacks: list[str]
    databases: list[DatabaseContents]
    snapshots: list[str]


def contents(data: Path) -> Contents:
    """What the folder `data` of an embedded cloud holds."""
    postgres = data / POSTGRES
    snapshots = postgres / SNAPSHOTS
    return {
        "stacks": _stacks(data / "state") or _stacks(previous(data / "state")),
        "databases": [
            {
                "identifier": found.identifier or found.resource_id,
                "region": found.region,
                "bytes": _size(postgres / found.resource_id),
            }
            for found in Descriptions(postgres).on_disk()
        ],
        "snapshots": sorted(path.name for path in snapshots.iterdir()) if snapshots.is_dir() else [],
    }


def _stacks(state: Path) -> list[str]:
    """The root stacks that a state names; none if it cannot be read."""
    try:
        with state.open("rb") as file:
            lines = file.readline(), file.readline()  # the mark, and the JSON
            found = parts.decode(json.loads(lines[1])["parts"], file.read(), blobs_of(state))
        stacks = [json.loads(content) for name, content in found if name.startswith(STACKS)]
        roots = [stack for stack in stacks if stack["parent_id"] is None]
        return sorted(stack["name"] for stack in roots if stack["status"] != "DELETE_COMPLETE")
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
