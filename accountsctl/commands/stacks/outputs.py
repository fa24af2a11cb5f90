"""The outputs of a deployed environment, by resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.project import Project
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.stacks import DeployedStack, Stacks

Outputs = Mapping[str, Mapping[str, str]]
NOT_DEPLOYED = "NotDeployed"
"""The code of the CloudError that says so."""


def read_outputs(
    stacks: Stacks, current: DeployedStack, ids: Iterable[ResourceId], reachable: Callable[[str], str]
) -> dict[str, dict[str, str]]:
    """``category/name`` -> output -> value, of the resources that are deployed; URLs as this machine calls them."""
    deployed = [(id_, current.children[id_.logical_id]) for id_ in ids if id_.logical_id in current.children]
    return {
        str(id_): {key: reachable(value) for key, value in sorted(stacks.outputs(arn).items())}
        for id_, arn in deployed
    }


@dataclass(frozen=True)
class ReadOutputs:
    """`outputs`: what the stacks of the project's environment put out."""

    project: Project
    stacks: Stacks
    reachable: Callable[[str], str]

    def run(self) -> dict[str, dict[str, str]]:
        """Every resource's outputs; CloudError if the environment was never pushed."""
        current = deployed_root(self.stacks, self.project.environment)
        ids = [resource.id for resource in self.project.backend]
        return read_outputs(self.stacks, current, ids, self.reachable)


def deployed_root(stacks: Stacks, environment: Environment) -> DeployedStack:
    """The environment's root stack; CloudError if it was never pushed."""
    current = stacks.current(environment.stack_name)
    if current is None:
        raise never_pushed(environment)
    return current


def function_names(outputs: Outputs) -> dict[str, str]:
    """The names of the deployed functions, by resource."""
    return {
        resource: values["Name"]
        for resource, values in outputs.items()
        if resource.startswith("function/") and "Name" in values
    }


def root_urls(outputs: Outputs) -> dict[str, str]:
    """The URL of each deployed API, by resource."""
    return {resource: values["RootUrl"] for resource, values in outputs.items() if "RootUrl" in values}


def never_pushed(environment: Environment) -> CloudError:
    """What is said where an environment's stack does not exist."""
    return CloudError(
        f"The environment {environment.name} is not deployed.",
        why=f"There is no stack {environment.stack_name} in {environment.region}.",
        hint="Deploy it: accountsctl push",
        code=NOT_DEPLOYED,
    )


def pick(outputs: Outputs, resource: str, name: str | None) -> Mapping[str, str] | str:
    """One resource's outputs, or one value; UsageError that lists what there is, and what may be meant."""
    values = outputs[resource]
    if name is None:
        return values
    if name not in values:
        raise UsageError(
            f"{resource} has no output {name}.",
            why=f"It has {', '.join(values) or 'none'}.",
            hint=did_you_mean(name, values) or "Name one of these.",
        )
    return values[name]


def named_resource(outputs: Outputs, text: str) -> str:
    """The deployed resource that is called ``category/name`` or ``name``; UsageError as `find_resource`.

    An output in its place, or nearly one, is suggested with its resource.
    """
    if text in outputs:
        return text
    try:
        return str(find_resource(text, filter(None, map(parse_resource_id, outputs))))
    except UsageError as error:
        owners = {name: resource for resource, values in outputs.items() for name in values}
        near = did_you_mean(text, owners)
        meant = [f"{resource} {name}" for name, resource in owners.items() if f'"{name}"' in near]
        if not meant:
            raise
        raise UsageError(error.what, why=error.why, hint=f'Did you mean "{meant[0]}"?') from error
