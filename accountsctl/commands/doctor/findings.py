"""What a check concludes from what it was given: pure, one function for each check of `checks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.doctor.inspect import Look
from accountsctl.commands.functions.substitutes import substitutes
from accountsctl.doctor.facts.deployed.reader import INTEGRATIONS, SNAPSHOT
from accountsctl.doctor.facts.model import Api
from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.health import Check, Outcome
from accountsctl.model.names import ResourceId
from accountsctl.ports.host import Host
from accountsctl.ports.identity import Caller
from accountsctl.ports.stacks import DeployedStack

FEW = 3
EXTRA = "accountsctl[local]"
CLUSTER, AURORA_POSTGRESQL = "AWS::RDS::DBCluster", "aurora-postgresql"
LOCAL_PACKAGES = ("moto", "psycopg", "awslambdaric")


@dataclass(frozen=True)
class Tool:
    """A program or package on this machine. `version` None: it is missing, and `wanted` says what for.

    `note` says what is different here because of the version that is there.
    """

    name: str
    version: str | None
    wanted: str = ""
    remedy: str = ""
    note: str = ""


def needed(cloud: Cloud, host: Host, assembly: Assembly | None) -> Iterator[Tool]:
    """The tools that the commands of an environment use, with the versions that `host` has."""
    yield Tool("Python", host.python())
    yield Tool("boto3", host.package("boto3"), "every call to AWS goes through it", "pip install boto3")
    local = cloud is Cloud.LOCAL
    for name in LOCAL_PACKAGES if local else ():
        yield Tool(name, host.package(name), "the embedded cloud is made of it", f"pip install '{EXTRA}'")
    if local and assembly is not None and _runs_node(assembly):
        why = "the embedded cloud runs Node functions with it"
        yield Tool("node", host.program("node"), why, "Install Node.js: https://nodejs.org")
    for sentence in substitutes(assembly.children, host.runs_on) if local and assembly is not None else ():
        yield Tool("runtimes", "", note=sentence)
    databases = list(_postgresql_versions(assembly)) if local and assembly is not None else []
    here = host.postgresql() if databases else None
    for id_, on_aws in databases:
        if here and here.partition(".")[0] != on_aws:
            sentence = (
                f"{id_} runs on PostgreSQL {here} here, and on {on_aws} on AWS. ACCOUNTSCTL_PG_BIN may name"
                " the folder of another version's programs, for new databases."
            )
            yield Tool("databases", "", note=sentence)


def _postgresql_versions(assembly: Assembly) -> Iterator[tuple[ResourceId, str]]:
    """The major version of PostgreSQL that each cluster of Aurora has on AWS."""
    for child, resource in _resources(assembly):
        properties = resource.get("Properties") or {}
        on_aws = str(properties.get("EngineVersion") or "").partition(".")[0]
        if (
            resource.get("Type") == CLUSTER
            and properties.get("Engine") == AURORA_POSTGRESQL
            and on_aws.isdigit()
        ):
            yield child.id, on_aws


def _runs_node(assembly: Assembly) -> bool:
    return any(
        str((resource.get("Properties") or {}).get("Runtime") or "").startswith("nodejs")
        for _, resource in _resources(assembly)
    )


def _resources(assembly: Assembly) -> Iterator[tuple[Child, Mapping[str, Any]]]:
    """Every resource of the rendered templates, with the part of the project that has it."""
    for child in assembly.children:
        for resource in (child.template.body.get("Resources") or {}).values():
            yield child, resource


def tools(tools: Iterable[Tool]) -> Iterator[Check]:
    """What is there in one line; what is missing in one each."""
    given = list(tools)
    every = [tool for tool in given if not tool.note]
    there = ", ".join(f"{tool.name} {tool.version}".strip() for tool in every if tool.version is not None)
    missing = [tool for tool in every if tool.version is None]
    if not missing:
        yield Check("tools", Outcome.OK, f"{there}.")
    for tool in missing:
        yield Check("tools", Outcome.FINDING, f"{tool.name} is missing: {tool.wanted}.", tool.remedy)
    yield from (Check("tools", Outcome.NOTE, tool.note) for tool in given if tool.note)


def credentials(caller: Caller, environment: Environment) -> Check:
    """Whose credentials these are, and whether they are the environment's account and region."""
    whose = f"Account {caller.account} in {caller.region}, as {caller.arn}."
    if environment.account_id and environment.account_id != caller.account:
        message = f"{whose} {environment.name} belongs to {environment.account_id}."
        return Check("credentials", Outcome.FINDING, message, "Name another profile with --profile.")
    if environment.region != caller.region:
        message = f"{whose} {environment.name} is in {environment.region}."
        return Check(
            "credentials", Outcome.FINDING, message, f"Leave --region out, or say {environment.region}."
        )
    return Check("credentials", Outcome.OK, whose)


