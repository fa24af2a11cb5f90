"""`drift`: what was changed past CloudFormation, in the root stack and in every stack nested in it.

    list the stacks      the root's resources, those of its nested stacks, and so on
    detect               all stacks at the same time, by CloudFormation itself
    code                 functions, by the hash of their code, which CloudFormation does not compare
    join                 each listed resource with its result; one without a result was not checked

A push does not take a drift back: CloudFormation compares a new template with the last one, not with what runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accountsctl.commands.stacks.code_drift import CodeDrift
from accountsctl.commands.stacks.outputs import never_pushed
from accountsctl.commands.stacks.states import REVIEW, StackCheck, busy
from accountsctl.model.backend import Backend
from accountsctl.model.drift import DriftStatus, EnvironmentDrift, PropertyDrift, ResourceDrift
from accountsctl.model.environment import Environment
from accountsctl.model.stack_states import state_of
from accountsctl.model.template_body import STACK
from accountsctl.planning.secrets import hidden_value
from accountsctl.ports.drift import CheckedResource, DriftDetection
from accountsctl.ports.stack_repairs import ResourceSummary, StackSummary

__all__ = ["CodeDrift", "DetectDrift", "StackCheck"]

ROOT = "root"
UNSUPPORTED = CheckedResource(DriftStatus.NOT_CHECKED, reason="CloudFormation cannot compare this type.")
NOT_COMPARED = CheckedResource(DriftStatus.NOT_CHECKED, reason="Its stack could not be compared.")


@dataclass(frozen=True)
class ListedStack:
    """A stack of the tree with what it has now. `name` is its ``category/name``, and the logical ids below that."""

    id: str
    name: str
    resources: Sequence[ResourceSummary]


@dataclass(frozen=True)
class DetectDrift:
    """`drift` over its ports."""

    check: StackCheck
    detection: DriftDetection
    code: CodeDrift

    def run(self, environment: Environment, backend: Backend) -> EnvironmentDrift:
        """Compare all resources of the environment; CloudError if it is not deployed, or being changed."""
        stack = self.check.owned(environment)
        if stack is None or stack.status == REVIEW:
            raise never_pushed(environment)
        if state_of(stack.status).in_progress:
            raise busy(stack.name, state_of(stack.status))
        return self.of_stack(stack, environment, backend)

    def of_stack(self, stack: StackSummary, environment: Environment, backend: Backend) -> EnvironmentDrift:
        """Compare all resources of a stack at rest."""
        names = {resource.id.logical_id: str(resource.id) for resource in backend}
        stacks = list(self._tree(stack.id, ROOT, names))
        found = self.detection.detect([nested.id for nested in stacks])
        code = self.code.of_stack(stack.name)
        return EnvironmentDrift(
            environment.name,
            stack.name,
            tuple(
                _with_code(
                    _drift(
                        nested.name,
                        resource,
                        found[nested.id].resources,
                        failed=bool(found[nested.id].failure),
                    ),
                    code.get((nested.id, resource.logical_id)),
                )
                for nested in stacks
                for resource in nested.resources
            ),
            tuple(
                f"The stack of {nested.name} could not be compared: {found[nested.id].failure}"
                for nested in stacks
                if found[nested.id].failure
            ),
        )

    def _tree(self, id_: str, name: str, names: Mapping[str, str]) -> Iterator[ListedStack]:
        resources = self.check.repairs.resources(id_)
        yield ListedStack(id_, name, resources)
        for resource in resources:
            if resource.type == STACK:
                own = names.get(resource.logical_id, resource.logical_id)
                yield from self._tree(
                    resource.physical_id, own if name == ROOT else f"{name}.{resource.logical_id}", {}
                )


def _drift(
    stack: str, resource: ResourceSummary, results: Mapping[str, CheckedResource], *, failed: bool
) -> ResourceDrift:
    result = results.get(resource.logical_id, NOT_COMPARED if failed else UNSUPPORTED)
    return ResourceDrift(
        stack,
        resource.logical_id,
        resource.type,
        resource.physical_id,
        result.status,
        tuple(_without_secrets(difference) for difference in result.differences),
        result.reason,
    )


def _with_code(drift: ResourceDrift, code: PropertyDrift | None) -> ResourceDrift:
    """The drift of a resource, with that of its code."""
    if code is None or drift.status is DriftStatus.DELETED:
        return drift
    return replace(drift, status=DriftStatus.MODIFIED, differences=(*drift.differences, code), reason="")


def _without_secrets(difference: PropertyDrift) -> PropertyDrift:
    path = difference.path.strip("/").split("/")
    return PropertyDrift(
        difference.path, _hidden(path, difference.expected), _hidden(path, difference.actual)
    )


def _hidden(path: Sequence[str], value: str | None) -> str | None:
    """A value with what is secret in it hidden; objects and lists are JSON texts."""
    if value is None:
        return None
    try:
        parsed: object = json.loads(value)
    except ValueError:
        parsed = value
    hidden = hidden_value(path, parsed)
    return value if hidden == parsed else hidden if isinstance(hidden, str) else json.dumps(hidden)
