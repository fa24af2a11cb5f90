"""`auth` and `call`: the backend as one of its users meets it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_environment
from accountsctl.model.errors import UsageError
from accountsctl.ports.http import HttpAnswer
from accountsctl.ui.screen import Screen

RESOURCE = click.option(
    "--auth", "resource", metavar="NAME", help="The auth resource, where there are several."
)
USERNAME = click.option(
    "--username", metavar="NAME", help="Who signs in [the demo user, in a local environment]."
)
PASSWORD = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group(
    cls=LazyGroup, table={"token": ("users", "token", "Sign in and print a token, and nothing else.")}
)
def auth() -> None:
    """Sign in as a user of the imported pool."""


@click.command()
@USERNAME
@PASSWORD
@click.option("--access", is_flag=True, help="The access token instead of the ID token.")
@RESOURCE
@on_environment
def token(
    wiring: Wiring,
    screen: Screen,
    username: str | None,
    password_stdin: bool,
    access: bool,
    resource: str | None,
) -> None:
    """Sign in by SRP and print the ID token, and nothing else.

    curl -H "Authorization: $(accountsctl auth token)" "$(accountsctl outputs api/accountsAPI RootUrl)/accounts"
    """
    tokens = wiring.sign_in(_credentials(username, password_stdin), resource)
    if screen.as_json:
        screen.data(
            {"token": tokens.access_token if access else tokens.id_token, "expiresIn": tokens.expires_in}
        )
    else:
        screen.line(tokens.access_token if access else tokens.id_token)


@click.command()
@click.argument("method")
@click.argument("path")
@click.option("-d", "--data", metavar="JSON|@FILE", help="The body, or the file that holds it.")
@click.option("-H", "--header", "headers", multiple=True, metavar='"NAME: VALUE"', help="One more header.")
@click.option(
    "-i", "--include", is_flag=True, help="The status line and the headers before the body, as curl -i."
)
@click.option("--anonymous", is_flag=True, help="Send no token.")
@click.option("--api", metavar="NAME", help="The API, where there are several.")
@USERNAME
@PASSWORD
@on_environment
@click.pass_context
def call(
    context: click.Context,
    wiring: Wiring,
    screen: Screen,
    method: str,
    path: str,
    data: str | None,
    headers: tuple[str, ...],
    include: bool,
    anonymous: bool,
    api: str | None,
    username: str | None,
    password_stdin: bool,
) -> None:
    """Call the API as a signed-in client would: the body on stdout, the status on stderr.

    Exits 0 on an answer of 2xx, 1 on any other.
    """
    from accountsctl.adapters.http import Probe
    from accountsctl.commands.users.call import Call, parse_headers, send

    body = _body(data)
    asked = Call(method, path, parse_headers(headers), body, api, anonymous)
    credentials = _credentials(username, password_stdin)
    answer = send(asked, wiring.deployed_outputs, lambda: wiring.sign_in(credentials, None).id_token, Probe())
    if screen.as_json:
        screen.data({"status": answer.status, "headers": answer.headers, "body": answer.body})
    else:
        if include:
            screen.line(_head(answer))
        else:
            screen.say(f"{answer.status} {answer.reason}".rstrip())
        if answer.body:
            screen.line(answer.body.removesuffix("\n"))
    context.exit(0 if 200 <= answer.status < 300 else 1)


def _head(answer: HttpAnswer) -> str:
    """What stands before the body on the wire, the empty line included."""
    lines = (f"{name}: {value}" for name, value in answer.headers)
    return "\n".join([f"HTTP/1.1 {answer.status} {answer.reason}".rstrip(), *lines, ""])


def _body(data: str | None) -> bytes | None:
    if data is None or not data.startswith("@"):
        return data.encode() if data is not None else None
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise UsageError(
            f"The body's file {data[1:]} cannot be read.", why=str(error), hint="Name a file: -d @body.json"
        ) from error


def _credentials(username: str | None, password_stdin: bool) -> tuple[str | None, str | None]:
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    return username, password