def stack(current: DeployedStack | None, environment: Environment) -> Check:
    """The root stack's status."""
    if current is None:
        message = f"There is no stack {environment.stack_name} in {environment.region}."
        return Check("stack", Outcome.FINDING, message, "accountsctl push")
    message = f"{current.name} is {current.status}."
    if current.status.endswith("_IN_PROGRESS"):
        return Check("stack", Outcome.NOTE, message, "Wait for it to end.")
    if current.status == "UPDATE_ROLLBACK_FAILED":
        return Check("stack", Outcome.FINDING, message, "accountsctl recover")
    if current.status.endswith("_FAILED") or current.status == "ROLLBACK_COMPLETE":
        return Check(
            "stack",
            Outcome.FINDING,
            message,
            "accountsctl push shows the cause; accountsctl delete clears it.",
        )
    if current.status == "UPDATE_ROLLBACK_COMPLETE":
        return Check("stack", Outcome.NOTE, f"{message} The last push was taken back.", "accountsctl push")
    return Check("stack", Outcome.OK, message)


def deployment(look: Look) -> Iterator[Check]:
    """Stages that serve another snapshot than the API's resources are now."""
    apis = [api for api in look.apis if api.is_api]
    for api in apis:
        not_reported = dict(api.not_reported)
        if api.stale:
            command = f"aws apigateway create-deployment --rest-api-id {api.id} --stage-name {api.stage}"
            yield Check("deployment", Outcome.FINDING, _stale(api), command)
        elif SNAPSHOT in not_reported:
            yield Check("deployment", Outcome.UNCHECKED, f"{api.name}: {not_reported[SNAPSHOT]}")
        else:
            far = " Its integrations could not be compared." if INTEGRATIONS in not_reported else ""
            message = f"{api.name}: the stage {api.stage} serves what there is.{far}"
            yield Check("deployment", Outcome.OK, message)
    if not apis:
        yield Check("deployment", Outcome.OK, "There is no API.")


def _stale(api: Api) -> str:
    texts = [
        text if path == "*" else f"{verb} {path} {text}" for (path, verb), text in sorted(api.stale.items())
    ]
    more = f" (and {len(texts) - FEW} more)" if len(texts) > FEW else ""
    return f"{api.name}, stage {api.stage}: {'; '.join(texts[:FEW])}{more}."


def cluster(description: Mapping[str, Any], capacity: float | str | None) -> Check:
    """A cluster. `capacity` is in units, or a sentence that says why it is not known; None if it cannot sleep."""
    name, status = (
        description.get("DBClusterIdentifier", "the cluster"),
        description.get("Status", "available"),
    )
    if status not in ("available", "backing-up", "maintenance", "modifying"):
        command = f"aws rds describe-events --source-type db-cluster --source-identifier {name}"
        return Check("database", Outcome.FINDING, f"{name} is {status}.", command)
    if description.get("HttpEndpointEnabled") is False:
        why = f"{name} has no Data API, by which functions and accountsctl reach it."
        return Check("database", Outcome.FINDING, why, "Set EnableHttpEndpoint on the cluster and push.")
    if isinstance(capacity, str):
        return Check(
            "database", Outcome.NOTE, f"{name} is {status}; whether it sleeps is not checked: {capacity}."
        )
    if capacity == 0:
        why = f"{name} sleeps; the first request wakes it, which takes 15 seconds and more."
        return Check("database", Outcome.NOTE, why, 'accountsctl db query "select 1"')
    return Check("database", Outcome.OK, f"{name} is {status}.")
