"""Which database a `db` command uses, and where the Data API finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from accountsctl.commands.stacks.outputs import Outputs, not_deployed, pick
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.database import DatabaseAddress
from accountsctl.ports.projects import Reading
from accountsctl.ports.stack_repairs import ResourceSummary
from accountsctl.ports.stacks import DeployedStack
from accountsctl.synth.parsing import parse_template

HINTS = {True: "Name one with --resource.", False: "Add one: accountsctl add rds NAME"}
DATABASE_NAME = "DatabaseName"
ARNS = {
    "Arn": re.compile(r"arn:[^:]+:rds:[^:]+:\d+:cluster:"),
    "SecretArn": re.compile(r"arn:[^:]+:secretsmanager:[^:]+:\d+:secret:"),
}
CLUSTER_TYPE = "AWS::RDS::DBCluster"
SECRET_TYPE = "AWS::SecretsManager::Secret"  # noqa: S105  a type
ATTACHMENT_TYPE = "AWS::SecretsManager::SecretTargetAttachment"
"""Its physical id is the secret's ARN:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
"""


def database_id(project: Project, name: str | None) -> ResourceId:
    """The rds resource called `name`, or the only one; UsageError that lists the existing ones."""
    names = [resource.id.name for resource in project.backend if resource.id.category == "rds"]
    chosen = name.removeprefix("rds/") if name else names[0] if len(names) == 1 else None
    if chosen not in names:
        raise UsageError(
            f"There is no database {chosen}."
            if chosen
            else "It is not clear which database is meant."
            if names
            else "The backend has no database.",
            why=f"The backend has: {', '.join(names) or 'none'}.",
            hint=did_you_mean(chosen or "", names) or HINTS[bool(names)],
        )
    return ResourceId("rds", str(chosen))


def database_source(reading: Reading, name: str | None) -> ResourceSource:
    """The files of that resource; ProjectError if the project has faults."""
    if reading.faults:
        raise ProjectError(reading.faults)
    return reading.project.sources[database_id(reading.project, name)]


class RootStacks(Protocol):
    """What of `ports.Stacks` is needed."""

    def current(self, name: str) -> DeployedStack | None:
        """A root stack; None if there is none."""


class HeldResources(Protocol):
    """What of `ports.StackRepairs` is needed."""

    def resources(self, stack: str) -> Sequence[ResourceSummary]:
        """The resources that a stack has."""


class DeployedDatabases(Protocol):
    """What is deployed, read only as far as it is asked for."""

    @property
    def deployed_outputs(self) -> Outputs:
        """``category/name`` -> output -> value."""

    @property
    def stacks(self) -> RootStacks:
        """Where the root stack is found."""

    @property
    def repairs(self) -> HeldResources:
        """Where the resources of a stack are found."""


def find_database(project: Project, deployed: DeployedDatabases, name: str | None) -> DatabaseAddress:
    """The address of that resource. A wrong name is reported before the cloud is called.

    Where its outputs do not name cluster or secret, they are found by what its stack holds.
    """
    resource = database_id(project, name)
    outputs = dict(deployed.deployed_outputs)
    values = outputs.get(str(resource), {})
    if str(resource) in outputs and not all(_output_of(values, key) for key in ARNS):
        root = deployed.stacks.current(project.environment.stack_name)
        stack = root.children[resource.logical_id] if root else ""
        outputs[str(resource)] = {**held_by(stack, deployed.repairs.resources(stack)), **values}
    return database_address(project, outputs, name)


def held_by(stack: str, resources: Sequence[ResourceSummary]) -> dict[str, str]:
    """The ARNs of a stack's only cluster and of its secret, under the names of our outputs; those that are clear.

    `stack` is the stack's ARN. Of several secrets the one that is attached to a database counts. A password that RDS
    manages is in no stack.
    """
    _, partition, _, region, account, *_ = [*stack.split(":"), *[""] * 5]
    clusters = {
        id_ if id_.startswith("arn:") else f"arn:{partition}:rds:{region}:{account}:cluster:{id_}"
        for id_ in _ids(resources, CLUSTER_TYPE)
    }
    secrets = _ids(resources, ATTACHMENT_TYPE) or _ids(resources, SECRET_TYPE)
    found = {"Arn": clusters, "SecretArn": secrets}
    return {key: next(iter(arns)) for key, arns in found.items() if len(arns) == 1}


def _ids(resources: Sequence[ResourceSummary], kind: str) -> set[str]:
    return {resource.physical_id for resource in resources if resource.type == kind and resource.physical_id}


def database_address(project: Project, outputs: Outputs, name: str | None) -> DatabaseAddress:
    """Where that resource is deployed; CloudError if it is not."""
    chosen = database_id(project, name)
    resource = str(chosen)
    if resource not in outputs:
        raise not_deployed(chosen, project.environment)
    cluster, secret = (_arn(outputs, resource, key) for key in ARNS)
    database = outputs[resource].get(DATABASE_NAME) or stated_name(project, chosen)
    return DatabaseAddress(cluster, secret, str(database or pick(outputs, resource, DATABASE_NAME)))


def _arn(outputs: Outputs, resource: str, key: str) -> str:
    return _output_of(outputs[resource], key) or str(pick(outputs, resource, key))


def _output_of(values: Mapping[str, str], key: str) -> str | None:
    """The output of that name, or the only one that holds such an ARN: own templates have names of their own."""
    found = {value for value in values.values() if ARNS[key].match(value)}
    return values.get(key) or (found.pop() if len(found) == 1 else None)


def stated_name(project: Project, resource: ResourceId) -> str | None:
    """The database's name by the resource's own template, as a literal or by a parameter; else by its parameters.

    Whoever writes a template of their own need not output the name. None if it is stated nowhere.
    """
    parameters = project.effective_parameters(resource)
    source = project.sources.get(resource)
    for name in _names_in_template(source) if source and source.template else ():
        match name:
            case str():
                return name
            case {"Ref": str() as parameter} if isinstance(parameters.get(parameter), str):
                return str(parameters[parameter])
    stated = parameters.get(DATABASE_NAME)
    return stated if isinstance(stated, str) else None


def _names_in_template(source: ResourceSource) -> Iterator[object]:
    assert source.template is not None
    body = parse_template(source.template.text, source.template.text, source.template.file)
    for declared in body.get("Resources", {}).values():
        if declared["Type"] == CLUSTER_TYPE:
            yield declared.get("Properties", {}).get(DATABASE_NAME)
