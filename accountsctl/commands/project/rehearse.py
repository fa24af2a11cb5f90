"""What every command that edits the project shares: rehearse, refuse what it would break, then change it whole."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.model.edit import Edit
from accountsctl.model.errors import Fault, ProjectError, UsageError
from accountsctl.model.names import CATEGORY_NAME, PSEUDO_CATEGORY, RESOURCE_NAME, ResourceId
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.synth import assemble


@dataclass(frozen=True)
class Edited:
    """What an edit did, in one sentence, and what to know or do next."""

    what: str
    notes: tuple[str, ...] = ()


def make(workspace: Workspace, edit: Edit, environment: str) -> None:
    """Apply `edit` unless the project would have a fault that it does not have now; then ProjectError."""
    before = faults(workspace.read(environment))
    added = faults(workspace.rehearse(edit, environment)) - before
    if added:
        raise ProjectError(added)
    workspace.apply(edit)


def faults(reading: Reading) -> frozenset[Fault]:
    """Everything wrong with a project, lines left out: an edit moves them."""
    try:
        assemble(reading)
    except ProjectError as error:
        return frozenset(Fault(each.file, 0, each.what, each.hint) for each in error.faults)
    return frozenset()


def new_id(workspace: Workspace, environment: str, category: str, name: str) -> ResourceId:
    """The id of a resource to be; UsageError where the name cannot be one, or is taken."""
    if not RESOURCE_NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is not a valid name for a resource.',
            why="It becomes part of a CloudFormation logical id, and the name of a folder.",
            hint="Use letters and digits, a letter first, 64 at most.",
        )
    if not CATEGORY_NAME.fullmatch(category) or category == PSEUDO_CATEGORY:
        raise UsageError(
            f'"{category}" is not a valid name for a category.',
            hint="Use letters and digits, a small letter first.",
        )
    wanted = ResourceId(category, name)
    if workspace.read(environment).project.backend.get(wanted) is not None:
        raise UsageError(f"{wanted} is there already.", hint="Choose another name.")
    return wanted


def existing(workspace: Workspace, environment: str, text: str) -> ResourceId:
    """The resource that is called ``category/name``; UsageError that lists what there is."""
    backend = workspace.read(environment).project.backend
    found = next((each.id for each in backend if str(each.id) == text), None)
    if found is None:
        names = ", ".join(str(each.id) for each in backend) or "none"
        raise UsageError(
            f"There is no resource {text}.", why=f"The backend has: {names}.", hint="Name one of these."
        )
    return found
