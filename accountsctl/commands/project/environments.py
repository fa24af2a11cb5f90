"""Environments: which there are, which one is checked out, and how one comes and goes."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.project.import_auth import demo_ids
from accountsctl.commands.project.rehearse import Edited
from accountsctl.formats.environment_config import parse
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import environment_file
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.names import ENVIRONMENT_NAME
from accountsctl.model.project import Project
from accountsctl.model.reports import EnvironmentRow
from accountsctl.ports.projects import Workspace


@dataclass(frozen=True)
class NewEnvironment:
    """What `env add` was told; None where it was told nothing. `like` is the environment to copy from."""

    name: str
    cloud: str | None = None
    region: str | None = None
    profile: str | None = None
    account: str | None = None
    like: str | None = None


@dataclass(frozen=True)
class Environments:
    """`env list`, `get`, `checkout`, `add`, and the last step of `remove`."""

    workspace: Workspace

    def rows(self) -> tuple[EnvironmentRow, ...]:
        """All environments, the checked-out one marked."""
        current, workspace = self.workspace.checked_out(), self.workspace
        return tuple(
            _row(workspace.environment(name), checked_out=name == current)
            for name in workspace.environments()
        )

    def current(self) -> EnvironmentRow:
        """The checked-out one; UsageError where there is none."""
        name = self.workspace.checked_out()
        if name is None:
            raise UsageError(
                "No environment is checked out.", hint="Choose one: accountsctl env checkout NAME"
            )
        return _row(self.workspace.environment(name), checked_out=True)

    def check_out(self, name: str) -> EnvironmentRow:
        """Check `name` out; its file is found sound before a byte is written."""
        environment = self.workspace.environment(name)
        self.workspace.check_out(name)
        return _row(environment, checked_out=True)

    def add(self, asked: NewEnvironment) -> Edited:
        """Write the file of a new environment, with a stack of its own; no other file is touched."""
        workspace = self.workspace
        if not ENVIRONMENT_NAME.fullmatch(asked.name):
            raise UsageError(
                f'"{asked.name}" is not a valid name for an environment.',
                hint="Use small letters and digits, a letter first, 2 to 16 in all.",
            )
        known = workspace.environments()
        if asked.name in known:
            raise UsageError(f"The environment {asked.name} is there already.", hint="Choose another name.")
        model = asked.like or workspace.checked_out() or next(iter(known), None)
        if model is None:
            raise UsageError("The project has no environment yet.", hint="Start one: accountsctl init")
        project = workspace.read(model).project
        settings = _settings(asked, project, self._raw(asked.like))
        text = new_text(settings)
        self._refuse_unsound(asked.name, text)
        workspace.apply(Edit(files={environment_file(asked.name): text.encode()}))
        notes = [f"Check it out: accountsctl env checkout {asked.name}"]
        if settings["cloud"] == Cloud.AWS and any(each.imported for each in project.backend):
            notes.append(f"Import its user pool: accountsctl import auth -e {asked.name}")
        return Edited(
            f"Added {asked.name} (stack {settings['stackName']}, cloud {settings['cloud']}).", tuple(notes)
        )

    def _refuse_unsound(self, name: str, text: str) -> None:
        """ProjectError where the file to be has a fault, or would share its stack; nothing is written then."""
        made, faults = parse(text, environment_file(name), name)
        if made is None:
            raise ProjectError(faults)
        for each in self.workspace.environments():
            if made.same_stack(self.workspace.environment(each)):
                raise UsageError(
                    f"The environment {each} has the stack {made.stack_name} already.",
                    why="Two environments never share a stack: each push would undo the other's.",
                    hint="Choose another name.",
                )

    def removable(self, name: str) -> Environment:
        """The environment to remove; UsageError for the checked-out one."""
        environment = self.workspace.environment(name)
        if self.workspace.checked_out() == name:
            raise UsageError(
                f"{name} is checked out, and the checked-out environment is never removed.",
                hint="Check another one out first: accountsctl env checkout NAME",
            )
        return environment

    def forget(self, name: str) -> None:
        """Delete the environment's file."""
        self.workspace.apply(Edit(moves={environment_file(name): ""}))

    def _raw(self, name: str | None) -> dict[str, Any]:
        """An environment's file as it is, unknown keys included; empty for None."""
        if name is None:
            return {}
        self.workspace.environment(name)
        file = environment_file(name)
        settings: dict[str, Any] = read(self.workspace.text(file) or "{}", file).value
        return settings


def _settings(asked: NewEnvironment, project: Project, like: dict[str, Any]) -> dict[str, Any]:
    """The file's content: what was asked, else what the model has, else what the environment at hand has."""
    at_hand = project.environment
    settings = {
        "cloud": asked.cloud or like.get("cloud") or at_hand.cloud.value,
        "region": asked.region or like.get("region") or at_hand.region,
        "stackName": f"{_prefix(at_hand)}{asked.name}",
        **({"profile": asked.profile} if asked.profile else {}),
        **({"accountId": asked.account} if asked.account else {}),
        "parameters": copy.deepcopy(like.get("parameters", {})),
        "imported": {},
    }
    made = Environment(asked.name, Cloud(settings["cloud"]), settings["region"], settings["stackName"])
    pools = [each.id.name for each in project.backend if each.imported and each.id.category == "auth"]
    if made.cloud is Cloud.LOCAL:
        settings["imported"] = (
            {"auth": {name: demo_ids(project.name, made, name) for name in pools}} if pools else {}
        )
    elif like.get("cloud") == Cloud.AWS and made.region == like.get("region"):
        settings["imported"] = copy.deepcopy(like.get("imported", {}))
    return settings


def _prefix(environment: Environment) -> str:
    """What stack names of this project begin with: that of `environment` without its name."""
    return environment.stack_name.removesuffix(environment.name) or "accountsctl-"


def _row(environment: Environment, *, checked_out: bool) -> EnvironmentRow:
    return EnvironmentRow(
        environment.name, environment.cloud.value, environment.region, environment.stack_name, checked_out
    )
