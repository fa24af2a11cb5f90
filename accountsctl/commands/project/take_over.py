"""`init` in a project that Amplify made, or in any project that has no environment yet.

Every environment of ``amplify/team-provider-info.json`` becomes a file of ours; its stack, account and bucket
are noted there, and nothing is sent to them. Amplify's own files are read, never changed. A project without
that file gets one environment for the embedded cloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.commands.project.import_auth import demo_ids
from accountsctl.formats.environment_config import parse
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import (
    CHECKED_OUT_FILE,
    TEAM_PROVIDER_FILE,
    amplify_build_folder,
    environment_file,
    resource_folder,
)
from accountsctl.model.backend import Resource
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import ProjectError
from accountsctl.model.project import Project
from accountsctl.model.reports import EditResult
from accountsctl.model.team_environment import TeamEnvironment
from accountsctl.ports.projects import Workspace
from accountsctl.synth.unread import unread

EnvironmentSettings = Mapping[str, object]
"""The JSON object of an environment's file."""
LOCAL_NAME = "local"


def take_over(workspace: Workspace, first: EnvironmentSettings, gitignore: bytes) -> EditResult:
    """Write the environments' files; ProjectError if Amplify's file, or one of ours, would have a fault.

    `first` is the environment ``dev`` of a project that Amplify has none for; `gitignore` the new .gitignore.
    """
    team = workspace.team_environments()
    settings: dict[str, EnvironmentSettings] = {name: settings_of(amplify) for name, amplify in team.items()}
    settings = settings or {"dev": first}
    faults = [
        fault
        for name, content in settings.items()
        for fault in parse(new_text(content), environment_file(name), name)[1]
    ]
    if faults:
        raise ProjectError(faults)
    chosen = workspace.checked_out()
    current = chosen if chosen in settings else next(iter(settings))
    files = {environment_file(name): new_text(content).encode() for name, content in settings.items()}
    workspace.apply(
        Edit(
            files={**files, ".gitignore": gitignore},
            json={CHECKED_OUT_FILE: lambda content: content.update(envName=current)},
        )
    )
    reading = workspace.read(current)
    notes = [*_environments(settings), *_resources(workspace, reading.project)]
    notes += [*unread(reading.project), *_next(current, team)]
    if reading.faults:
        count = len(reading.faults)
        notes.insert(-1, f"{count} fault{'s' * (count > 1)} to fix: accountsctl render shows them all.")
    source = f" of {TEAM_PROVIDER_FILE}" if team else ""
    plural = "s" * (len(settings) > 1)
    return EditResult(
        f"Took over {len(settings)} environment{plural}{source}; {current} is checked out.", tuple(notes)
    )


def settings_of(team: TeamEnvironment) -> dict[str, object]:
    """Our file of an environment of Amplify's. Its parameters stay where they are: they are read from there."""
    stated = {"stackId": team.stack_id, "accountId": team.account_id, "bucket": team.bucket}
    return {
        "cloud": Cloud.AWS.value,
        "region": team.region,
        "stackName": team.stack_name,
        **{key: value for key, value in stated.items() if value},
        "parameters": {},
        "imported": {},
    }


def local_pools(project: Project, environment: Environment) -> dict[str, object]:
    """The ids of the demo pools that stand for a project's imported ones in the embedded cloud."""
    pools = [
        resource.id.name
        for resource in project.backend
        if resource.imported and resource.id.category == "auth"
    ]
    return {"auth": {name: demo_ids(project.name, environment, name) for name in pools}} if pools else {}


def _environments(settings: Mapping[str, EnvironmentSettings]) -> Iterator[str]:
    for name, content in settings.items():
        yield f"{name}: stack {content['stackName']}, {content['cloud']}, {content['region']}"


def _resources(workspace: Workspace, project: Project) -> Iterator[str]:
    """How each resource will be rendered, in a sentence."""
    for resource in project.backend:
        yield f"{resource.id}: {_source_of(workspace, project, resource)}"


def _source_of(workspace: Workspace, project: Project, resource: Resource) -> str:
    source = project.sources.get(resource.id)
    if source is None:
        return "not understood yet"
    if source.template is not None:
        built = source.template.file.startswith(f"{amplify_build_folder(resource.id)}/")
        return f"{'what `amplify build` left' if built else 'its own template'}, {source.template.file}"
    if resource.imported:
        return "imported: another stack owns it"
    if workspace.exists(f"{resource_folder(resource.id)}/cli-inputs.json"):
        return "rendered from its cli-inputs.json"
    return f"rendered by our template for {resource.service or resource.id.category}"


def _next(current: str, team: Mapping[str, TeamEnvironment]) -> Iterator[str]:
    if not team:
        yield "Next: accountsctl push"
        return
    yield "Nothing was sent to AWS, and no file of Amplify's was changed."
    yield f"Next: try it on this machine: accountsctl env add {LOCAL_NAME} --cloud local --from {current}"
