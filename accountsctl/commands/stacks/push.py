"""The push, one straight path.

    plan                           what would be done; `--dry-run` and `status` stop here
    agree                          the caller shows the plan and asks
    seed                           a first push makes the root with its bucket alone
    upload                         templates and packages, each under the hash of its content
    deploy                         one change set over nested stacks, followed event by event

It starts from an assembly, so the whole project was found sound before anything leaves the machine; and
nothing is changed before the credentials were found to belong to the environment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from accountsctl.commands.stacks.outline import outline
from accountsctl.commands.stacks.outputs import Outputs, read_outputs
from accountsctl.commands.stacks.preview import preview
from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Environment
from accountsctl.model.errors import ChangeSetRefused, CloudError, StackFailed
from accountsctl.model.events import Listener, Note, PushResult, StackEvent
from accountsctl.model.names import BUCKET_LOGICAL_ID, ENVIRONMENT_TAG, PROJECT_TAG, ResourceId
from accountsctl.model.plan import Plan
from accountsctl.planning.planner import nested_stacks
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.identity import Identity
from accountsctl.ports.projects import Projects
from accountsctl.ports.stacks import DeployedStack, Ending, Stacks

BUCKET_OUTPUT = f"{BUCKET_LOGICAL_ID}Name"
INLINE_BYTES = 51_200
"""The largest template that CloudFormation takes in the call itself; a larger root goes through the bucket."""
DEAD_ENDS = {
    "ROLLBACK_COMPLETE": "`accountsctl delete` clears it away; nothing of the environment is in it",
    "ROLLBACK_FAILED": "`accountsctl delete` clears it away, then push again",
    "DELETE_FAILED": "`accountsctl delete` tries again",
    "UPDATE_ROLLBACK_FAILED": "`accountsctl recover` takes the rollback to its end",
}


@dataclass(frozen=True)
class Push:
    """The workflow over its ports. `reachable` makes an API's URL one that this machine can call."""

    projects: Projects
    stacks: Stacks
    artifacts: Artifacts
    identity: Identity
    reachable: Callable[[str], str]
    clock: Callable[[], float] = time.monotonic

    def plan(self, assembly: Assembly) -> Plan:
        """What a push would do now."""
        return preview(assembly, self.stacks, self.stacks.current(assembly.environment.stack_name))

    def run(self, assembly: Assembly, agree: Callable[[Plan], None], listen: Listener) -> PushResult:
        """Push. `agree` is shown the plan before anything changes, and raises `Declined` to stop."""
        started = self.clock()
        name = assembly.environment.stack_name
        current = self.stacks.current(name)
        intended = preview(assembly, self.stacks, current)
        agree(intended)
        if not intended.empty:
            self._check(assembly, current)
            listen(outline(intended))
            self.projects.write_build(assembly)
            current = current or self._seed(assembly, listen)
            self._upload(assembly, intended, current.outputs[BUCKET_OUTPUT], listen)
            self._deploy(assembly, assembly.root.text, current.outputs[BUCKET_OUTPUT], listen)
            current = self.stacks.current(name)
        return PushResult(
            environment=assembly.environment.name,
            cloud=assembly.environment.cloud.value,
            stack_name=name,
            changed=not intended.empty,
            changes=intended.changes,
            outputs=self._outputs(assembly, current),
            seconds=self.clock() - started,
        )

    def _check(self, assembly: Assembly, current: DeployedStack | None) -> None:
        check_ownership(assembly.environment, self.identity)
        if current is not None:
            check_tag(assembly.environment, current)
            check_status(current)

    def _seed(self, assembly: Assembly, listen: Listener) -> DeployedStack:
        name = assembly.environment.stack_name
        ending = self.stacks.deploy(name, assembly.seed.text, _tags(assembly), create=True, listen=listen)
        _require_success(name, ending, assembly)
        seeded = self.stacks.current(name)
        if seeded is None:
            raise StackFailed(f"The stack {name} is gone right after it was created.", hint="Push again.")
        return seeded

    def _upload(self, assembly: Assembly, intended: Plan, bucket: str, listen: Listener) -> None:
        deployed = {change.id for change in intended.changes if change.action.value == "none"}
        uploaded: list[str] = []
        for child in assembly.children:
            if child.id in deployed:
                continue
            if child.package and self.artifacts.put(bucket, child.package.key, child.package.content):
                uploaded.append(f"{child.id} (code, {len(child.package.content):,} bytes)")
            if self.artifacts.put(bucket, child.key, child.template.text.encode()):
                uploaded.append(str(child.id))
        if uploaded:
            listen(Note(f"uploaded {', '.join(uploaded)}"))

    def _deploy(self, assembly: Assembly, template: str, bucket: str, listen: Listener) -> None:
        environment = assembly.environment
        if len(template.encode()) > INLINE_BYTES:
            key = f"root/{assembly.root.digest}.json"
            self.artifacts.put(bucket, key, template.encode())
            template = f"https://{bucket}.s3.{environment.region}.amazonaws.com/{key}"
        name = environment.stack_name
        with resource_names(assembly):
            ending = self.stacks.deploy(name, template, _tags(assembly), create=False, listen=listen)
        if ending is not None:
            _require_success(name, ending, assembly)

    def _outputs(self, assembly: Assembly, current: DeployedStack | None) -> Outputs:
        if current is None:
            return {}
        ids = [child.id for child in assembly.children]
        return read_outputs(self.stacks, current, ids, self.reachable)


