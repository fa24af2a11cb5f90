"""The push, one straight path.

    stand                          whose stack it is and in which state; what is in progress is followed to its end
    plan                           what would be done; `--dry-run` and `status` stop here
    check                          what AWS would refuse of it is refused now (see validate.py)
    agree                          the caller shows the plan and asks
    seed                           a first push makes the root with its bucket alone
    correct                        functions whose code was updated past the stack (see running_code.py)
    upload                         templates and packages, each under the hash of its content
    deploy                         one change set over nested stacks, checked against the plan, then followed
    protect                        what must not be deleted gets its protection once everything exists
    remove                         packages and templates of earlier pushes leave the bucket (see old_artifacts.py)

It starts from an assembly, so the whole project was found sound before anything leaves the machine; and
nothing is changed before the credentials were found to belong to the environment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from accountsctl.commands.stacks.agreement import review_of
from accountsctl.commands.stacks.failure import require_success
from accountsctl.commands.stacks.old_artifacts import OldArtifacts
from accountsctl.commands.stacks.outline import outline
from accountsctl.commands.stacks.outputs import Outputs, read_outputs
from accountsctl.commands.stacks.preview import part_of, preview
from accountsctl.commands.stacks.refusals import resource_names
from accountsctl.commands.stacks.renamed import naming_other_stacks
from accountsctl.commands.stacks.running_code import BUCKET_OUTPUT, RunningCode
from accountsctl.commands.stacks.states import StackCheck, orphan_note
from accountsctl.commands.stacks.take_down import take_down
from accountsctl.commands.stacks.unstated_account import unstated_account
from accountsctl.commands.stacks.uploads import Uploads
from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Environment
from accountsctl.model.errors import StackFailed
from accountsctl.model.events import Listener, Note, PushResult
from accountsctl.model.names import ENVIRONMENT_TAG, PROJECT_TAG, ResourceId
from accountsctl.model.plan import Plan
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import state_of
from accountsctl.model.template_body import TemplateBody
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.identity import Identity
from accountsctl.ports.projects import Projects
from accountsctl.ports.stack_repairs import StackRepairs, StackSummary
from accountsctl.ports.stacks import DeployedStack, Review, Stacks
from accountsctl.synth.first_deployment import protects, without_new_protection
from accountsctl.synth.partial import named_resources


def unchecked(_: Plan) -> None:
    """Accept every plan."""


@dataclass(frozen=True)
class Push:
    """The workflow over its ports. `reachable` makes an API's URL one that this machine can call.

    `check` raises ProjectError for a plan that AWS would refuse.
    """

    projects: Projects
    stacks: Stacks
    artifacts: Artifacts
    identity: Identity
    repairs: StackRepairs
    code: RunningCode
    reachable: Callable[[str], str]
    clock: Callable[[], float] = time.monotonic
    check: Callable[[Plan], None] = unchecked

    def plan(self, assembly: Assembly, parts: Collection[str] = ()) -> Plan:
        """What a push would do now. StackFailed or CloudError if the stack does not rest in a good state;
        ProjectError if AWS would refuse it; UsageError if one of the `parts` is not a resource."""
        named = named_resources(assembly, parts)
        current = self._current(self._stand(assembly, None))
        return self._intended(assembly, current, named)

    def _intended(
        self, assembly: Assembly, current: DeployedStack | None, named: frozenset[ResourceId]
    ) -> Plan:
        """The plan of the complete assembly, or of the part with the named resources."""
        part = part_of(assembly, named, self.stacks, current)
        assembly = self.code.watched(part.assembly, current)
        intended = naming_other_stacks(preview(assembly, self.stacks, current), self.repairs)
        intended = self.code.compared(replace(intended, left_out=part.left_out), current, named)
        self.check(intended)
        return intended

    def run(
        self,
        assembly: Assembly,
        agree: Callable[[Plan], None],
        listen: Listener,
        allowed: Collection[str] = (),
        parts: Collection[str] = (),
    ) -> PushResult:
        """Push. `agree` is shown the plan before anything changes, and raises `Declined` to stop.

        `allowed` are the resources (``category/name``) of which data may be lost although the plan does not name them.
        `parts` are the resources to push, with what they depend on; all if there are none. UsageError for another name.
        """
        started = self.clock()
        named = named_resources(assembly, parts)
        remains = Remains(listen)
        stack = self._stand(assembly, remains)
        current = self._current(stack)
        intended = self._intended(assembly, current, named)
        assembly = intended.assembly
        agree(intended)
        if not intended.empty:
            listen(outline(intended))
            self.projects.write_build(assembly)
            current = current or self._seed(assembly, stack, remains)
            self._change(intended, current, remains, review_of(intended, allowed))
        self._protect(assembly.environment)
        current = self._cleaned(intended, current, remains)
        return PushResult(
            environment=assembly.environment.name,
            cloud=assembly.environment.cloud.value,
            stack_name=assembly.environment.stack_name,
            changed=not intended.empty,
            changes=intended.changes,
            outputs=_outputs(self.stacks, self.reachable, assembly, current),
            seconds=self.clock() - started,
            left_out=intended.left_out,
            code_only=intended.code_only,
        )

    def _stand(self, assembly: Assembly, listen: Listener | None) -> StackSummary | None:
        """The stack, which a push may deploy to or replace; a dry run (no listener) follows no operation."""
        environment, check = assembly.environment, StackCheck(self.identity, self.repairs)
        stack = check.at_rest(environment, listen) if listen else check.owned(environment)
        if stack is None:
            if listen and (sentence := unstated_account(environment, self.identity)):
                listen(Note(sentence))
            return None
        standing = check.pushable(stack)
        if listen and standing.orphans:
            listen(Note(orphan_note(standing.orphans)))
        return stack

    def _current(self, stack: StackSummary | None) -> DeployedStack | None:
        """What is deployed; None if there is nothing, or only what the push deletes before it creates the stack."""
        usable = stack is not None and state_of(stack.status).usable
        return self.stacks.current(stack.name) if stack and usable else None

    def _clear(self, stack: StackSummary, listen: Remains) -> None:
        """Delete a stack that cannot be updated and holds no data."""
        state = state_of(stack.status)
        if state.usable:  # only a change set under review, which the new one replaces
            return
        listen(
            Note(f"{stack.name} is {stack.status} and holds no data: deleting it before it is created again")
        )
        ending = take_down(self.repairs, self.artifacts, stack.id, listen)
        if not ending.succeeded:
            raise StackFailed(
                f"The stack {stack.name} could not be deleted; it is {ending.status}.",
                reason=ending.failure.reason if ending.failure else state.meaning,
                hint=f"{state_of(ending.status).next_step}.",
            )

    def _change(self, intended: Plan, current: DeployedStack, remains: Remains, review: Review) -> None:
        """Correct the code that runs, then deploy; what is created and protected gets its protection by a second
        update."""
        assembly = intended.assembly
        bucket = _bucket(assembly, current)
        self.code.update(intended, bucket, remains)
        if intended.code_only:
            return
        uploads = Uploads(self.artifacts, bucket, current)
        first = without_new_protection(assembly, self._deployed_templates(assembly, current))
        for stage in dict.fromkeys((first.root.digest, assembly.root.digest)):
            step = first if stage == first.root.digest else assembly
            uploads.send(step, remains)
            # A changed tag of the root would be a change of everything in an adopted backend.
            tags = current.tags if assembly.adopted else _tags(assembly)
            self._deploy(step, tags, uploads.root(step), remains, review)

    def _cleaned(
        self, intended: Plan, before: DeployedStack | None, remains: Remains
    ) -> DeployedStack | None:
        """Remove the artifacts that a deployment to the stack `before` made superfluous; the stack as it is now."""
        if before is None or intended.empty or intended.code_only:
            return before
        old_artifacts = OldArtifacts(self.stacks, self.repairs, self.artifacts)
        old_artifacts.remove(intended.assembly, before, _bucket(intended.assembly, before), remains)
        return self.stacks.current(before.name)

    def _deployed_templates(
        self, assembly: Assembly, current: DeployedStack
    ) -> dict[ResourceId, TemplateBody]:
        """The deployed templates of the nested stacks that state a protection; the others do not matter here."""
        return {
            child.id: self.stacks.template(current.children[child.id.logical_id])
            for child in assembly.children
            if child.id.logical_id in current.children
            and any(protects(resource) for resource in child.template.body.get("Resources", {}).values())
        }

    def _protect(self, environment: Environment) -> None:
        """A protected environment's stack gets CloudFormation's own termination protection."""
        if environment.protected:
            stack = self.repairs.summary(environment.stack_name)
            if stack is not None and not stack.termination_protected:
                self.repairs.protect(stack.name)

    def _seed(self, assembly: Assembly, left: StackSummary | None, listen: Remains) -> DeployedStack:
        """Create the root with its bucket, in place of a stack that is `left` of an earlier push."""
        if left is not None:
            self._clear(left, listen)
        if assembly.adopted:
            raise StackFailed(
                f"The stack {assembly.environment.stack_name} that was adopted does not exist.",
                hint="If it was deleted, leave the adoption: accountsctl adopt --undo",
            )
        listen(Note(f"creating the stack {assembly.environment.stack_name} with its deployment bucket"))
        name = assembly.environment.stack_name
        ending = self.stacks.deploy(name, assembly.seed.text, _tags(assembly), create=True, listen=listen)
        require_success(name, ending, assembly, listen)
        seeded = self.stacks.current(name)
        if seeded is None:
            raise StackFailed(f"The stack {name} is gone right after it was created.", hint="Push again.")
        return seeded

    def _deploy(
        self, assembly: Assembly, tags: Mapping[str, str], template: str, listen: Remains, review: Review
    ) -> None:
        name = assembly.environment.stack_name
        with resource_names(assembly):
            ending = self.stacks.deploy(name, template, tags, create=False, listen=listen, review=review)
        require_success(name, ending, assembly, listen)


def _outputs(
    stacks: Stacks, reachable: Callable[[str], str], assembly: Assembly, current: DeployedStack | None
) -> Outputs:
    if current is None:
        return {}
    return read_outputs(stacks, current, [child.id for child in assembly.children], reachable)


def _bucket(assembly: Assembly, current: DeployedStack) -> str:
    """The deployment bucket; raises StackFailed if the stack has none."""
    bucket = assembly.environment.bucket if assembly.adopted else current.outputs.get(BUCKET_OUTPUT)
    if bucket is None:
        raise StackFailed(
            f"The stack {current.name} has no output {BUCKET_OUTPUT}.",
            why="A push uploads to the bucket that the root stack names there.",
            hint="`accountsctl delete`, then push again; or give the environment another stackName.",
        )
    return bucket


def _tags(assembly: Assembly) -> dict[str, str]:
    return {ENVIRONMENT_TAG: assembly.environment.name, PROJECT_TAG: assembly.project}
