"""`import auth`: link a user pool that another stack owns."""

from __future__ import annotations

from dataclasses import dataclass

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import choose_from, grouped, on_environment
from accountsctl.commands.project.import_auth import demo_ids, import_auth
from accountsctl.model.names import RESOURCE_NAME
from accountsctl.model.project import Project
from accountsctl.model.reports import EditResult
from accountsctl.ports.pools import Pools
from accountsctl.ui.screen import Screen


@click.group(
    "import",
    cls=LazyGroup,
    table={"auth": ("import_auth", "import_auth_", "Use a Cognito user pool that exists already.")},
)
def import_() -> None:
    """Use a resource that another stack owns.

    \b
    Example:
      accountsctl import auth users --user-pool-id eu-west-1_AbC123 --client-id 1example2
    """


@dataclass(frozen=True)
class ImportOptions:
    """What the command line states; None means that an option was not given."""

    name: str | None
    user_pool_id: str | None
    client_id: str | None
    web_client_id: str | None
    identity_pool_id: str | None

    @property
    def states_ids(self) -> bool:
        """Whether any id was given."""
        return bool(self.user_pool_id or self.client_id or self.web_client_id)


@click.command("auth")
@click.argument("name", required=False)
@click.option("--user-pool-id", metavar="ID", help="The user pool.")
@click.option("--client-id", metavar="ID", help="The native app client, as Amplify's AppClientID.")
@click.option(
    "--web-client-id", metavar="ID", help="The web app client, without a secret [the native client]."
)
@click.option("--identity-pool-id", metavar="ID", help="The identity pool, if there is one.")
@on_environment
@grouped(ImportOptions)
def import_auth_(app: Application, _screen: Screen, options: ImportOptions) -> EditResult:
    """Use an existing Cognito user pool in this environment. The pool itself is not changed.

    On AWS the ids are checked against Cognito, and on a terminal missing ids can be chosen from a list.
    In a `local` environment the embedded cloud creates the pool, with generated ids if none are given.

    \b
    Examples:
      accountsctl import auth users
      accountsctl import auth users --user-pool-id eu-west-1_AbC123 --client-id 1example2
    """
    project, pools = app.reading.project, app.pools
    name = options.name or _only_auth(project) or "userpool"
    if pools is None and not options.states_ids:
        ids = demo_ids(project.name, project.environment, name)
    else:
        ids = _ids(options, pools)
    if options.identity_pool_id:
        ids["IdentityPoolId"] = options.identity_pool_id
    return import_auth(app.editor, name, ids, pools)


def _ids(options: ImportOptions, pools: Pools | None) -> dict[str, str]:
    """The ids that the options state; missing ones are chosen at the terminal. `pools` is None without Cognito."""
    pool = options.user_pool_id or choose_from(
        "Which user pool?", "--user-pool-id", pools.pools() if pools else ()
    )
    clients = pools.clients(pool) if pools and not options.client_id else ()
    client = options.client_id or choose_from("Which app client?", "--client-id", clients)
    web_client = options.web_client_id
    if not web_client and len(clients) > 1:
        web_client = choose_from("Which web client, one without a secret?", "--web-client-id", clients)
    return {"UserPoolId": pool, "AppClientID": client, "AppClientIDWeb": web_client or client}


def _only_auth(project: Project) -> str | None:
    """The auth resource that is imported already, if there is exactly one: another environment links it too."""
    names = [
        resource.id.name
        for resource in project.backend
        if resource.id.category == "auth" and RESOURCE_NAME.fullmatch(resource.id.name)
    ]
    return names[0] if len(names) == 1 else None
