"""The file that knows what was removed: ``{"rds/db": [{"folder", "entry", "environments"}, ...]}``, the last one last.

`entry` is the resource's object of backend-config.json, `environments` what each environment stated of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.formats.layout import REMOVED_FOLDER
from accountsctl.model.edit import Change
from accountsctl.model.names import ResourceId


@dataclass(frozen=True)
class RemovedResource:
    """A resource that was removed. `folder` has its files, below the project's root."""

    folder: str
    entry: Mapping[str, Any]
    environments: Mapping[str, Mapping[str, Any]]


def last_removed(resource: ResourceId, content: Mapping[str, Any]) -> RemovedResource | None:
    """The resource as it was when it was last removed; None if that is not known.

    A project comes from elsewhere: what stands outside the folder of removed resources is not moved into it.
    """
    match content.get(str(resource)):
        case [*_, {"folder": str(folder), "entry": dict(entry), "environments": dict(environments)}]:
            inside = folder.startswith(f"{REMOVED_FOLDER}/") and ".." not in folder.split("/")
            return RemovedResource(folder, entry, environments) if inside else None
    return None


def with_removed(resource: ResourceId, removed: RemovedResource) -> Change:
    """Remember a removed resource."""
    record = {
        "folder": removed.folder,
        "entry": dict(removed.entry),
        "environments": {name: dict(traces) for name, traces in removed.environments.items()},
    }

    def change(content: dict[str, Any]) -> None:
        content.setdefault(str(resource), []).append(record)

    return change


def without_last_removed(resource: ResourceId) -> Change:
    """Forget a resource that is back."""

    def change(content: dict[str, Any]) -> None:
        records = content[str(resource)]
        records.pop()
        if not records:
            del content[str(resource)]

    return change
