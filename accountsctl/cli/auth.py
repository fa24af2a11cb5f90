"""`auth token`: sign in as a user of the imported pool."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Protocol

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import pools
from accountsctl.cli.options import grouped, on_environment
from accountsctl.commands.users.sign_in import Credentials
from accountsctl.ui.results.users import PrintedToken
from accountsctl.ui.screen import Screen, visible

RESOURCE = click.option(
    "--auth",
    "resource",
    metavar="NAME",
    help="The auth resource, if there are several.",
    shell_complete=pools,
)
USERNAME = click.option(
    "--username", metavar="NAME", help="The user who signs in [in a local environment: the demo user]."
)
PASSWORD = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


class SignInOptions(Protocol):
    """The options of a command that signs in; None means that an option was not given."""

    @property
    def username(self) -> str | None: ...
    @property
    def password_stdin(self) -> bool: ...
    @property
    def mfa_code(self) -> str | None: ...
    @property
    def new_password_stdin(self) -> bool: ...


@dataclass(frozen=True)
class TokenOptions:
    """What the command line states; None means that an option was not given."""

    username: str | None
    password_stdin: bool
    mfa_code: str | None
    new_password_stdin: bool
    access: bool
    resource: str | None


MFA_CODE = click.option("--mfa-code", metavar="CODE", help="The code of the user's second factor.")
NEW_PASSWORD = click.option(
    "--new-password-stdin",
    is_flag=True,
    help="Read a new password from standard input, after the password: it replaces a temporary one.",
)


@click.group(
    cls=LazyGroup,
    table={
        "token": ("auth", "token", "Sign in and print a token."),
        "user": ("auth_user", "user", "Add, list and remove users of a local environment."),
    },
)
def auth() -> None:
    """Sign in as a user of the imported pool; add users to it in a local environment.

    \b
    Examples:
      accountsctl auth token
      accountsctl auth user add ann@example.com --group admins
    """


@click.command()
@USERNAME
@PASSWORD
@MFA_CODE
@NEW_PASSWORD
@click.option("--access", is_flag=True, help="Print the access token instead of the ID token.")
@RESOURCE
@on_environment
@grouped(TokenOptions)
def token(app: Application, _screen: Screen, options: TokenOptions) -> PrintedToken:
    """Sign in with SRP and print only the ID token. On a terminal you are asked for what is missing.

    \b
    Examples:
      accountsctl auth token
      accountsctl auth token --username ann@example.com
      accountsctl auth token --username ann --mfa-code 123456
      curl -H "Authorization: $(accountsctl auth token)" https://api.example.com/accounts
    """
    tokens = app.sign_in(read_credentials(options), options.resource)
    return PrintedToken(tokens.access_token if options.access else tokens.id_token, tokens.expires_in)


def read_credentials(options: SignInOptions) -> Credentials:
    """What the options state; passwords are lines of standard input, which is then not asked for anything else."""
    password = _line() if options.password_stdin else None
    new_password = _line() if options.new_password_stdin else None
    interactive = sys.stdin.isatty() and not (options.password_stdin or options.new_password_stdin)
    return Credentials(
        options.username, password, options.mfa_code, new_password, _ask if interactive else None
    )


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _ask(text: str) -> str:
    answer: str = click.prompt(visible(text), hide_input=True, err=True)
    return answer
