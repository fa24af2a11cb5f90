"""`env`: list, check out, add and remove environments."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.project.preview import as_preview
from accountsctl.commands.project.take_over import local_pools, settings_of
from accountsctl.formats.environment_config import parse
from accountsctl.formats.gen1.team_provider_info import overlaid
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import environment_file
from accountsctl.formats.plain_secrets import without_secrets
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ENVIRONMENT_NAME, NAMINGS
from accountsctl.model.project import Project
from accountsctl.model.reports import EditResult, EnvironmentRow
from accountsctl.ports.projects import Workspace
from accountsctl.ports.zones import Zones
from accountsctl.synth.kinds import ResourceKind, kind_of

DEFAULT_REGION = "eu-west-1"
AUTO, LEAST_ZONES = "auto", 2
"""The word for looking zones up, and how many a DB subnet group needs."""
ZONES_HINT = (
    'State "zones" in its file before the first push: the order of those that CloudFormation lists can change. '
    "`env add --zones auto` asks AWS for them."
)
SECRETS_HINT = (
    "The environment's file is committed. Keep secrets in Secrets Manager, and pass functions their names."
)
EnvironmentFile = dict[str, Any]
"""The JSON object of ``amplify/environments/NAME.json``: keys that we do not know are kept."""


@dataclass(frozen=True)
class NewEnvironment:
    """What `env add` is to add; None means that an option was not given. `like` is the environment to copy from.

    `zones` are names separated by commas, or `AUTO`. `preview`: it is short-lived.
    """

    name: str
    cloud: str | None = None
    region: str | None = None
    profile: str | None = None
    account: str | None = None
    like: str | None = None
    zones: str | None = None
    preview: bool = False


LookUpZones = Callable[[str, str | None], Zones]
"""From a region and a profile to its availability zones."""


@dataclass(frozen=True)
class Environments:
    """`env list`, `get`, `checkout`, `add`, and the last step of `remove`."""

    workspace: Workspace
    zones_of: LookUpZones | None = None

    def rows(self) -> tuple[EnvironmentRow, ...]:
        """All environments, the checked-out one marked."""
        current, workspace = self.workspace.checked_out(), self.workspace
        return tuple(
            _row(workspace.environment(name), checked_out=name == current)
            for name in workspace.environments()
        )

    def current(self) -> EnvironmentRow:
        """The checked-out one; UsageError if there is none."""
        name = self.workspace.checked_out()
        if name is None:
            raise UsageError(
                "No environment is checked out.",
                why="This command works on one environment.",
                hint="Choose one: accountsctl env checkout NAME",
            )
        return _row(self.workspace.environment(name), checked_out=True)

    def check_out(self, name: str) -> EnvironmentRow:
        """Check `name` out; nothing is written if its file has faults."""
        environment = self.workspace.environment(name)
        self.workspace.check_out(name)
        return _row(environment, checked_out=True)

    def add(self, new: NewEnvironment) -> EditResult:
        """Write the file of a new environment, with its own stack; no other file is changed."""
        workspace = self.workspace
        names = workspace.environments()
        _check_name(new.name, names)
        model = new.like or self._existing(names)
        if model is None:
            project, settings = self._first(new)
        else:
            project = workspace.read(model).project
            settings = _settings(new, project, self._copied(new.like))
        if new.zones is not None:
            settings["zones"] = _zones(new.zones, settings, self.zones_of)
        settings["parameters"], secrets = without_secrets(settings["parameters"])
        changed = as_preview(settings["parameters"], project) if new.preview else ()
        text = new_text(settings)
        self._check(new.name, text)
        workspace.apply(Edit(files={environment_file(new.name): text.encode()}))
        notes = [f"Check it out: accountsctl env checkout {new.name}"]
        notes += [
            f"Not copied, since it looks like a secret: {'.'.join(map(str, path))}." for path in secrets
        ]
        notes += [SECRETS_HINT] if secrets else []
        notes += changed
        if settings["cloud"] == Cloud.AWS and _imports_more(project, settings["imported"]):
            notes.append(f"Import its user pool: accountsctl import auth -e {new.name}")
        if settings["cloud"] == Cloud.AWS and "zones" not in settings and _has_database(project):
            notes.append(ZONES_HINT)
        return EditResult(
            f"Added {new.name} (stack {settings['stackName']}, cloud {settings['cloud']}).", tuple(notes)
        )

    def _existing(self, names: Sequence[str]) -> str | None:
        """The checked-out environment, or any; None if there is none. Amplify may have checked out one of its own."""
        checked_out = self.workspace.checked_out()
        return checked_out if checked_out in names else next(iter(names), None)

    def _first(self, new: NewEnvironment) -> tuple[Project, EnvironmentFile]:
        """The project, and the file of its first environment: Amplify's of that name, or one of the embedded cloud."""
        team = self.workspace.team_environments()
        amplify = team.get(new.name) or next(iter(team.values()), None)
        settings: EnvironmentFile = {
            "cloud": Cloud.LOCAL.value,
            "region": DEFAULT_REGION,
            "stackName": f"accountsctl-{new.name}",
            "parameters": {},
            "imported": {},
        }
        if amplify is not None:
            settings |= settings_of(amplify)
            settings |= {} if amplify.name == new.name else {"stackName": f"{amplify.stack_name}-{new.name}"}
        stated = {"cloud": new.cloud, "region": new.region, "profile": new.profile, "accountId": new.account}
        settings |= {key: value for key, value in stated.items() if value}
        project = self._rehearsed(new.name, settings)
        if settings["cloud"] == Cloud.LOCAL:
            for key in ("stackId", "bucket", "accountId"):
                settings.pop(key, None)
            settings["imported"] = local_pools(project, project.environment)
        return project, settings

    def _rehearsed(self, name: str, settings: EnvironmentFile) -> Project:
        """The project as it would be with this environment; ProjectError if it could not be read then."""
        text = new_text(settings)
        self._check(name, text)
        return self.workspace.rehearse(Edit(files={environment_file(name): text.encode()}), name).project

    def _copied(self, like: str | None) -> EnvironmentFile:
        """The file of an environment to copy, with the parameters that Amplify keeps for it; empty for None."""
        if like is None:
            return {}
        copied = self.raw(like)
        team = self.workspace.team_environments().get(like)
        if team is not None:
            environment = overlaid(self.workspace.environment(like), team, imported=True)
            copied |= {"parameters": environment.parameters, "imported": environment.imported}
        return copied

    def _check(self, name: str, text: str) -> None:
        """ProjectError if the new file would have a fault; UsageError if the environment would share its stack."""
        environment, faults = parse(text, environment_file(name), name)
        if environment is None:
            raise ProjectError(faults)
        for other in self.workspace.environments():
            if environment.same_stack(self.workspace.environment(other)):
                raise UsageError(
                    f"The environment {other} has the stack {environment.stack_name} already.",
                    why="Two environments never share a stack: each push would undo the other's.",
                    hint="Choose another name.",
                )

    def removable(self, name: str) -> Environment:
        """The environment to remove; UsageError if it is checked out."""
        environment = self.workspace.environment(name)
        if self.workspace.checked_out() == name:
            raise UsageError(
                f"{name} is checked out, and the checked-out environment cannot be removed.",
                why="All commands without --env work on it.",
                hint="Check another one out first: accountsctl env checkout NAME",
            )
        return environment

    def forget(self, name: str) -> None:
        """Delete the environment's file."""
        self.workspace.apply(Edit(moves={environment_file(name): ""}))

    def raw(self, name: str | None) -> EnvironmentFile:
        """An environment's file as it is, unknown keys included; empty for None."""
        if name is None:
            return {}
        self.workspace.environment(name)
        file = environment_file(name)
        content: EnvironmentFile = read(self.workspace.text(file) or "{}", file).value
        return content


