"""`delete`: an environment's stacks go; whatever would refuse to go is found before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accountsctl.commands.stacks.failure import cures
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.take_down import take_down
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, StackFailed, UsageError
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import DeleteStep, state_of
from accountsctl.model.template_body import TemplateResource
from accountsctl.planning.stateful import HOLDS_DATA, holds_data, what_remains
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.identity import Identity
from accountsctl.ports.stack_repairs import NestedStack, ResourceSummary, StackRepairs, StackSummary
from accountsctl.ports.stacks import Ending, Stacks
from accountsctl.synth.first_deployment import protects

UNREADABLE = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


@dataclass(frozen=True)
class DataResource:
    """Something that holds data and goes with the stack. `kept` says what is kept of it, as a clause."""

    type: str
    physical_id: str
    kept: str
    protected: bool

    def __str__(self) -> str:
        return f"{self.type} {self.physical_id}; {self.kept}"


@dataclass(frozen=True)
class DeletionTarget:
    """What `delete` would delete: the root, if there is one, and nested stacks that no root has any more."""

    stack: StackSummary | None
    orphans: tuple[NestedStack, ...]
    data: tuple[DataResource, ...]


@dataclass(frozen=True)
class Teardown:
    """`delete` over its ports."""

    stacks: Stacks
    repairs: StackRepairs
    artifacts: Artifacts
    identity: Identity

    def target(self, environment: Environment, listen: Listener = lambda _: None) -> DeletionTarget | None:
        """What `delete` would delete, None if there is nothing; refuses what is protected or another environment's."""
        if environment.protected:
            raise UsageError(
                f"The environment {environment.name} is protected.",
                why='Its file says "protected": true; nothing of it is deleted.',
                hint=f"Set that to false in amplify/environments/{environment.name}.json, commit it, and try again.",
            )
        check = StackCheck(self.identity, self.repairs)
        stack = check.owned(environment)
        if stack is not None:
            _check_termination(environment, stack)
            if state_of(stack.status).delete is DeleteStep.FOLLOW:
                stack = check.at_rest(environment, listen)
        nested = self.repairs.nested(environment.stack_name)
        attached = check.attached(stack) if stack else frozenset()
        orphans = tuple(child for child in nested if child.id not in attached)
        if stack is None and not orphans:
            return None
        data = [resource for stack_ in nested for resource in self._data(stack_)]
        _check_deletion_protection([resource for resource in data if resource.protected])
        return DeletionTarget(stack, orphans, tuple(data))

    def run(self, target: DeletionTarget, listen: Listener) -> None:
        """Delete what earlier failures left behind, then the root: its nested stacks first, its bucket last."""
        remains = Remains(listen)
        for orphan in target.orphans:
            listen(Note(f"deleting {orphan.name}, which an earlier failure left behind"))
            ending = self.repairs.delete(orphan.id, (), remains)
            if not ending.succeeded:
                raise not_deleted(orphan.name, ending, remains, "accountsctl recover --orphans")
        if target.stack is not None:
            ending = take_down(self.repairs, self.artifacts, target.stack.id, remains)
            if not ending.succeeded:
                raise not_deleted(target.stack.name, ending, remains, "accountsctl recover")

    def _data(self, nested: NestedStack) -> Iterator[DataResource]:
        """What holds data, or is protected, in one nested stack: the template's word and, for RDS, the service's."""
        resources = self.repairs.resources(nested.id)
        interesting = [failed for failed in resources if failed.type in HOLDS_DATA]
        template = self.stacks.template(nested.id).get("Resources", {}) if interesting else {}
        for resource in interesting:
            stated: TemplateResource = template.get(resource.logical_id, {"Type": resource.type})
            protected = self._is_protected(resource, stated)
            if protected or (holds_data(stated) and resource.logical_id != BUCKET_LOGICAL_ID):
                kept = what_remains(stated, "DeletionPolicy")
                yield DataResource(resource.type, resource.physical_id, kept, protected)

    def _is_protected(self, resource: ResourceSummary, stated: TemplateResource) -> bool:
        try:
            live = self.repairs.is_deletion_protected(resource.type, resource.physical_id)
        except CloudError as error:
            if error.code not in UNREADABLE:
                raise
            live = None
        return protects(stated) if live is None else live


def not_deleted(name: str, ending: Ending, remains: Remains, command: str) -> StackFailed:
    """The error of a deletion that did not finish: the first cause, what is left, and what finishes it."""
    culprit = ending.failure
    # `recover` finds what is left in the root itself; what an orphan leaves is found by nothing else.
    left = f" {cures(remains)}" if remains.resources and not command.endswith("recover") else ""
    return StackFailed(
        f"The stack {name} could not be deleted; it is {ending.status}.",
        reason=culprit.reason if culprit else "CloudFormation gave no reason.",
        hint=f"Fix what it names, then delete again; or `{command}` deletes the stack and keeps what refuses.{left}",
        logical_id=culprit.logical_id if culprit else "",
    )


def _check_termination(environment: Environment, current: StackSummary) -> None:
    """CloudError if CloudFormation would refuse the deletion."""
    if not current.termination_protected:
        return
    where = " --endpoint-url (see `accountsctl local status`)" if environment.cloud is Cloud.LOCAL else ""
    raise CloudError(
        f"The stack {current.name} is protected against termination.",
        why="CloudFormation deletes nothing of it while that is on.",
        hint="Switch it off: aws cloudformation update-termination-protection"
        f" --no-enable-termination-protection --stack-name {current.name}{where}",
        code="TerminationProtection",
    )


def _check_deletion_protection(protected: list[DataResource]) -> None:
    """CloudError if a resource would refuse to go after everything around it has gone."""
    if not protected:
        return
    names = ", ".join(f"{resource.type} {resource.physical_id}" for resource in protected)
    raise CloudError(
        f"{names} {'are' if len(protected) > 1 else 'is'} protected against deletion; nothing was changed.",
        why="A deletion would take everything else of the environment and then fail at it.",
        hint="Set its DeletionProtection to false in parameters.json or the environment's file, push, then delete"
        " (if no push is possible: aws rds modify-db-cluster --no-deletion-protection --db-cluster-identifier"
        f" {protected[0].physical_id}).",
        code="DeletionProtection",
    )
