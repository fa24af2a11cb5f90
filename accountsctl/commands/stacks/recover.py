"""`recover`: a stack comes out of a state in which it cannot be pushed to, by the way that its state offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accountsctl.commands.stacks.delete import not_deleted
from accountsctl.commands.stacks.outputs import never_pushed
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.take_down import take_down
from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, StackFailed, UsageError
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import parse_resource_id
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import RecoverStep, StackState, state_of
from accountsctl.model.template_body import STACK
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.identity import Identity
from accountsctl.ports.stack_repairs import NestedStack, StackRepairs, StackSummary
from accountsctl.ports.stacks import Ending

Agree = Callable[[str], None]
"""Shown a question before something is deleted or left behind; raises `Declined` to stop."""


@dataclass(frozen=True)
class Recover:
    """`recover` over its ports."""

    repairs: StackRepairs
    artifacts: Artifacts
    identity: Identity

    def run(self, environment: Environment, skip: Sequence[str], agree: Agree, listen: Listener) -> str:
        """Take the step that the stack's state offers; return the status afterwards (DELETE_COMPLETE if it is gone).

        `skip` are resources that an update's rollback leaves as they are: ``LogicalId`` of the root,
        ``category/name.LogicalId`` or ``STACK.LogicalId`` of a nested stack.
        """
        check = StackCheck(self.identity, self.repairs)
        followed = check.owned(environment)
        if followed is None:
            raise never_pushed(environment)
        stack = check.at_rest(environment, listen)
        if stack is None:
            return "DELETE_COMPLETE"
        state = state_of(stack.status)
        if skip and state.recover is not RecoverStep.CONTINUE_ROLLBACK:
            raise UsageError(
                "--skip has no meaning now.",
                why=f"{stack.name} is {stack.status}; only a failed rollback of an update can leave a resource out.",
                hint="Leave --skip out.",
            )
        if state.recover is RecoverStep.NOTHING:
            return self._nothing(stack, state, was_busy=state_of(followed.status).in_progress, listen=listen)
        ending = self._step(stack, state, skip, agree, listen)
        if not ending.succeeded:
            raise _failed(stack.name, ending)
        return ending.status

    def orphans(self, environment: Environment) -> Sequence[NestedStack]:
        """The nested stacks that no root of this environment has any more; CloudError if the stack is another's."""
        check = StackCheck(self.identity, self.repairs)
        stack = check.owned(environment)
        attached = check.attached(stack) if stack else frozenset()
        nested = self.repairs.nested(environment.stack_name)
        return [
            child for child in nested if child.id not in attached and not state_of(child.status).in_progress
        ]

    def remove(self, orphans: Sequence[NestedStack], listen: Listener) -> None:
        """Delete orphans; StackFailed for the first that still refuses."""
        for orphan in orphans:
            remains = Remains(listen)
            for resource in self.repairs.resources(orphan.id):
                _refuse_if_protected(self.repairs, resource.type, resource.physical_id)
            ending = self.repairs.delete(orphan.id, (), remains)
            if not ending.succeeded:
                raise not_deleted(orphan.name, ending, remains, "accountsctl recover --orphans")

    def _nothing(self, stack: StackSummary, state: StackState, *, was_busy: bool, listen: Listener) -> str:
        cleared = self.repairs.clear_change_sets(stack.name)
        if cleared:
            listen(Note(f"deleted {cleared} change set(s) that were never executed"))
        if cleared or was_busy:
            return stack.status
        raise CloudError(
            f"There is nothing to recover in {stack.name}.",
            why=f"It is {stack.status}. {state.meaning}",
            hint=f"{state.next_step}.",
            code=stack.status,
        )

    def _step(
        self, stack: StackSummary, state: StackState, skip: Sequence[str], agree: Agree, listen: Listener
    ) -> Ending:
        match state.recover:
            case RecoverStep.CONTINUE_ROLLBACK:
                return self.repairs.continue_rollback(stack.name, self._skipped(stack, skip), listen)
            case RecoverStep.ROLL_BACK:
                return self.repairs.roll_back(stack.name, listen)
            case RecoverStep.CLEAR:
                return self.repairs.delete(stack.id, (), listen)
            case _:
                agree(f"{state.meaning} Delete the rest of {stack.name}?")
                return self._delete_rest(stack, agree, listen)

    def _skipped(self, stack: StackSummary, skip: Sequence[str]) -> list[str]:
        """As ContinueUpdateRollback spells them; `category/name` becomes the nested stack's own name."""
        names = {child.id: child.name for child in self.repairs.nested(stack.name)} if skip else {}
        nested = {
            resource.logical_id: names[resource.physical_id]
            for resource in self.repairs.resources(stack.id)
            if resource.physical_id in names
        }
        return [_spelled(spelling, nested) for spelling in skip]

    def _delete_rest(self, stack: StackSummary, agree: Agree, listen: Listener) -> Ending:
        """Delete again; keep what still refuses, if that is agreed to."""
        ending = take_down(self.repairs, self.artifacts, stack.id, listen)
        if ending.succeeded:
            return ending
        refusing = {
            id_: [resource for resource in self.repairs.resources(id_) if resource.status == "DELETE_FAILED"]
            for id_ in (
                *(nested.id for nested in self.repairs.nested(stack.name, ("DELETE_FAILED",))),
                stack.id,
            )
        }
        named = [resource for found in refusing.values() for resource in found if resource.type != STACK]
        if not named:
            return ending
        sentence = "; ".join(
            f"{resource.type} {resource.physical_id} ({resource.reason})" for resource in named
        )
        agree(f"These refuse to be deleted: {sentence}. Delete the stacks and keep these, outside any stack?")
        for id_, found in refusing.items():
            # A nested stack that could be deleted by now is no longer one that its root has to keep.
            retained = [resource.logical_id for resource in found if resource.type != STACK]
            ending = (
                take_down(self.repairs, self.artifacts, id_, listen)
                if id_ == stack.id and not retained
                else self.repairs.delete(id_, retained, listen)
            )
        return ending


