"""The outputs of a deployed environment, by resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import ResourceId
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


def not_deployed(resource: ResourceId, environment: Environment) -> CloudError:
    """What is said of a resource of the project that no push has deployed."""
    return CloudError(
        f"{resource} is not deployed in {environment.name}.",
        why="The project has it, and the environment's stack does not.",
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


def named_resource(project: Project, text: str, read: Callable[[], Outputs]) -> str:
    """The deployed resource that is called ``category/name`` or ``name``.

    `read` gives the outputs; it is called only after the project was searched, so a misspelled name is reported
    before the cloud is called. UsageError as `find_resource`: an output in the resource's place, or nearly one, is
    suggested with its resource. CloudError if the project has the resource and it is not deployed.
    """
    ids = [resource.id for resource in project.backend]
    try:
        resource = find_resource(text, ids)
    except UsageError as error:
        is_resource = "/" in text or did_you_mean(text, (id_.name for id_ in ids))
        meant = "" if is_resource else _meant_output(text, read)
        if not meant:
            raise
        raise UsageError(error.what, why=error.why, hint=f'Did you mean "{meant}"?') from error
    if str(resource) not in read():
        raise not_deployed(resource, project.environment)
    return str(resource)


def _meant_output(text: str, read: Callable[[], Outputs]) -> str:
    """The output that is nearly called so, as ``category/name output``; empty if none is, or nothing is deployed."""
    try:
        outputs = read()
    except CloudError as error:
        if error.code != NOT_DEPLOYED:
            raise
        return ""
    owners = {name: resource for resource, values in outputs.items() for name in values}
    near = did_you_mean(text, owners)
    return next((f"{resource} {name}" for name, resource in owners.items() if f'"{name}"' in near), "")
