"""The results of `env`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.model.reports import EnvironmentRow
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen


@to_text.register
def environment_text(result: EnvironmentRow, screen: Screen) -> None:
    """Its name alone, for a script."""
    screen.line(result.name)


@to_json.register
def environment_json(result: EnvironmentRow) -> JsonObject:
    """One environment."""
    return {
        "name": result.name,
        "cloud": result.cloud,
        "region": result.region,
        "stackName": result.stack_name,
        "checkedOut": result.checked_out,
    }


@dataclass(frozen=True)
class CheckedOut:
    """The environment that commands use from now on."""

    environment: EnvironmentRow


@to_text.register
def checked_out_text(result: CheckedOut, screen: Screen) -> None:
    """Its name, stack and cloud."""
    row = result.environment
    screen.say(f"Checked out {row.name} (stack {row.stack_name}, cloud {row.cloud}).")


@to_json.register
def checked_out_json(result: CheckedOut) -> JsonObject:
    """The environment."""
    return environment_json(result.environment)


@dataclass(frozen=True)
class EnvironmentList:
    """All environments."""

    rows: tuple[EnvironmentRow, ...]


@to_text.register
def environments_text(result: EnvironmentList, screen: Screen) -> None:
    """A table; a star marks the checked-out one."""
    cells = [
        ("*" if row.checked_out else "", row.name, row.cloud, row.region, row.stack_name)
        for row in result.rows
    ]
    screen.table(("", "environment", "cloud", "region", "stack"), cells)


@to_json.register
def environments_json(result: EnvironmentList) -> JsonObject:
    """The names, as Amplify lists them, and the environments."""
    return {
        "envs": [row.name for row in result.rows],
        "environments": [environment_json(row) for row in result.rows],
    }


@dataclass(frozen=True)
class EnvironmentFiles:
    """The content of each environment's file, by name."""

    files: Mapping[str, object]


@to_text.register
def files_text(result: EnvironmentFiles, screen: Screen) -> None:
    """As JSON, since that is what the files hold."""
    screen.data(files_json(result))


@to_json.register
def files_json(result: EnvironmentFiles) -> JsonObject:
    """The files by name."""
    return dict(result.files)


@dataclass(frozen=True)
class EnvironmentRemoved:
    """An environment whose stacks and file are gone. `kept` is the stack that was left as it may be."""

    name: str
    kept: str | None = None


@to_text.register
def removed_text(result: EnvironmentRemoved, screen: Screen) -> None:
    """Its name."""
    screen.say(f"Removed the environment {result.name}.")
    if result.kept:
        screen.say(f"  The stack {result.kept}, if it is deployed, stays as it is.")


@to_json.register
def removed_json(result: EnvironmentRemoved) -> JsonObject:
    """Its name."""
    return {"removed": result.name}
