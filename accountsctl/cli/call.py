"""`call`: one request to the deployed API, as a signed-in client sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.auth import MFA_CODE, NEW_PASSWORD, PASSWORD, USERNAME, read_credentials
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError
from accountsctl.ui.results.users import Called
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.users.unanswered import Unanswered

LOOKS = {Cloud.LOCAL: (3, 0.1), Cloud.AWS: (5, 1.5)}
"""How often the log is read after a failure until something is in it, and the seconds between two looks."""


@dataclass(frozen=True)
class CallOptions:
    """What the command line states; None means that an option was not given."""

    method: str
    path: str
    data: str | None
    headers: tuple[str, ...]
    include: bool
    anonymous: bool
    iam: bool
    api: str | None
    username: str | None
    password_stdin: bool
    mfa_code: str | None
    new_password_stdin: bool


@click.command()
@click.argument("method")
@click.argument("path")
@click.option("-d", "--data", metavar="JSON|@FILE", help="The request body, or @ and the file that holds it.")
@click.option(
    "-H",
    "--header",
    "headers",
    multiple=True,
    metavar='"NAME: VALUE"',
    help="A header to send; can be repeated.",
)
@click.option(
    "-i",
    "--include",
    is_flag=True,
    help="Print the status line and the headers before the body, as curl -i does.",
)
@click.option("--anonymous", is_flag=True, help="Do not sign in, and send no token.")
@click.option(
    "--iam",
    is_flag=True,
    help="Send no token, and sign the request with the AWS credentials of the environment.",
)
@click.option("--api", metavar="NAME", help="The API, if there are several.")
@USERNAME
@PASSWORD
@MFA_CODE
@NEW_PASSWORD
@on_environment
@grouped(CallOptions)
def call(app: Application, _screen: Screen, options: CallOptions) -> Called:
    """Send a request to the API as a signed-in user: the body goes to stdout, the status to stderr.

    A method with AWS_IAM authorization takes no token but a signed request: --iam.
    The exit code is 0 for a status of 2xx, and 1 for any other.

    \b
    Examples:
      accountsctl call GET /accounts
      accountsctl call POST /accounts -d '{"nickname": "Rent"}'
      accountsctl call GET /items --iam
    """
    from accountsctl.adapters.aws.signed_http import SignedHttp
    from accountsctl.adapters.http import HttpClient
    from accountsctl.commands.users.call import Call, parse_headers, send

    body, since = _body(options.data), datetime.now(UTC)
    tokenless = options.anonymous or options.iam
    request = Call(options.method, options.path, parse_headers(options.headers), body, options.api, tokenless)
    credentials = read_credentials(options)
    http = SignedHttp(app.session, HttpClient()) if options.iam else HttpClient()
    response = send(request, app.deployed_outputs, lambda: app.sign_in(credentials).id_token, http)
    return Called(response, options.include, unanswered(app, options.api).explain(response, since))


def unanswered(app: Application, api: str | None) -> Unanswered:
    """What is looked at after a call that failed."""
    import time

    from accountsctl.commands.functions.code import function_code
    from accountsctl.commands.functions.logs import function_log
    from accountsctl.commands.users.unanswered import Unanswered
    from accountsctl.formats.frontend.api_template import methods_by_path

    def paths() -> Mapping[str, tuple[str, ...]]:
        apis = [child for child in app.rendered.assembly().children if child.id.category == "api"]
        named = [child for child in apis if api is None or child.id.name == api.removeprefix("api/")]
        return {
            path: found for child in named for path, found in methods_by_path(child.template.body).items()
        }

    looks, seconds = LOOKS[app.environment.cloud]
    return Unanswered(
        lambda: function_log(app.deployed_outputs, app.logs),
        paths,
        looks,
        lambda: time.sleep(seconds),
        lambda name: function_code(app.reading.project, name),
    )


def _body(data: str | None) -> bytes | None:
    if data is None or not data.startswith("@"):
        return data.encode() if data is not None else None
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise UsageError(
            f"The body's file {data[1:]} cannot be read.", why=str(error), hint="Name a file: -d @body.json"
        ) from error
