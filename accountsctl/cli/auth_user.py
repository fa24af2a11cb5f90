"""`auth user`: more users for the pool of a local environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.auth import RESOURCE
from accountsctl.cli.options import on_environment
from accountsctl.ui.results.users import UserAdded, UserRemoved, UsersListed
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.users.local_users import UsersOf


@click.group(
    cls=LazyGroup,
    table={
        "add": ("auth_user", "add", "Add a user, who can sign in at once."),
        "list": ("auth_user", "list_users", "List the users and their groups."),
        "remove": ("auth_user", "remove", "Remove a user."),
    },
)
def user() -> None:
    """The users of a local environment's pool, to test groups and what one user sees of another.

    Their passwords are generated and kept in amplify/.local, so `call` and `auth token` need their name only.

    \b
    Examples:
      accountsctl auth user add ann@example.com --group admins
      accountsctl call GET /accounts --username ann@example.com
    """


@click.command()
@click.argument("name")
@click.option(
    "--group", "groups", multiple=True, metavar="GROUP", help="A group of the user; created if missing."
)
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="An attribute, such as custom:team=red.",
)
@RESOURCE
@on_environment
def add(
    app: Application,
    _screen: Screen,
    name: str,
    groups: tuple[str, ...],
    attributes: tuple[str, ...],
    resource: str | None,
) -> UserAdded:
    """Add a confirmed user with a generated password. A NAME with @ is the user's verified email address too.

    \b
    Examples:
      accountsctl auth user add ann@example.com
      accountsctl auth user add bob --group admins --attribute email=bob@example.com
    """
    created = _users(app, resource).add(name, groups, attributes)
    return UserAdded(app.environment.name, name, groups, created)


@click.command()
@RESOURCE
@on_environment
def list_users(app: Application, _screen: Screen, resource: str | None) -> UsersListed:
    """List the users with Cognito's status and their groups.

    \b
    Examples:
      accountsctl auth user list
      accountsctl auth user list --json
    """
    return UsersListed(app.environment.name, _users(app, resource).list())


@click.command()
@click.argument("name")
@RESOURCE
@on_environment
def remove(app: Application, _screen: Screen, name: str, resource: str | None) -> UserRemoved:
    """Remove a user. What the user's calls stored stays.

    \b
    Examples:
      accountsctl auth user remove ann@example.com
      accountsctl auth user remove bob -e dev
    """
    _users(app, resource).remove(name)
    return UserRemoved(app.environment.name, name)


def _users(app: Application, resource: str | None) -> UsersOf:
    from accountsctl.commands.users.local_users import UsersOf

    return UsersOf.pool(app.environment, app.local_users, resource, app)