def _spelled(skip: str, nested: dict[str, str]) -> str:
    owner, dot, logical_id = skip.rpartition(".")
    if dot and owner in nested:
        return f"{nested[owner]}.{logical_id}"
    resource = parse_resource_id(owner) if dot else None
    if resource is None:
        return skip
    if resource.logical_id not in nested:
        raise UsageError(
            f"--skip {skip}: there is no nested stack of {owner}.",
            why=f"The root has {', '.join(nested) or 'none'}.",
            hint="Name the resource as category/name.LogicalId.",
        )
    return f"{nested[resource.logical_id]}.{logical_id}"


def _refuse_if_protected(repairs: StackRepairs, type_: str, physical_id: str) -> None:
    if repairs.is_deletion_protected(type_, physical_id):
        raise CloudError(
            f"{type_} {physical_id} is protected against deletion; nothing was changed.",
            why="RDS refuses to delete it while its deletion protection is on.",
            hint="Switch it off, then try again: aws rds modify-db-cluster --no-deletion-protection"
            f" --db-cluster-identifier {physical_id}",
            code="DeletionProtection",
        )


def _failed(name: str, ending: Ending) -> StackFailed:
    culprit, state = ending.failure, state_of(ending.status)
    hint = f"Fix what it names, then recover again. {state.next_step}."
    if culprit and culprit.path and state.recover is RecoverStep.CONTINUE_ROLLBACK:
        skipped = ".".join(culprit.path[-2:])
        hint = f"Fix what it names, then recover again; or leave it out: accountsctl recover --skip {skipped}"
    return StackFailed(
        f"The stack {name} could not be recovered; it is {ending.status}.",
        reason=culprit.reason if culprit else state.meaning,
        hint=hint,
        logical_id=culprit.logical_id if culprit else "",
    )