def check_ownership(environment: Environment, identity: Identity) -> None:
    """We speak to the environment's region with its account's credentials, or nothing is sent (CloudError)."""
    caller = identity.caller()
    if caller.region != environment.region:
        raise CloudError(
            f"{caller.region} is not the region of the environment {environment.name}.",
            why=f"Its stacks are in {environment.region}.",
            hint="Leave --region out, or add an environment for that region; nothing was changed.",
            code="RegionMismatch",
        )
    if environment.account_id and caller.account != environment.account_id:
        raise CloudError(
            f"These credentials are of another account than the environment {environment.name}.",
            why=f"They are of account {caller.account}; the environment belongs to {environment.account_id}.",
            hint="Choose its credentials with --profile; nothing was changed.",
            code="AccountMismatch",
        )


def check_tag(environment: Environment, current: DeployedStack) -> None:
    """The stack is tagged as this environment's, or nothing is sent (CloudError)."""
    tagged = current.tags.get(ENVIRONMENT_TAG)
    if tagged != environment.name:
        belongs = f"to the environment {tagged}" if tagged else "to no environment of accountsctl"
        raise CloudError(
            f"The stack {current.name} does not belong to the environment {environment.name}.",
            why=f"Its tag {ENVIRONMENT_TAG} says that it belongs {belongs}.",
            hint="Give the environment a stackName of its own in its file; nothing was changed.",
            code="StackMismatch",
        )


def check_status(current: DeployedStack) -> None:
    """The stack can be updated now, or nothing is sent (CloudError)."""
    if current.status in DEAD_ENDS:
        raise CloudError(
            f"The stack {current.name} cannot be updated.",
            why=f"It is in the state {current.status}.",
            hint=f"{DEAD_ENDS[current.status]}.",
            code=current.status,
        )
    if current.status.endswith("_IN_PROGRESS"):
        raise CloudError(
            f"The stack {current.name} is being changed by another push.",
            why=f"It is in the state {current.status}.",
            hint="Wait until it has ended, then push again.",
            code=current.status,
        )


@contextmanager
def resource_names(assembly: Assembly) -> Iterator[None]:
    """A change set that is refused names ``category/name`` instead of the logical ids of nested stacks."""
    try:
        yield
    except ChangeSetRefused as refused:
        names = {child.id.logical_id: str(child.id) for child in assembly.children}
        raise refused.named(names) from refused


def _tags(assembly: Assembly) -> dict[str, str]:
    return {ENVIRONMENT_TAG: assembly.environment.name, PROJECT_TAG: assembly.project}


def _require_success(name: str, ending: Ending | None, assembly: Assembly) -> None:
    if ending is None or ending.succeeded:
        return
    culprit = ending.failure
    resource = _resource_of(culprit, assembly) if culprit else None
    where = f"{culprit.path[-1]} ({culprit.type}) in {resource or name}" if culprit and culprit.path else name
    raise StackFailed(
        f"The push failed at {where}; the stack {name} is {ending.status}.",
        reason=culprit.reason if culprit else "CloudFormation gave no reason.",
        hint=_what_next(ending.status),
        resource=str(resource) if resource else "",
        logical_id=culprit.path[-1] if culprit and culprit.path else "",
    )


def _what_next(status: str) -> str:
    if status in DEAD_ENDS:
        return f"{DEAD_ENDS[status]}."
    return "Everything was rolled back to what ran before; fix the resource named above, then push again."


def _resource_of(event: StackEvent, assembly: Assembly) -> ResourceId | None:
    nested = nested_stacks(assembly.root.body)
    stack = event.path[0] if event.path and event.path[0] in nested else None
    return next((child.id for child in assembly.children if child.id.logical_id == stack), None)
