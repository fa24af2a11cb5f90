"""The files that define a project: its backend, its environments and its name.

Every function collects its faults in the tree that it reads from, and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats import backend_config as backend_file
from accountsctl.formats import environment_config
from accountsctl.formats.gen1 import team_provider_info
from accountsctl.formats.json_source import Source
from accountsctl.formats.layout import (
    BACKEND_FILES,
    ENVIRONMENTS_FOLDER,
    PROJECT_FILE,
    TEAM_PROVIDER_FILE,
    environment_file,
)
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import Fault, ProjectError, UsageError
from accountsctl.model.names import ENVIRONMENT_NAME
from accountsctl.model.suggestions import did_you_mean
from accountsctl.model.team_environment import TeamEnvironment


def environment_names(root: Path) -> tuple[str, ...]:
    """The names of all environments, sorted; ProjectError if their folder cannot be read."""
    tree = Tree(root)
    names = tree.names(ENVIRONMENTS_FOLDER)
    if tree.faults:
        raise ProjectError(tree.faults)
    return tuple(
        sorted(
            name.removesuffix(".json")
            for name in names
            if name.endswith(".json") and not name.startswith(".")
        )
    )


def read_environment(tree: Tree, name: str) -> tuple[Environment | None, Source | None]:
    """An environment and the text that defines it; None for what cannot be read."""
    path = environment_file(name)
    if not ENVIRONMENT_NAME.fullmatch(name) or not tree.exists(path):
        names = environment_names(tree.root)
        raise UsageError(
            f'There is no environment "{name}".',
            why=f"The project has: {', '.join(names)}." if names else "The project has none.",
            hint=did_you_mean(name, names) or _way_to_one(tree, name),
        )
    source = tree.json(path)
    if source is None:
        return None, None
    environment, faults = environment_config.parse_source(source, name)
    tree.faults += faults
    return environment, source


def read_team_environments(tree: Tree) -> dict[str, TeamEnvironment]:
    """Amplify's environments by name; none if the project has no team-provider-info.json."""
    source = tree.json(TEAM_PROVIDER_FILE) if tree.exists(TEAM_PROVIDER_FILE) else None
    return team_provider_info.parse(source) if source is not None and not source.faults else {}


def with_team_values(tree: Tree, environment: Environment) -> Environment:
    """An environment with the values that Amplify keeps for the one of the same name, below its own.

    The ids of imported pools are those of AWS, so an environment of the embedded cloud does not get them.
    """
    team = read_team_environments(tree).get(environment.name)
    if team is None:
        return environment
    return team_provider_info.overlaid(environment, team, imported=environment.cloud is Cloud.AWS)


def _way_to_one(tree: Tree, name: str) -> str:
    """What to do where the environment of that name is missing."""
    if "=" in name:  # --env sets a variable in other tools
        return "--env names an environment. To set a variable: accountsctl function env set KEY=VALUE"
    if names := environment_names(tree.root):
        return f"Choose one of: {', '.join(names)}."
    if tree.exists(TEAM_PROVIDER_FILE):
        return (
            "Take over Amplify's environments: accountsctl init"
            " (or add one of your own: accountsctl env add NAME --cloud local)"
        )
    return "Add it: accountsctl env add NAME"


def same_stack_faults(root: Path, environment: Environment, source: Source) -> Iterator[Fault]:
    """The sound environments that deploy to the same stack: each would overwrite the other."""
    for name in environment_names(root):
        other, _ = read_environment(Tree(root), name)
        if other is not None and name != environment.name and environment.same_stack(other):
            what = f'"stackName" is that of the environment {name} too, in the same region and account.'
            yield source.fault(("stackName",), what, "Give each environment a stack of its own.")


def read_backend_source(tree: Tree) -> Source | None:
    """The text of the backend; None if there is none."""
    file = next((file for file in BACKEND_FILES if tree.exists(file)), None)
    if file is None:
        tree.fault(BACKEND_FILES[0], "There is no such file.", "Start a project: accountsctl init")
        return None
    before = len(tree.faults)
    source = tree.json(file)
    if source is not None:
        del tree.faults[before:]  # `parse_backend` returns the faults of the text as well
    return source


def parse_backend(tree: Tree, source: Source | None) -> Backend:
    """The backend; empty if there is no text of it."""
    if source is None:
        return Backend((), BACKEND_FILES[0])
    backend, faults = backend_file.parse_source(source)
    tree.faults += faults
    return backend


def read_project_name(tree: Tree) -> str:
    """The project's name; that of its folder if no file states one."""
    source = tree.json(PROJECT_FILE) if tree.exists(PROJECT_FILE) else None
    name = source.value.get("projectName") if source and isinstance(source.value, dict) else None
    if source is not None and name is not None and not (isinstance(name, str) and name):
        tree.faults.append(source.fault(("projectName",), '"projectName" must be a string.'))
    return name if isinstance(name, str) and name else tree.root.name
