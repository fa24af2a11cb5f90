"""`db restore`: the database from a snapshot, by a parameter of its template that the next push applies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accountsctl.commands.database.choose import database_id
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import parameters_in
from accountsctl.formats.layout import environment_file
from accountsctl.model.database_reports import DatabaseSnapshot
from accountsctl.model.edit import Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.reports import EditResult
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.snapshots import AVAILABLE, Snapshots

PARAMETER = "SnapshotIdentifier"


def restore(editor: ProjectEditor, snapshots: Snapshots, snapshot: str, name: str | None) -> EditResult:
    """Let the next push of this environment create the database from a snapshot.

    UsageError for a snapshot that does not exist or is not ready, or if a template of the project's own decides.
    """
    resource = database_id(editor.project, name)
    _require_ours(editor, resource)
    _require_available(snapshots.snapshots(), snapshot)
    environment = editor.project.environment
    file = environment_file(environment.name)

    def change(content: dict[str, Any]) -> None:
        parameters_in(content, resource)[PARAMETER] = snapshot

    editor.apply(Edit(json={file: change}))
    return EditResult(
        f"{resource} is created from the snapshot {snapshot} by the next push of {environment.name}.",
        (
            f"A database that is deployed now is replaced, and a final snapshot of it is kept: "
            f"accountsctl push -e {environment.name} --allow-data-loss {resource}",
            f"It is in {file}. Leave it there: without it a push replaces the database by an empty one.",
        ),
    )


def _require_ours(editor: ProjectEditor, resource: ResourceId) -> None:
    source = editor.project.sources.get(resource)
    if source is not None and source.template is not None:
        raise UsageError(
            f"{resource} has a template of its own, so no parameter of ours decides where its rows come from.",
            why="Only our own templates have such a parameter.",
            hint=f"State {PARAMETER} of its cluster in {source.template.file}, and push.",
        )


def _require_available(found: Sequence[DatabaseSnapshot], name: str) -> None:
    known = {snapshot.name: snapshot.status for snapshot in found}
    if name not in known:
        raise UsageError(
            f"There is no snapshot {name}.",
            why=f"Found: {', '.join(known) or 'none'}.",
            hint=did_you_mean(name, list(known)) or "List them: accountsctl db snapshots",
        )
    if known[name] != AVAILABLE:
        raise UsageError(
            f"The snapshot {name} cannot be restored: it is {known[name]}.",
            why="RDS restores a snapshot that is available.",
            hint="Wait until it is available: accountsctl db snapshots",
        )
