"""What there is, and how it stands to what is deployed. Works offline for all that is on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accountsctl.commands.stacks.preview import preview
from accountsctl.commands.stacks.renamed import other_stacks
from accountsctl.commands.stacks.states import REVIEW, StackCheck, Standing, orphan_note
from accountsctl.model.assembly import Assembly
from accountsctl.model.backend import Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.plan import Change, Plan, other_stack_stays
from accountsctl.model.reports import RenderResult, ResourceStatus, Status
from accountsctl.model.stack_states import PushStep, state_of
from accountsctl.ports.local_cloud import LocalCloud
from accountsctl.ports.projects import Projects
from accountsctl.ports.stacks import Stacks

NOT_DEPLOYED = "NOT_DEPLOYED"
ASLEEP = "The embedded cloud does not run; `push` starts it."
UNSEEN = " What is deployed there was not seen: accountsctl local start"


@dataclass(frozen=True)
class ReadStatus:
    """`status`. `cloud` gives None if the cloud must not be started only to be asked.

    `unused`: that cloud was never started, so that nothing is deployed there.
    """

    cloud: Callable[[], tuple[Stacks, StackCheck] | None]
    unused: bool = False

    def run(self, assembly: Assembly) -> Status:
        """The environment's resources; those deployed but no longer in the backend come last."""
        try:
            cloud = self.cloud()
            if cloud is None:
                changes = _changes(preview(assembly, None, None)) if self.unused else {}
                return _status(assembly, None, changes, ASLEEP + ("" if self.unused else UNSEEN))
            return _with_cloud(assembly, *cloud)
        except CloudError as error:
            return _status(assembly, None, {}, f"{error.what} {error.why}")


def _with_cloud(assembly: Assembly, stacks: Stacks, check: StackCheck) -> Status:
    stack = check.owned(assembly.environment)
    if stack is None or stack.status == REVIEW:
        changes = _changes(preview(assembly, stacks, None))
        state = state_of(stack.status) if stack else None
        notes = [f"{state.meaning} Next: {state.next_step}."] if state else []
        notes += [other_stack_stays(name) for name in other_stacks(assembly, check.repairs)]
        return _status(assembly, NOT_DEPLOYED, changes, " ".join(notes))
    standing = check.standing(stack)
    state = standing.state
    replaced = state.push is PushStep.REPLACE
    known = replaced or (state.usable and not standing.failed)
    current = None if replaced else stacks.current(stack.name)
    # What a push changes is not known before the stack rests in a good state.
    changes = _changes(preview(assembly, stacks, current)) if known else {}
    return _status(assembly, stack.status, changes, _note(standing))


def _note(standing: Standing) -> str:
    """What is so and what to do, unless all is well; then what earlier failures left behind."""
    state = standing.state
    sentences = [] if state.usable else [f"{state.meaning} Next: {state.next_step}."]
    # The states of nested stacks follow from the root's, unless the root itself rests in a good one.
    for nested in standing.failed if state.usable else ():
        nested_state = state_of(nested.status)
        sentences.append(
            f"{nested.name} is {nested.status}: {nested_state.meaning} Next: {nested_state.next_step}."
        )
    return " ".join([*sentences, *filter(None, [orphan_note(standing.orphans)])])


def _changes(intended: Plan) -> dict[str, Change]:
    return {str(change.id): change for change in intended.changes}


def unless_asleep(
    environment: Environment, cloud: LocalCloud, opened: Callable[[], tuple[Stacks, StackCheck]]
) -> Callable[[], tuple[Stacks, StackCheck] | None]:
    """`opened`, or None for an embedded cloud that does not run: `status` does not start it."""
    return lambda: None if is_asleep(environment, cloud) else opened()


def is_asleep(environment: Environment, cloud: LocalCloud) -> bool:
    """Whether the environment is on an embedded cloud that does not run."""
    return environment.cloud is Cloud.LOCAL and cloud.endpoint() is None


@dataclass(frozen=True)
class Render:
    """`render`: the templates as a push would upload them, written where people can read them."""

    projects: Projects

    def run(self, assembly: Assembly) -> RenderResult:
        """Write ``amplify/build/<env>/``."""
        files = self.projects.write_build(assembly)
        digests = {str(child.id): child.template.digest for child in assembly.children}
        return RenderResult(
            assembly.environment.name, tuple(files), {"root": assembly.root.digest, **digests}
        )


def _status(assembly: Assembly, stack_status: str | None, changes: Mapping[str, Change], note: str) -> Status:
    known = [_of_resource(child.resource, changes.get(str(child.id))) for child in assembly.children]
    listed = {resource.resource for resource in known}
    gone = [_of_change(change) for name, change in changes.items() if name not in listed]
    environment = assembly.environment
    return Status(
        environment=environment.name,
        cloud=environment.cloud.value,
        stack_name=environment.stack_name,
        stack_status=stack_status,
        resources=(*known, *gone),
        note=note,
    )


def _of_resource(resource: Resource, change: Change | None) -> ResourceStatus:
    return ResourceStatus(
        resource=str(resource.id),
        service=resource.service,
        action=change.action if change else None,
        logical_id=resource.id.logical_id,
        depends_on=tuple(str(dependency.on) for dependency in resource.depends_on),
        reasons=change.reasons if change else (),
    )


def _of_change(change: Change) -> ResourceStatus:
    return ResourceStatus(
        str(change.id), change.service, change.action, change.id.logical_id, (), change.reasons
    )
