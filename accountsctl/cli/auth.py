"""`auth token`: sign in as a user of the imported pool."""

from __future__ import annotations

import sys

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_environment
from accountsctl.commands.users.sign_in import Credentials
from accountsctl.ui.screen import Screen

RESOURCE = click.option("--auth", "resource", metavar="NAME", help="The auth resource, if there are several.")
USERNAME = click.option(
    "--username", metavar="NAME", help="The user who signs in [in a local environment: the demo user]."
)
PASSWORD = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group(cls=LazyGroup, table={"token": ("auth", "token", "Sign in and print a token.")})
def auth() -> None:
    """Sign in as a user of the imported pool.

    \b
    Example:
      accountsctl auth token
    """


@click.command()
@USERNAME
@PASSWORD
@click.option("--access", is_flag=True, help="Print the access token instead of the ID token.")
@RESOURCE
@on_environment
def token(
    app: Application,
    screen: Screen,
    username: str | None,
    password_stdin: bool,
    access: bool,
    resource: str | None,
) -> None:
    """Sign in with SRP and print only the ID token.

    \b
    Examples:
      accountsctl auth token
      curl -H "Authorization: $(accountsctl auth token)" https://api.example.com/accounts
    """
    tokens = app.sign_in(read_credentials(username, password_stdin), resource)
    if screen.as_json:
        screen.data(
            {"token": tokens.access_token if access else tokens.id_token, "expiresIn": tokens.expires_in}
        )
    else:
        screen.line(tokens.access_token if access else tokens.id_token)


def read_credentials(username: str | None, password_stdin: bool) -> Credentials:
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    return Credentials(username, password)
