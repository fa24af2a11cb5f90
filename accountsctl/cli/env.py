"""`env`: which environments there are, and which one is checked out."""

from __future__ import annotations

from dataclasses import dataclass

import click

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import environments, profiles, regions
from accountsctl.cli.delete import delete_stacks
from accountsctl.cli.options import PROFILE, REGION, YES, confirm_name, grouped, on_project
from accountsctl.commands.project.environments import Environments, NewEnvironment
from accountsctl.model.environment import Cloud
from accountsctl.model.reports import EditResult, EnvironmentRow
from accountsctl.ports.zones import Zones
from accountsctl.ui.results.environments import (
    CheckedOut,
    EnvironmentFiles,
    EnvironmentList,
    EnvironmentRemoved,
)
from accountsctl.ui.screen import Screen


@click.group(
    cls=LazyGroup,
    table={
        "add": ("env", "add", "Add an environment, with its own stack."),
        "list": ("env", "list_", "List the environments."),
        "get": ("env", "get", "Show the checked-out environment."),
        "checkout": ("env", "checkout", "Choose the environment that commands use."),
        "remove": ("env", "remove", "Delete an environment: its stacks, then its file."),
    },
)
def env() -> None:
    """Manage environments. Each one has its own stacks.

    \b
    Examples:
      accountsctl env list
      accountsctl env checkout staging
    """


@click.command()
@click.argument("name")
@click.option(
    "--cloud",
    type=click.Choice([cloud.value for cloud in Cloud]),
    help="Where to deploy it [as the checked-out environment].",
)
@click.option(
    "--region",
    metavar="REGION",
    help="The AWS region [as the checked-out environment].",
    shell_complete=regions,
)
@click.option(
    "--profile", metavar="NAME", help="The AWS profile of the environment.", shell_complete=profiles
)
@click.option("--account", metavar="ID", help="The AWS account of the environment; all others are refused.")
@click.option(
    "--from", "like", metavar="NAME", help="Copy this environment's parameters.", shell_complete=environments
)
@click.option(
    "--zones",
    metavar="ZONES",
    help="The availability zones of its databases, separated by commas; auto: those that AWS lists now.",
)
@click.option(
    "--preview",
    is_flag=True,
    help="A short-lived one: databases pause when idle, without readers and protection against deletion.",
)
@on_project
@grouped(NewEnvironment)
def add(app: Application, _screen: Screen, options: NewEnvironment) -> EditResult:
    """Add an environment with its own stack. No other environment is changed.

    In a `local` environment the embedded cloud creates the user pools that the backend imports.

    \b
    Examples:
      accountsctl env add staging
      accountsctl env add prod --cloud aws --region eu-west-1 --account 123456789012
      accountsctl env add prod --cloud aws --zones auto
      accountsctl env add pr-12 --from prod --preview
    """
    return Environments(app.projects, zones_of).add(options)


def zones_of(region: str, profile: str | None) -> Zones:
    """The availability zones of a region, by the credentials of a profile."""
    from accountsctl.adapters.aws.session import Session
    from accountsctl.adapters.aws.zones import AwsZones

    return AwsZones(Session(region, profile=profile))


@click.command()
@on_project
def get(app: Application, _screen: Screen) -> EnvironmentRow:
    """Show the name of the checked-out environment.

    \b
    Example:
      accountsctl env get
    """
    return Environments(app.projects).current()


@dataclass(frozen=True)
class RemoveOptions:
    """What the command line states; None means that an option was not given."""

    name: str
    yes: bool
    confirm: str | None
    keep_stack: bool
    profile: str | None
    region: str | None


@click.command()
@click.argument("name", shell_complete=environments)
@YES
@click.option("--keep-stack", is_flag=True, help="Delete its file only; no credentials are needed for that.")
@click.option("--confirm", metavar="NAME", help="The environment's name, to confirm without a prompt.")
@PROFILE
@REGION
@on_project
@grouped(RemoveOptions)
def remove(app: Application, screen: Screen, options: RemoveOptions) -> EnvironmentRemoved:
    """Delete an environment: its stacks, then its file. The checked-out environment cannot be removed.

    You are asked for the environment's name. Without a terminal, pass --yes --confirm NAME. With --keep-stack,
    what is deployed stays as it is, and is not looked at.

    \b
    Examples:
      accountsctl env remove staging
      accountsctl env remove staging --keep-stack
    """
    environments_ = Environments(app.projects)
    environments_.removable(options.name)
    about = Application(Settings(app.root, options.name, options.profile, options.region, screen.say))
    confirm = options.confirm if options.yes else None
    kept = about.environment.stack_name if options.keep_stack else None
    if kept or not delete_stacks(about, screen, confirm):
        confirm_name(options.name, confirm, f"remove the environment {options.name}", flags="--yes --confirm")
    environments_.forget(options.name)
    return EnvironmentRemoved(options.name, kept)


@click.command("list")
@click.option("--details", is_flag=True, help="Show the full content of the environments' files.")
@on_project
def list_(app: Application, _screen: Screen, details: bool) -> EnvironmentList | EnvironmentFiles:
    """List the environments; a star marks the checked-out one.

    \b
    Examples:
      accountsctl env list
      accountsctl env list --json
    """
    environments_ = Environments(app.projects)
    rows = environments_.rows()
    if details:
        return EnvironmentFiles({row.name: environments_.raw(row.name) for row in rows})
    return EnvironmentList(rows)


@click.command()
@click.argument("name", shell_complete=environments)
@on_project
def checkout(app: Application, _screen: Screen, name: str) -> CheckedOut:
    """Choose the environment that commands use when --env is not given.

    If the environment's file has faults, the old environment stays checked out.

    \b
    Example:
      accountsctl env checkout staging
    """
    return CheckedOut(Environments(app.projects).check_out(name))
