"""What is so before anything is compared: whose stack it is, in which state it rests, and what is left of failures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, StackFailed
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import BUCKET_LOGICAL_ID, ENVIRONMENT_TAG
from accountsctl.model.stack_states import STATES, PushStep, StackState, state_of
from accountsctl.model.template_body import STACK
from accountsctl.planning.stateful import HOLDS_DATA
from accountsctl.ports.identity import Identity
from accountsctl.ports.stack_repairs import NestedStack, StackRepairs, StackSummary

REVIEW = "REVIEW_IN_PROGRESS"
FAILED = tuple(
    status
    for status, state in STATES.items()
    if not state.usable and not state.in_progress and status != "DELETE_COMPLETE"
)
"""The statuses of nested stacks that a root at rest must not have."""


@dataclass(frozen=True)
class Standing:
    """A root stack at rest. `failed` are its nested stacks in a bad state, `orphans` those that it no longer has."""

    stack: StackSummary
    failed: tuple[NestedStack, ...] = ()
    orphans: tuple[NestedStack, ...] = ()

    @property
    def state(self) -> StackState:
        """The root's own state."""
        return state_of(self.stack.status)


@dataclass(frozen=True)
class StackCheck:
    """The checks that `push`, `status`, `recover` and `delete` share, over their ports."""

    identity: Identity
    repairs: StackRepairs

    def owned(self, environment: Environment) -> StackSummary | None:
        """The environment's stack in any state; CloudError if the account, the region or the tag is another one."""
        check_ownership(environment, self.identity)
        found = self.repairs.summary(environment.stack_name)
        # A stack under review has no tags before its change set is executed.
        if found is not None and found.status != REVIEW:
            check_owner(environment, found)
        return found

    def at_rest(self, environment: Environment, listen: Listener) -> StackSummary | None:
        """The environment's stack after the operation in progress, which is followed to its end; None if it is gone."""
        found = self.owned(environment)
        while found is not None and state_of(found.status).in_progress:
            listen(Note(f"{found.name} is {found.status}: following it to its end"))
            self.repairs.follow(found.name, listen)
            found = self.owned(environment)
        return found

    def standing(self, stack: StackSummary) -> Standing:
        """The state of a root at rest and of its nested stacks."""
        failed = self.repairs.nested(stack.name, FAILED)
        if not failed:
            return Standing(stack)
        attached = self.attached(stack)
        return Standing(
            stack,
            tuple(child for child in failed if child.id in attached),
            tuple(child for child in failed if child.id not in attached),
        )

    def attached(self, stack: StackSummary) -> frozenset[str]:
        """The ids of the nested stacks that a root still has; a failed deletion counts as no longer having it."""
        resources = self.repairs.resources(stack.id)
        working = state_of(stack.status).usable
        return frozenset(
            resource.physical_id
            for resource in resources
            if resource.type == STACK and not (working and resource.status == "DELETE_FAILED")
        )

    def holding(self, stack: StackSummary) -> list[str]:
        """The names of what still exists in a stack and holds data, nested stacks included, the own bucket left out."""
        return [
            f"{resource.type} {resource.physical_id}"
            for id_ in (stack.id, *(nested.id for nested in self.repairs.nested(stack.name)))
            for resource in self.repairs.resources(id_)
            if resource.type in HOLDS_DATA and resource.logical_id != BUCKET_LOGICAL_ID
        ]

    def pushable(self, stack: StackSummary) -> Standing:
        """How a stack stands that a push may deploy to or replace; an error if it is changing, or may not be."""
        state = state_of(stack.status)
        if state.in_progress:
            raise busy(stack.name, state)
        standing = self.standing(stack)
        self._require_pushable(standing)
        return standing

    def _require_pushable(self, standing: Standing) -> None:
        """StackFailed, with the sentence and the one command, unless a push may deploy to the stack or replace it."""
        name, state = standing.stack.name, standing.state
        # The states of nested stacks follow from the root's, unless the root itself rests in a good one.
        if standing.failed and state.usable:
            raise unusable(name, state_of(standing.failed[0].status), nested=standing.failed[0].name)
        if state.push is PushStep.REFUSE:
            raise unusable(name, state)
        if state.push is PushStep.REPLACE and (holding := self.holding(standing.stack)):
            raise StackFailed(
                f"The stack {name} cannot be updated; it is {state.status}.",
                why=f"{state.meaning} It still has {', '.join(holding)}.",
                hint="Copy what you need, then `accountsctl delete` (or `accountsctl recover`), and push again.",
            )


def unusable(name: str, state: StackState, nested: str = "") -> StackFailed:
    """The error for a stack that does not rest in a good state."""
    where = f"The nested stack {nested} of {name}" if nested else f"The stack {name}"
    return StackFailed(
        f"{where} cannot be updated; it is {state.status}.", why=state.meaning, hint=f"{state.next_step}."
    )


def busy(name: str, state: StackState) -> CloudError:
    """The error of a preview while CloudFormation changes the stack: what is deployed is not known yet."""
    return CloudError(
        f"The stack {name} is being changed; it is {state.status}.",
        why=state.meaning,
        hint=f"{state.next_step}.",
        code=state.status,
    )


def orphan_note(orphans: Iterable[NestedStack]) -> str:
    """One sentence on the nested stacks that an earlier failure left behind; empty if there are none."""
    names = ", ".join(f"{orphan.name} ({orphan.status})" for orphan in orphans)
    return (
        f"Left over from an earlier failure: {names}. `accountsctl recover --orphans` removes it."
        if names
        else ""
    )


def check_ownership(environment: Environment, identity: Identity) -> None:
    """We speak to the environment's region with its account's credentials, or nothing is sent (CloudError)."""
    if identity.region != environment.region:
        raise CloudError(
            f"{identity.region} is not the region of the environment {environment.name}.",
            why=f"Its stacks are in {environment.region}.",
            hint="Leave --region out, or add an environment for that region; nothing was changed.",
            code="RegionMismatch",
        )
    account = environment.account_id and identity.caller().account
    if account != environment.account_id:
        raise CloudError(
            f"These credentials are of another account than the environment {environment.name}.",
            why=f"They are of account {account}; the environment belongs to {environment.account_id}.",
            hint="Choose its credentials with --profile; nothing was changed.",
            code="AccountMismatch",
        )


def check_owner(environment: Environment, current: StackSummary) -> None:
    """The stack is the adopted one, or is tagged as this environment's; else nothing is sent (CloudError)."""
    if environment.adopted:
        if current.id != environment.stack_id:
            raise CloudError(
                f"The stack {current.name} is not the one that the environment {environment.name} adopted.",
                why=f"It is {current.id}; adopted was {environment.stack_id}.",
                hint="If this is the stack that you mean, adopt it: accountsctl adopt; nothing was changed.",
                code="StackMismatch",
            )
        return
    tagged = current.tags.get(ENVIRONMENT_TAG)
    if tagged != environment.name:
        belongs = f"to the environment {tagged}" if tagged else "to no environment of accountsctl"
        raise CloudError(
            f"The stack {current.name} does not belong to the environment {environment.name}.",
            why=f"Its tag {ENVIRONMENT_TAG} says that it belongs {belongs}.",
            hint="If Amplify made it, take it over: accountsctl adopt. Else give the environment a stackName of its"
            " own; nothing was changed.",
            code="StackMismatch",
        )
