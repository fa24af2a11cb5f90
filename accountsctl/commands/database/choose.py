"""Which database a `db` command uses, and where the Data API finds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from accountsctl.commands.stacks.outputs import Outputs, pick
from accountsctl.model.errors import CloudError, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource
from accountsctl.ports.database import DatabaseAddress
from accountsctl.ports.projects import Reading
from accountsctl.synth.parsing import parse_template

DATABASE_NAME = "DatabaseName"
ARNS = {
    "Arn": re.compile(r"arn:[^:]+:rds:[^:]+:\d+:cluster:"),
    "SecretArn": re.compile(r"arn:[^:]+:secretsmanager:[^:]+:\d+:secret:"),
}
CLUSTER_TYPE = "AWS::RDS::DBCluster"


def database_id(project: Project, name: str | None) -> ResourceId:
    """The rds resource called `name`, or the only one; UsageError that lists the existing ones."""
    names = [resource.id.name for resource in project.backend if resource.id.category == "rds"]
    chosen = name.removeprefix("rds/") if name else names[0] if len(names) == 1 else None
    if chosen not in names:
        raise UsageError(
            f"There is no database {chosen}." if chosen else "It is not clear which database is meant.",
            why=f"The backend has: {', '.join(names) or 'none'}.",
            hint="Name one with --resource.",
        )
    return ResourceId("rds", str(chosen))


def database_source(reading: Reading, name: str | None) -> ResourceSource:
    """The files of that resource; ProjectError if the project has faults."""
    if reading.faults:
        raise ProjectError(reading.faults)
    return reading.project.sources[database_id(reading.project, name)]


def find_database(project: Project, outputs: Callable[[], Outputs], name: str | None) -> DatabaseAddress:
    """The address of that resource. A wrong name is reported before `outputs` calls the cloud."""
    database_id(project, name)
    return database_address(project, outputs(), name)


def database_address(project: Project, outputs: Outputs, name: str | None) -> DatabaseAddress:
    """Where that resource is deployed; CloudError if it is not."""
    chosen = database_id(project, name)
    resource = str(chosen)
    if resource not in outputs:
        raise CloudError(
            f"{resource} is not deployed in {project.environment.name}.", hint="Deploy it: accountsctl push"
        )
    cluster, secret = (_arn(outputs, resource, key) for key in ARNS)
    database = outputs[resource].get(DATABASE_NAME) or stated_name(project, chosen)
    return DatabaseAddress(cluster, secret, str(database or pick(outputs, resource, DATABASE_NAME)))


def _arn(outputs: Outputs, resource: str, key: str) -> str:
    """The output of that name, or the only one that holds such an ARN: own templates have names of their own."""
    values = outputs[resource]
    found = {value for value in values.values() if ARNS[key].match(value)}
    return found.pop() if key not in values and len(found) == 1 else str(pick(outputs, resource, key))


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
