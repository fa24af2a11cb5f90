"""What every command that edits the project shares: read once, rehearse, refuse what would break it, then apply."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.formats.json_reader import read
from accountsctl.model.backend import Backend
from accountsctl.model.edit import Edit, JsonObject
from accountsctl.model.errors import EditRefused, Fault, ProjectError, UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import CATEGORY_NAME, PSEUDO_CATEGORY, RESOURCE_NAME, ResourceId
from accountsctl.model.project import Project
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.synth import assemble


@dataclass(frozen=True)
class ProjectEditor:
    """A project that one command edits. `reading` is the project before the edit, for the command's environment."""

    workspace: Workspace
    reading: Reading

    @property
    def project(self) -> Project:
        """The project before the edit."""
        return self.reading.project

    @property
    def backend(self) -> Backend:
        """Its resources before the edit."""
        return self.project.backend

    def apply(self, edit: Edit) -> Reading:
        """Apply `edit` unless the project would have a fault that it does not have now; then EditRefused.

        Returns the project after the edit.
        """
        after = self.check(edit)
        self.workspace.apply(edit)
        return after

    def check(self, edit: Edit) -> Reading:
        """What the project is after `edit`; EditRefused if it would have a fault that it does not have now."""
        rehearsed = self.workspace.rehearse(edit, self.project.environment.name)
        added = faults(rehearsed) - faults(self.reading)
        if added:
            raise EditRefused(added)
        return rehearsed

    def stated(self, path: str) -> JsonObject:
        """What one of the project's JSON files states; ``{}`` if there is no such file, ProjectError for any other."""
        source = read(self.workspace.text(path) or "{}", path)
        if source.faults:
            raise ProjectError(source.faults)
        if not isinstance(source.value, dict):
            raise ProjectError([source.fault((), "It must be an object.")])
        return source.value

    def new_id(self, category: str, name: str) -> ResourceId:
        """The id of a resource to add; UsageError if the name is not valid, or is taken."""
        if not RESOURCE_NAME.fullmatch(name):
            raise UsageError(
                f'"{name}" is not a valid name for a resource.',
                why="It becomes part of a CloudFormation logical id, and the name of a folder.",
                hint="Use letters and digits, a letter first, 64 at most.",
            )
        if not CATEGORY_NAME.fullmatch(category) or category == PSEUDO_CATEGORY:
            raise UsageError(
                f'"{category}" is not a valid name for a category.',
                why="It becomes a folder and a part of the names of stacks.",
                hint="Use letters and digits, a small letter first.",
            )
        resource = ResourceId(category, name)
        if self.backend.get(resource) is not None:
            raise UsageError(
                f"{resource} exists already.",
                why="Its files would be overwritten.",
                hint="Choose another name.",
            )
        return resource

    def existing(self, text: str) -> ResourceId:
        """The resource that is called ``category/name``, or ``name``; UsageError as `find_resource`."""
        return find_resource(text, (resource.id for resource in self.backend))


def faults(reading: Reading) -> frozenset[Fault]:
    """Everything wrong with a project, without line numbers: an edit moves lines."""
    try:
        assemble(reading)
    except ProjectError as error:
        return frozenset(Fault(fault.file, 0, fault.what, fault.hint) for fault in error.faults)
    return frozenset()