def _check_name(name: str, names: Collection[str]) -> None:
    """UsageError if a new environment cannot be called so."""
    if not ENVIRONMENT_NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is not a valid name for an environment.',
            why="It becomes a part of the names of stacks and buckets.",
            hint="Use 2 to 16 small letters, digits and single hyphens, a letter first: pr-12.",
        )
    if name in names:
        raise UsageError(
            f"The environment {name} exists already.",
            why="Its file would be overwritten.",
            hint="Choose another name.",
        )


def _settings(new: NewEnvironment, project: Project, like: EnvironmentFile) -> EnvironmentFile:
    """The file's content: what the options state, else what `like` has, else what the project's environment has."""
    current = project.environment
    settings: EnvironmentFile = {
        "cloud": new.cloud or like.get("cloud") or current.cloud.value,
        "region": new.region or like.get("region") or current.region,
        "stackName": f"{_prefix(current)}{new.name}",
        "naming": NAMINGS[-1],
        **({"profile": new.profile} if new.profile else {}),
        **({"accountId": new.account} if new.account else {}),
        "parameters": copy.deepcopy(like.get("parameters", {})),
        "imported": {},
    }
    environment = Environment(new.name, Cloud(settings["cloud"]), settings["region"], settings["stackName"])
    if environment.cloud is Cloud.LOCAL:
        settings["imported"] = local_pools(project, environment)
    elif like.get("cloud") == Cloud.AWS and environment.region == like.get("region"):
        settings["imported"] = copy.deepcopy(like.get("imported", {}))
        settings |= {"zones": like["zones"]} if "zones" in like else {}
    return settings


def _imports_more(project: Project, imported: EnvironmentFile) -> bool:
    """Whether an imported resource has no ids in the environment's file yet."""
    return any(
        resource.imported and not imported.get(resource.id.category, {}).get(resource.id.name)
        for resource in project.backend
    )


def _zones(stated: str, settings: EnvironmentFile, zones_of: LookUpZones | None) -> list[str]:
    """The zones to write: those that are stated, or those that AWS lists now."""
    if stated != AUTO:
        return [zone.strip() for zone in stated.split(",")]
    if settings["cloud"] != Cloud.AWS or zones_of is None:
        raise UsageError(
            f"--zones {AUTO} is for environments on AWS.",
            why="It looks the zones up in AWS, and this environment is not deployed there.",
            hint="Leave --zones out: the embedded cloud has zones of its own.",
        )
    zones = zones_of(settings["region"], settings.get("profile")).usable()
    if len(zones) < LEAST_ZONES:
        raise UsageError(
            f"{settings['region']} has no two availability zones for Aurora in this account.",
            why=f"AWS lists: {', '.join(zones) or 'none'}.",
            hint="Choose another region, or name the zones: --zones a,b",
        )
    return list(zones)


def _prefix(environment: Environment) -> str:
    """What stack names of this project begin with: that of `environment` without its name."""
    name = environment.stack_name
    return (
        name.removesuffix(environment.name) if name.endswith(environment.name) else f"{name}-"
    ) or "accountsctl-"


def _has_database(project: Project) -> bool:
    """Whether a database of ours is in the backend: its subnets are in availability zones."""
    return any(kind_of(resource) is ResourceKind.RDS for resource in project.backend)


def _row(environment: Environment, *, checked_out: bool) -> EnvironmentRow:
    return EnvironmentRow(
        environment.name, environment.cloud.value, environment.region, environment.stack_name, checked_out
    )
