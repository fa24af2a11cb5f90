"""`import auth`: link a user pool that another stack owns."""

from __future__ import annotations

from collections.abc import Sequence

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import answered, on_environment, show_edit
from accountsctl.commands.project.import_auth import demo_ids, import_auth
from accountsctl.model.names import RESOURCE_NAME
from accountsctl.ui.screen import Screen


@click.group(
    "import",
    cls=LazyGroup,
    table={"auth": ("import_auth", "import_auth_", "Use a Cognito user pool that exists already.")},
)
def import_() -> None:
    """Use a resource that another stack owns."""


@click.command("auth")
@click.argument("name", required=False)
@click.option("--user-pool-id", metavar="ID", help="The user pool.")
@click.option("--client-id", metavar="ID", help="The native app client, as Amplify's AppClientID.")
@click.option(
    "--web-client-id", metavar="ID", help="The web app client, without a secret [the native client]."
)
@click.option("--identity-pool-id", metavar="ID", help="The identity pool, if there is one.")
@on_environment
def import_auth_(
    app: Application,
    screen: Screen,
    name: str | None,
    user_pool_id: str | None,
    client_id: str | None,
    web_client_id: str | None,
    identity_pool_id: str | None,
) -> None:
    """Use an existing Cognito user pool in this environment. The pool itself is not changed.

    On AWS the ids are checked against Cognito, and on a terminal missing ids can be chosen from a list.
    In a `local` environment the embedded cloud creates the pool, with generated ids if none are given.

    \b
    Examples:
      accountsctl import auth users
      accountsctl import auth users --user-pool-id eu-west-1_AbC123 --client-id 1example2
    """
    environment = app.environment
    name = name or _only_auth(app) or "userpool"
    pools = app.pools
    if pools is None and not (user_pool_id or client_id or web_client_id):
        ids = demo_ids(app.projects.read(environment.name).project.name, environment, name)
    else:
        pool = user_pool_id or _choose("user pool", "--user-pool-id", pools.pools() if pools else ())
        clients = pools.clients(pool) if pools and not client_id else ()
        client = client_id or _choose("app client", "--client-id", clients)
        if not web_client_id and len(clients) > 1:
            web_client_id = _choose("web client, one without a secret", "--web-client-id", clients)
        ids = {"UserPoolId": pool, "AppClientID": client, "AppClientIDWeb": web_client_id or client}
    if identity_pool_id:
        ids["IdentityPoolId"] = identity_pool_id
    show_edit(screen, import_auth(app.projects, environment, name, ids, pools))


def _only_auth(app: Application) -> str | None:
    """The auth resource that is imported already, where there is one: another environment links it too."""
    backend = app.projects.read(app.environment.name).project.backend
    names = [
        each.id.name
        for each in backend
        if each.id.category == "auth" and RESOURCE_NAME.fullmatch(each.id.name)
    ]
    return names[0] if len(names) == 1 else None


def _choose(what: str, flag: str, found: Sequence[tuple[str, str]]) -> str:
    """Ask which one; without a terminal the missing flag is the error."""
    for number, (id_, label) in enumerate(found, 1):
        click.echo(f"  {number}  {label}  {id_}", err=True)
    number = answered(f"Which {what}?", flag, type=click.IntRange(1, max(1, len(found))), listed=bool(found))
    return found[int(number) - 1][0] if found else str(number)
