"""The results of `db`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from accountsctl.formats.text_table import psql_fitting
from accountsctl.model.database_reports import (
    InitResult,
    PendingFiles,
    RowFormat,
    SchemaStatus,
    Seeded,
    SnapshotList,
)
from accountsctl.ports.database import QueryResult, Value
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen

NOT_COUNTED = "Done. How many rows were changed is not known: the statement outlived its call."

NO_FILES = "There are no schema files yet: the first is schema/001_....sql in the folder of the rds resource."


@to_text.register
def init_text(result: InitResult, screen: Screen) -> None:
    """How many files were applied."""
    already = len(result.already)
    if result.applied:
        screen.say(f"Applied {len(result.applied)} of {len(result.applied) + already} files.")
    else:
        screen.say(f"Nothing to apply: {already} files are applied already." if already else NO_FILES)


@to_json.register
def init_json(result: InitResult) -> JsonObject:
    """The files by name."""
    return {"applied": list(result.applied), "already": list(result.already)}


@to_text.register
def pending_text(result: PendingFiles, screen: Screen) -> None:
    """The names as data, how many they are as a message."""
    for name in result.names:
        screen.line(name)
    count = len(result.names)
    screen.say(f"{count} of {result.considered} files would be applied." if count else "Nothing to apply.")


@to_json.register
def pending_json(result: PendingFiles) -> JsonObject:
    """The names."""
    return {"pending": list(result.names)}


@to_text.register
def schema_text(result: SchemaStatus, screen: Screen) -> None:
    """A table of the files."""
    rows = [(file.name, file.state, file.applied_at or "") for file in result.files]
    if rows:
        screen.table(("file", "state", "applied at (UTC)"), rows)
    else:
        screen.say(NO_FILES)


@to_json.register
def schema_json(result: SchemaStatus) -> list[JsonObject]:
    """A list of the files."""
    return [{"file": file.name, "state": file.state, "appliedAt": file.applied_at} for file in result.files]


@to_text.register
def snapshots_text(result: SnapshotList, screen: Screen) -> None:
    """A table of the snapshots."""
    if not result.snapshots:
        return
    rows = [
        (found.name, found.cluster, _moment(found.created), found.version, found.status)
        for found in result.snapshots
    ]
    screen.table(("snapshot", "of the cluster", "created (UTC)", "version", "status"), rows)


@to_json.register
def snapshots_json(result: SnapshotList) -> list[JsonObject]:
    """A list of the snapshots; times in UTC by ISO 8601."""
    return [
        {
            "snapshot": found.name,
            "cluster": found.cluster,
            "created": _moment(found.created) or None,
            "version": found.version,
            "status": found.status,
        }
        for found in result.snapshots
    ]


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


@to_text.register
def seeded_text(result: Seeded, screen: Screen) -> None:
    """How many rows were added, and to what."""
    if result.added or not result.before:
        before = f" ({result.before} were in before)" if result.before else ""
        screen.say(f"Added {result.added} row{'s' if result.added != 1 else ''} to {result.table}{before}.")
    else:
        screen.say(
            f"Nothing to add: all {result.before} rows of {result.file} are in. --again adds them once more."
        )


@to_json.register
def seeded_json(result: Seeded) -> JsonObject:
    """How many rows were added, and to what."""
    return {"table": result.table, "added": result.added, "before": result.before}


@dataclass(frozen=True)
class Rows:
    """What a statement gave, to be shown as `shape`.

    `found` is None if the statement succeeded after its call had ended.
    """

    found: QueryResult | None
    shape: RowFormat

    @property
    def messages(self) -> tuple[str, ...]:
        """What is not known."""
        return (NOT_COUNTED,) if self.found is None else ()


@to_text.register
def rows_text(result: Rows, screen: Screen) -> None:
    """The rows in their shape, with NULL by its name in a table; or how many were changed."""
    found = result.found
    if found is None:
        return
    if not found.columns:
        screen.say(f"{found.updated} row{'s' if found.updated != 1 else ''} changed.")
    elif result.shape is RowFormat.JSON:
        screen.data(rows_json(result))
    elif result.shape is RowFormat.CSV:
        from accountsctl.formats.csv_writer import csv_lines

        for line in csv_lines(found.columns, found.rows):
            screen.write(line)
    else:
        for line in psql_fitting(found.columns, found.rows, screen.width):
            screen.line(line)
        screen.say(f"({len(found.rows)} row{'s' if len(found.rows) != 1 else ''})")


@to_json.register
def rows_json(result: Rows) -> list[JsonObject]:
    """An object for each row."""
    found = result.found
    if found is None:
        return []
    return [dict(zip(found.columns, map(_plain, row), strict=True)) for row in found.rows]


def _plain(value: Value) -> Value:
    """A value as JSON has it: an exact number stays exact where a double can hold it, else it is text."""
    if isinstance(value, Decimal):
        number = (
            int(value)
            if value == value.to_integral_value() and value.as_tuple().exponent == 0
            else float(value)
        )
        return number if Decimal(str(number)) == value else str(value)
    return value
