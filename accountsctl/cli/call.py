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
from accountsctl.cli.completion import apis, methods, paths
from accountsctl.cli.options import grouped, on_environment
from accountsctl.model.endpoints import HttpEndpointKind
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError, reason_of
from accountsctl.ui.results.users import Called
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.users.call import Call
    from accountsctl.commands.users.targets import CallTarget
    from accountsctl.commands.users.unanswered import Unanswered
    from accountsctl.ports.http import Http

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
@click.argument("method", shell_complete=methods)
@click.argument("path", shell_complete=paths)
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
@click.option(
    "--api", metavar="NAME", help="The API or function URL, if there are several.", shell_complete=apis
)
@USERNAME
@PASSWORD
@MFA_CODE
@NEW_PASSWORD
@on_environment
@grouped(CallOptions)
def call(app: Application, _screen: Screen, options: CallOptions) -> Called:
    """Send a request to the API as a signed-in user: the body goes to stdout, the status to stderr.

    What is called is a REST API, an HTTP API or a function URL, whichever the environment's stacks have; --api names
    one of several. A method with AWS_IAM authorization takes no token but a signed request: --iam.
    The exit code is 0 for a status of 2xx, and 1 for any other.

    \b
    Examples:
      accountsctl call GET /accounts
      accountsctl call POST /accounts -d '{"nickname": "Rent"}'
      accountsctl call GET /items --iam
      accountsctl call GET /orders --api custom/shop
    """
    from accountsctl.commands.users.call import Call, parse_headers, send, takes_token

    body, headers, since = _body(options.data), parse_headers(options.headers), datetime.now(UTC)
    target = call_target(app, options.api)
    tokenless = (
        options.anonymous
        or options.iam
        or not takes_token(target, lambda: app.deployed_http.routes(target.endpoint))
    )
    request = Call(options.method, options.path, headers, body, tokenless)
    credentials = read_credentials(options)
    http = signed(app, target.kind) if options.iam else http_client(app)
    response = send(request, target, lambda: app.sign_in(credentials).id_token, http)
    messages = unanswered(app, target, request, signed=options.iam).explain(response, since)
    return Called(response, options.include, messages)


def call_target(app: Application, api: str | None) -> CallTarget:
    """The API or function URL that `--api` names, or the only one."""
    from accountsctl.commands.users.targets import CallTargets

    return CallTargets(
        lambda: app.deployed_outputs, lambda: app.deployed_http.all(), app.environment.name
    ).choose(api)


def http_client(app: Application) -> Http:
    """Requests that may take as long as the environment's cloud lets them."""
    from accountsctl.adapters.http import LOCAL_TIMEOUT, TIMEOUT, HttpClient

    return HttpClient(LOCAL_TIMEOUT if app.environment.cloud is Cloud.LOCAL else TIMEOUT)


def signed(app: Application, kind: HttpEndpointKind) -> Http:
    """Requests signed for the service that answers there."""
    from accountsctl.adapters.aws.signed_http import LAMBDA, SERVICE, SignedHttp

    return SignedHttp(app.session, http_client(app), LAMBDA if kind is HttpEndpointKind.URL else SERVICE)


def handler_of(app: Application, resource: str, path: str) -> str:
    """The function that the project states for a path of an API; empty if it states none."""
    from accountsctl.doctor.facts.routing import RouteTable

    sources = {str(id_): source.parameters for id_, source in app.reading.project.sources.items()}
    stated = sources.get(resource, {}).get("paths")
    routes = stated if isinstance(stated, Mapping) else {}
    route = routes.get(RouteTable(routes).find(path.partition("?")[0]))
    return str(route.get("function") or "") if isinstance(route, Mapping) else ""


def unanswered(app: Application, target: CallTarget, request: Call, *, signed: bool) -> Unanswered:
    """What is looked at after a call that failed."""
    import time

    from accountsctl.commands.functions.code import function_code
    from accountsctl.commands.functions.logs import FunctionLog, function_log
    from accountsctl.commands.users.unanswered import RefusedAccess, Unanswered, by_path
    from accountsctl.formats.frontend.api_template import methods_by_path

    def paths() -> Mapping[str, tuple[str, ...]]:
        if target.kind is HttpEndpointKind.HTTP:
            return by_path(app.deployed_http.routes(target.endpoint))
        held = [child for child in app.rendered.assembly().children if str(child.id) == target.resource]
        return {path: found for child in held for path, found in methods_by_path(child.template.body).items()}

    def log() -> FunctionLog:
        known = function_log(app.deployed_outputs, app.logs)
        others = app.deployed_http.functions(target.resource)
        more = {name: id_ for name, id_ in others.items() if id_ not in known.functions.values()}
        return FunctionLog({**known.functions, **more}, app.logs)

    looks, seconds = LOOKS[app.environment.cloud]
    return Unanswered(
        log=log,
        paths=paths,
        reasons=lambda since: app.deployed_http.reasons(target.url, since),
        access=RefusedAccess(
            target.kind, target.endpoint.auth if target.endpoint else "", signed, request.method, request.path
        ),
        looks=looks,
        wait=lambda: time.sleep(seconds),
        code=lambda name: function_code(app.reading.project, name),
        handler=lambda: handler_of(app, target.resource, request.path),
    )


def _body(data: str | None) -> bytes | None:
    if data is None or not data.startswith("@"):
        return data.encode() if data is not None else None
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise UsageError(
            f"The body's file {data[1:]} cannot be read.",
            why=reason_of(error),
            hint="Name a file: -d @body.json",
        ) from error
