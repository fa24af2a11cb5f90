"""`remove`: a resource leaves the backend; what it had on disk is moved aside, never deleted."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.commands.project.rehearse import Edited, existing, make
from accountsctl.formats.edits import without_resource, without_traces
from accountsctl.formats.layout import REMOVED_FOLDER, environment_file, resource_folder
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.planning.stateful import holds_data, what_remains
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.synth import assemble


@dataclass(frozen=True)
class Departure:
    """What removing a resource means. `held` are sentences on what holds data; `imported` is someone else's."""

    id: ResourceId
    imported: bool
    held: tuple[str, ...]


@dataclass(frozen=True)
class Removing:
    """Removes from the project, judged in `environment`."""

    workspace: Workspace
    environment: str

    def departure(self, text: str) -> Departure:
        """What removing ``category/name`` would mean; UsageError while something depends on it."""
        resource = existing(self.workspace, self.environment, text)
        reading = self.workspace.read(self.environment)
        consumers = [str(each.id) for each in reading.project.backend.consumers(resource)]
        if consumers:
            raise UsageError(
                f"{resource} cannot be removed: {', '.join(consumers)} depends on it.",
                why="Its outputs would be missing there.",
                hint=f"Remove that first (accountsctl remove {consumers[0]}), or take this out of its dependsOn.",
            )
        found = reading.project.backend.get(resource)
        imported = bool(found and found.imported)
        return Departure(resource, imported, () if imported else _held(reading, resource))

    def run(self, departure: Departure) -> Edited:
        """Take the resource out of the backend and every environment, and move its folder aside, as one change."""
        resource, workspace = departure.id, self.workspace
        backend = workspace.read(self.environment).project.backend.source
        edits: dict[str, Change] = {backend: without_resource(resource)}
        edits |= {environment_file(name): without_traces(resource) for name in workspace.environments()}
        aside = self._aside(resource)
        make(workspace, Edit(json=edits, moves={resource_folder(resource): aside}), self.environment)
        if departure.imported:
            return Edited(f"Unlinked {resource}; its owner's pool is untouched.")
        notes = ("The next push deletes its stack.", *departure.held, f"Its files are in {aside}.")
        return Edited(f"Removed {resource} from the backend.", notes)

    def _aside(self, resource: ResourceId) -> str:
        """A place that is free: a resource may have been removed before."""
        base = f"{REMOVED_FOLDER}/{resource.category}/{resource.name}"
        taken = self.workspace.exists
        return next(path for number in range(1, 10_000) if not taken(path := f"{base}-{number}"))


def _held(reading: Reading, resource: ResourceId) -> tuple[str, ...]:
    """What of a resource holds data. One that is at fault can be removed too, but not without a question."""
    try:
        child = assemble(reading).child(resource)
    except ProjectError:
        return (f"The project is at fault, so what {resource} holds is not known: it may go with its stack.",)
    resources = child.template.body.get("Resources", {}) if child else {}
    return tuple(
        f"{name} ({each['Type']}) holds data: with its stack it goes, and {what_remains(each, 'DeletionPolicy')}."
        for name, each in resources.items()
        if holds_data(each)
    )
