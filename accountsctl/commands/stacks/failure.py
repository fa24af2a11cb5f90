"""A push that failed: the first cause, what remains of it, and the next step."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.commands.stacks.states import STACK
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import StackFailed
from accountsctl.model.events import StackEvent
from accountsctl.model.names import ResourceId
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import state_of
from accountsctl.planning.planner import nested_stacks
from accountsctl.ports.stacks import Ending


def require_success(name: str, ending: Ending | None, assembly: Assembly, remains: Remains) -> None:
    """Return if a stack ended as intended; StackFailed with the first cause if it did not."""
    if ending is None or ending.succeeded:
        return
    culprit = ending.failure
    resource = _resource_of(culprit, assembly) if culprit else None
    where = f"{culprit.path[-1]} ({culprit.type}) in {resource or name}" if culprit and culprit.path else name
    raise StackFailed(
        f"The push failed at {where}; the stack {name} is {ending.status}.",
        reason=culprit.reason if culprit else "CloudFormation gave no reason.",
        hint=_what_next(ending.status, remains),
        resource=str(resource) if resource else "",
        logical_id=culprit.path[-1] if culprit and culprit.path else "",
    )


def _what_next(status: str, remains: Remains) -> str:
    """The next step; what could not be deleted is named, and then nothing is said to be rolled back."""
    left = remains.resources
    if left:
        return f"{cures(left)} Then fix the resource named above, and push again."
    state = state_of(status)
    if status in ("DELETE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"):
        return "Everything was rolled back to what ran before; fix the resource named above, then push again."
    return f"{state.meaning} {state.next_step}."


def cures(left: Iterable[StackEvent]) -> str:
    """What remains of a failed operation, each with what removes it."""
    sentences = []
    for event in left:
        what = f"{event.type} {event.physical_id or event.path[-1]}"
        # A nested stack, or what is in one, can be found again; the root forgets a resource of its own.
        found_again = event.type == STACK or len(event.path) > 1
        how = "`accountsctl recover --orphans` removes it" if found_again else "delete it by hand"
        sentences.append(f"{what} could not be deleted ({event.reason}): {how}.")
    return "These remain: " + " ".join(sentences)


def _resource_of(event: StackEvent, assembly: Assembly) -> ResourceId | None:
    nested = nested_stacks(assembly.root.body)
    stack = event.path[0] if event.path and event.path[0] in nested else None
    return next((child.id for child in assembly.children if child.id.logical_id == stack), None)
