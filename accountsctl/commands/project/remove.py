"""`remove`: take a resource out of the backend; its files are moved aside, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import traces_of, without_resource, without_traces
from accountsctl.formats.layout import REMOVED_FILE, REMOVED_FOLDER, environment_file, resource_folder
from accountsctl.formats.removed import RemovedResource, with_removed
from accountsctl.model.edit import Change, Edit
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.reports import EditResult
from accountsctl.planning.stateful import deletion_loses_data, what_remains
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.synth import assemble


@dataclass(frozen=True)
class Removal:
    """What removing a resource means. `data` are sentences about what holds data; `imported`: another stack owns it.

    `undeployed`: no environment has deployed anything yet. `entry` is its object in the backend.
    """

    id: ResourceId
    entry: Mapping[str, Any]
    imported: bool
    undeployed: bool
    data: tuple[str, ...]


def plan_removal(editor: ProjectEditor, text: str, *, new_cloud: bool) -> Removal:
    """What removing ``category/name`` would mean; UsageError if another resource depends on it.

    `new_cloud`: the project's embedded cloud was never started.
    """
    id_ = editor.existing(text)
    consumers = [str(resource.id) for resource in editor.backend.consumers(id_)]
    if consumers:
        raise UsageError(
            f"{id_} cannot be removed: {', '.join(consumers)} depends on it.",
            why="Its outputs would be missing there.",
            hint=f"Remove that first (accountsctl remove {consumers[0]}), or take this out of its dependsOn.",
        )
    resource = editor.backend.get(id_)
    assert resource is not None
    undeployed = new_cloud and all(
        editor.stated(environment_file(name)).get("cloud") == Cloud.LOCAL.value
        for name in editor.workspace.environments()
    )
    data = () if resource.imported or undeployed else _data(editor.reading, id_)
    return Removal(id_, resource.entry, resource.imported, undeployed, data)


def remove(editor: ProjectEditor, removal: Removal) -> EditResult:
    """Take the resource out of the backend and every environment, and move its folder aside, as one change."""
    resource, workspace = removal.id, editor.workspace
    edits: dict[str, Change] = {editor.backend.source: without_resource(resource)}
    edits |= {environment_file(name): without_traces(resource) for name in workspace.environments()}
    target = _free_folder(workspace, resource)
    edits[REMOVED_FILE] = with_removed(resource, _as_it_is(editor, removal, target))
    ignored = {f"{REMOVED_FOLDER}/.gitignore": b"*\n"}  # whatever the project's own .gitignore states
    editor.apply(Edit(json=edits, files=ignored, moves={resource_folder(resource): target}))
    if removal.imported:
        return EditResult(f"Unlinked {resource}; its owner's pool is not changed.", (_undone_by(resource),))
    notes = (
        "Nothing was deployed yet, so that a push has nothing to delete."
        if removal.undeployed
        else "Where it is deployed, the next push deletes its stack.",
        *removal.data,
        f"Its files are in {target}. {_undone_by(resource)}",
    )
    return EditResult(f"Removed {resource} from the backend.", notes)


def _undone_by(resource: ResourceId) -> str:
    return f"To have it back: accountsctl restore {resource}"


def _as_it_is(editor: ProjectEditor, removal: Removal, folder: str) -> RemovedResource:
    """What the backend and the environments state of a resource; `folder` is where its files go."""
    environments = {name: editor.stated(environment_file(name)) for name in editor.workspace.environments()}
    traces = {name: traces_of(removal.id, environment) for name, environment in environments.items()}
    return RemovedResource(folder, removal.entry, {name: found for name, found in traces.items() if found})


def _free_folder(workspace: Workspace, resource: ResourceId) -> str:
    """A folder that does not exist yet: a resource of the same name may have been removed before."""
    base = f"{REMOVED_FOLDER}/{resource.category}/{resource.name}"
    candidates = (f"{base}-{number}" for number in range(1, 10_000))
    return next(path for path in candidates if not workspace.exists(path))


def _data(reading: Reading, resource: ResourceId) -> tuple[str, ...]:
    """What of a resource holds data. A resource with faults can be removed too, but only after a confirmation."""
    try:
        child = assemble(reading).child(resource)
    except ProjectError:
        return (f"The project has faults, so it is not known what {resource} holds: its data may be lost.",)
    resources = child.template.body.get("Resources", {}) if child else {}
    return tuple(
        f"{name} ({body['Type']}) holds data where it is deployed: it is deleted with its stack, and"
        f" {what_remains(body, 'DeletionPolicy')}."
        for name, body in resources.items()
        if deletion_loses_data(body)
    )
