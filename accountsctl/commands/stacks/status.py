"""What there is, and how it stands to what is deployed. Works offline for all that is on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accountsctl.commands.stacks.preview import preview
from accountsctl.model.assembly import Assembly
from accountsctl.model.backend import Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.plan import Change
from accountsctl.model.reports import RenderResult, ResourceStatus, Status
from accountsctl.ports.local_cloud import LocalCloud
from accountsctl.ports.projects import Projects
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class ReadStatus:
    """`status`. `stacks` gives None where the cloud must not be started only to be asked."""

    stacks: Callable[[], Stacks | None]

    def run(self, assembly: Assembly) -> Status:
        """The environment's resources; those deployed but no longer in the backend come last."""
        try:
            stacks = self.stacks()
            current = stacks.current(assembly.environment.stack_name) if stacks else None
            intended = preview(assembly, stacks, current)
            changes = {str(change.id): change for change in intended.changes}
        except CloudError as error:
            return _status(assembly, None, {}, f"{error.what} {error.why}")
        if stacks is None:
            return _status(assembly, None, changes, "The embedded cloud does not run; `push` starts it.")
        return _status(assembly, current.status if current else "NOT_DEPLOYED", changes, "")


def unless_asleep(
    environment: Environment, cloud: LocalCloud, stacks: Callable[[], Stacks]
) -> Callable[[], Stacks | None]:
    """`stacks`, or None for an embedded cloud that does not run: `status` does not start it."""
    return lambda: None if environment.cloud is Cloud.LOCAL and cloud.endpoint() is None else stacks()


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
    listed = {each.resource for each in known}
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
        depends_on=tuple(str(each.on) for each in resource.depends_on),
        reasons=change.reasons if change else (),
    )


def _of_change(change: Change) -> ResourceStatus:
    return ResourceStatus(
        str(change.id), change.service, change.action, change.id.logical_id, (), change.reasons
    )
