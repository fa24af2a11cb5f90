"""What the commands about a database return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RowFormat(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True)
class InitResult:
    """The names of the files that this run applied, and of those that were applied before; both in order."""

    applied: tuple[str, ...]
    already: tuple[str, ...]


@dataclass(frozen=True)
class PendingFiles:
    """The names of the schema files that `db migrate` would apply; `considered` counts all files up to ``--to``."""

    names: tuple[str, ...]
    considered: int


@dataclass(frozen=True)
class FileState:
    """A migration's state: applied, pending, edited (after it was applied) or missing (applied, and gone since)."""

    name: str
    state: str
    applied_at: str | None = None


@dataclass(frozen=True)
class SchemaStatus:
    """The state of every schema file, in the order of their names."""

    files: tuple[FileState, ...]

    @property
    def exit_code(self) -> int:
        """1 if a file was edited or deleted after it was applied."""
        return int(any(file.state in ("edited", "missing") for file in self.files))


@dataclass(frozen=True)
class DatabaseSnapshot:
    """A snapshot that stays until someone deletes it; `cluster` is the identifier of the one that it was taken of."""

    name: str
    cluster: str
    created: datetime | None
    version: str
    status: str


@dataclass(frozen=True)
class SnapshotList:
    """The snapshots that databases can be restored from, the newest first."""

    snapshots: tuple[DatabaseSnapshot, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """Where snapshots come from, if there are none."""
        return () if self.snapshots else ("There are none: one is taken when a database is deleted.",)


@dataclass(frozen=True)
class Seeded:
    """What a run of `db seed` did: rows of `file` that it added to `table`, and rows that were in before."""

    table: str
    added: int
    before: int
    file: str = ""
