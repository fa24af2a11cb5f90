"""`restore`: bring a removed resource back, as `remove` found it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import with_resource, with_traces
from accountsctl.formats.layout import REMOVED_FILE, REMOVED_FOLDER, environment_file, resource_folder
from accountsctl.formats.removed import last_removed, without_last_removed
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.reports import EditResult
from accountsctl.model.suggestions import did_you_mean


def restore(editor: ProjectEditor, text: str) -> EditResult:
    """Undo the last removal of ``category/name``: its files, its entry, and what the environments stated of it.

    UsageError if it was not removed, or is there; EditRefused if something that it depends on is missing.
    """
    workspace = editor.workspace
    content = editor.stated(REMOVED_FILE)
    id_ = _removed_id(text, content)
    if editor.backend.get(id_) is not None:
        raise UsageError(
            f"{id_} is in the backend already.",
            why="Its files would be overwritten.",
            hint=f"Remove that one first: accountsctl remove {id_}",
        )
    removed = last_removed(id_, content)
    if removed is None or not workspace.exists(removed.folder):
        raise UsageError(
            f"The files of {id_} are not in {REMOVED_FOLDER} any more.",
            why="They were deleted, or removed in another clone.",
            hint="Take them from Git.",
        )
    kept = {name: traces for name, traces in removed.environments.items() if name in workspace.environments()}
    edits: dict[str, Change] = {
        editor.backend.source: with_resource(id_, removed.entry),
        REMOVED_FILE: without_last_removed(id_),
    }
    edits |= {environment_file(name): with_traces(id_, traces) for name, traces in kept.items()}
    editor.apply(Edit(json=edits, moves={removed.folder: resource_folder(id_)}))
    return EditResult(
        f"Restored {id_}, with its files in {resource_folder(id_)}.",
        (
            "If a push has deleted its stack, the next one creates it, without the data it had;"
            " `accountsctl db snapshots` lists what was kept of databases.",
        ),
    )


def _removed_id(text: str, content: Mapping[str, Any]) -> ResourceId:
    """The removed resource that is called ``category/name``, or ``name`` if only one is; UsageError for any other."""
    named = [name for name in content if text in (name, name.partition("/")[2])]
    if text in named:
        named = [text]
    id_ = parse_resource_id(named[0]) if len(named) == 1 else None
    if id_ is not None:
        return id_
    if not content:
        raise UsageError(
            "No resource was removed from this project.",
            why=f"{REMOVED_FOLDER} is empty.",
            hint="What was removed in another clone is in Git alone.",
        )
    near = did_you_mean(text, content) if not named else ""
    raise UsageError(
        f"Several removed resources are called {text}."
        if len(named) > 1
        else f"No removed resource is called {text}.",
        why=f"Removed were: {', '.join(content)}.",
        hint=near or "Name one of these.",
    )
