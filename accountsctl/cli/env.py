"""`env`: which environments there are, and which one is checked out."""

from __future__ import annotations

import json

import click

from accountsctl.bootstrap import Wiring, wire
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import environments
from accountsctl.cli.delete import delete_stacks
from accountsctl.cli.options import PROFILE, REGION, YES, confirm_name, on_project, show_edit
from accountsctl.commands.project.environments import Environments, NewEnvironment
from accountsctl.formats.edits import environment_file
from accountsctl.ui import shapes, show
from accountsctl.ui.screen import Screen


@click.group(
    cls=LazyGroup,
    table={
        "add": ("env", "add", "A new environment, with a stack of its own."),
        "list": ("env", "list_", "All environments of the project."),
        "get": ("env", "get", "The environment that is checked out."),
        "checkout": ("env", "checkout", "Make an environment the one that commands are about."),
        "remove": ("env", "remove", "Delete an environment's stacks, then its file."),
    },
)
def env() -> None:
    """Environments: one root stack each."""


@click.command()
@click.argument("name")
@click.option("--cloud", type=click.Choice(["local", "aws"]), help="[that of the checked-out environment]")
@click.option("--region", metavar="REGION", help="[that of the checked-out environment]")
@click.option("--profile", metavar="NAME", help="The AWS profile to use for it.")
@click.option("--account", metavar="ID", help="The AWS account that it belongs to; others are refused.")
@click.option(
    "--from", "like", metavar="NAME", help="Copy this environment's parameters.", shell_complete=environments
)
@on_project
def add(
    wiring: Wiring,
    screen: Screen,
    name: str,
    cloud: str | None,
    region: str | None,
    profile: str | None,
    account: str | None,
    like: str | None,
) -> None:
    """Add an environment: one file, with a stack of its own. No other environment's file is touched.

    In a `local` environment the embedded cloud makes the pools that the backend imports, under ids of its own.
    """
    asked = NewEnvironment(name, cloud, region, profile, account, like)
    show_edit(screen, Environments(wiring.projects).add(asked))


@click.command()
@on_project
def get(wiring: Wiring, screen: Screen) -> None:
    """The environment that is checked out."""
    row = Environments(wiring.projects).current()
    if screen.as_json:
        screen.data(shapes.of_environment(row))
    else:
        screen.line(row.name)


@click.command()
@click.argument("name", shell_complete=environments)
@YES
@click.option("--confirm", metavar="NAME", help="The environment's name, where nobody can be asked.")
@PROFILE
@REGION
@on_project
def remove(
    wiring: Wiring,
    screen: Screen,
    name: str,
    yes: bool,
    confirm: str | None,
    profile: str | None,
    region: str | None,
) -> None:
    """Delete an environment's stacks, then its file. Never the checked-out one.

    Asks for the environment's name; without a terminal, pass --yes --confirm NAME.
    """
    workflow = Environments(wiring.projects)
    workflow.removable(name)
    about = wire(str(wiring.root), environment=name, profile=profile, region=region, tell=screen.say)
    if not delete_stacks(about, screen, confirm if yes else None):
        confirm_name(
            name, confirm if yes else None, f"remove the environment {name}", flags="--yes --confirm"
        )
    workflow.forget(name)
    if screen.as_json:
        screen.data({"removed": name})
    else:
        screen.say(f"Removed the environment {name}.")


@click.command("list")
@click.option("--details", is_flag=True, help="Everything that the environments' files say.")
@on_project
def list_(wiring: Wiring, screen: Screen, details: bool) -> None:
    """All environments of the project; a star marks the checked-out one."""
    rows = Environments(wiring.projects).rows()
    if details:
        told = {
            row.name: json.loads(wiring.projects.text(environment_file(row.name)) or "{}") for row in rows
        }
        screen.data(told)
        return
    if screen.as_json:
        screen.data(
            {"envs": [row.name for row in rows], "environments": [shapes.of_environment(row) for row in rows]}
        )
    else:
        show.environments(screen, rows)


@click.command()
@click.argument("name", shell_complete=environments)
@on_project
def checkout(wiring: Wiring, screen: Screen, name: str) -> None:
    """Make NAME the environment that commands are about.

    Its file is found sound before anything is written; a checkout that fails leaves the old one.
    """
    row = Environments(wiring.projects).check_out(name)
    if screen.as_json:
        screen.data(shapes.of_environment(row))
    else:
        screen.say(f"Checked out {row.name} (stack {row.stack_name}, cloud {row.cloud}).")
