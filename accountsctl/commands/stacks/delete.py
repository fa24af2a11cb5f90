"""`delete` and `recover`: an environment's stacks go, or come out of a rollback that got stuck."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.commands.stacks.outputs import never_pushed
from accountsctl.commands.stacks.push import BUCKET_OUTPUT, check_ownership, check_tag
from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, StackFailed, UsageError
from accountsctl.model.events import Listener, Note
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.identity import Identity
from accountsctl.ports.stacks import DeployedStack, Ending, Stacks

STUCK = "UPDATE_ROLLBACK_FAILED"
INTERRUPTIBLE = frozenset({"CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
"""The states of a stack at work in which CloudFormation takes a deletion."""


@dataclass(frozen=True)
class Teardown:
    """`delete` and `recover` over their ports."""

    stacks: Stacks
    artifacts: Artifacts
    identity: Identity

    def target(self, environment: Environment) -> DeployedStack | None:
        """The stack that `delete` would delete, None where there is none; refuses what is not this environment's."""
        if environment.protected:
            raise UsageError(
                f"The environment {environment.name} is protected.",
                why='Its file says "protected": true; nothing of it is deleted.',
                hint=f"Set that to false in amplify/environments/{environment.name}.json, commit it, and try again.",
            )
        check_ownership(environment, self.identity)
        current = self.stacks.current(environment.stack_name)
        if current is not None:
            check_tag(environment, current)
            _check_deletable(current)
        return current

    def run(self, current: DeployedStack, listen: Listener) -> None:
        """Empty the deployment bucket and delete the root; CloudFormation takes the children in the right order."""
        bucket = current.outputs.get(BUCKET_OUTPUT)
        if bucket:
            listen(Note(f"emptied the deployment bucket ({self.artifacts.empty(bucket)} objects)"))
        ending = self.stacks.delete(current.name, listen)
        if not ending.succeeded:
            raise _failed("deleted", current.name, ending, "Fix what it names, then delete again.")

    def recover(self, environment: Environment, listen: Listener) -> Ending:
        """Take a rollback that failed to its end."""
        check_ownership(environment, self.identity)
        current = self.stacks.current(environment.stack_name)
        if current is None:
            raise never_pushed(environment)
        check_tag(environment, current)
        if current.status != STUCK:
            raise CloudError(
                f"There is nothing to recover in {current.name}.",
                why=f"It is {current.status}; only {STUCK} can be recovered from.",
                hint="Push again." if current.status.endswith("_COMPLETE") else "Wait until it rests.",
                code=current.status,
            )
        ending = self.stacks.recover(current.name, listen)
        if not ending.succeeded:
            raise _failed("recovered", current.name, ending, "Fix what it names by hand, then recover again.")
        return ending


def _check_deletable(current: DeployedStack) -> None:
    """CloudError where CloudFormation would refuse: the bucket is emptied first, and must not be for nothing."""
    if current.termination_protected:
        raise CloudError(
            f"The stack {current.name} is protected against termination.",
            why="CloudFormation deletes nothing of it while that is on.",
            hint="Switch it off: aws cloudformation update-termination-protection"
            f" --no-enable-termination-protection --stack-name {current.name}",
            code="TerminationProtection",
        )
    if current.status.endswith("_IN_PROGRESS") and current.status not in INTERRUPTIBLE:
        raise CloudError(
            f"The stack {current.name} is being changed.",
            why=f"It is {current.status}, and CloudFormation deletes no stack in that state.",
            hint="Wait until it has ended, then delete again; nothing was changed.",
            code=current.status,
        )


def _failed(verb: str, name: str, ending: Ending, hint: str) -> StackFailed:
    culprit = ending.failure
    return StackFailed(
        f"The stack {name} could not be {verb}; it is {ending.status}.",
        reason=culprit.reason if culprit else "CloudFormation gave no reason.",
        hint=hint,
        logical_id=culprit.path[-1] if culprit and culprit.path else "",
    )
