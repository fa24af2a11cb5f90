"""`init`, `import`, `remove`: a project, and what comes into it and goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import resources
from accountsctl.cli.options import COLOR, JSON, PROJECT, answered, confirm_name, on_environment, show_edit
from accountsctl.commands.project.import_auth import demo_ids, import_auth
from accountsctl.commands.project.init import Start, start
from accountsctl.commands.project.remove import Removing
from accountsctl.model.errors import UsageError
from accountsctl.model.names import RESOURCE_NAME
from accountsctl.ui.screen import Screen, standard

DEFAULT_REGION = "eu-west-1"


@click.command()
@click.argument("name", required=False)
@click.option("--cloud", type=click.Choice(["local", "aws"]), default="local", show_default=True)
@click.option("--region", default=DEFAULT_REGION, show_default=True, metavar="REGION")
@PROJECT
@COLOR
@JSON
def init(name: str | None, cloud: str, region: str, project: str | None, color: str, as_json: bool) -> None:
    """Start a project in this folder, with one environment, `dev`, checked out.

    In a folder that has a project it says so and changes nothing.
    """
    from accountsctl.adapters.project_files.store import FileProjects

    folder = Path(project or ".").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be a project's folder.", why=str(error), hint="Choose another with -C DIR."
        ) from error
    done = start(FileProjects(folder), Start(folder.name, name, cloud, region))
    show_edit(standard(color, as_json=as_json), done)


@click.group(
    "import", cls=LazyGroup, table={"auth": ("project", "import_auth_", "Link a Cognito user pool.")}
)
def import_() -> None:
    """Link what someone else's stack owns."""


@click.command("auth")
@click.argument("name", required=False)
@click.option("--user-pool-id", metavar="ID")
@click.option("--client-id", metavar="ID", help="The native app client.")
@click.option("--web-client-id", metavar="ID", help="The web client, one without a secret [the native one].")
@click.option("--identity-pool-id", metavar="ID")
@on_environment
def import_auth_(
    wiring: Wiring,
    screen: Screen,
    name: str | None,
    user_pool_id: str | None,
    client_id: str | None,
    web_client_id: str | None,
    identity_pool_id: str | None,
) -> None:
    """Link a Cognito user pool to this environment. Its owner's stack is not touched.

    On AWS the ids are checked against Cognito; on a terminal, what is not given is chosen from what there is.
    In a `local` environment the embedded cloud makes the pool: without ids it gets some of its own.
    """
    environment = wiring.environment
    name = name or _only_auth(wiring) or "userpool"
    pools = wiring.pools()
    if pools is None and not (user_pool_id or client_id or web_client_id):
        ids = demo_ids(wiring.projects.read(environment.name).project.name, environment, name)
    else:
        pool = user_pool_id or _choose("user pool", "--user-pool-id", pools.pools() if pools else ())
        clients = pools.clients(pool) if pools and not client_id else ()
        client = client_id or _choose("app client", "--client-id", clients)
        if not web_client_id and len(clients) > 1:
            web_client_id = _choose("web client, one without a secret", "--web-client-id", clients)
        ids = {"UserPoolId": pool, "AppClientID": client, "AppClientIDWeb": web_client_id or client}
    if identity_pool_id:
        ids["IdentityPoolId"] = identity_pool_id
    show_edit(screen, import_auth(wiring.projects, environment, name, ids, pools))


@click.command()
@click.argument("resource", metavar="CATEGORY/NAME", shell_complete=resources)
@click.option(
    "--confirm", metavar="NAME", help="The resource's name, where it holds data and nobody can be asked."
)
@on_environment
def remove(wiring: Wiring, screen: Screen, resource: str, confirm: str | None) -> None:
    """Take a resource out of the backend, once nothing depends on it.

    Its stack goes with the next push, which says what of its data stays. An imported resource is only unlinked.
    Its files are moved to amplify/.removed.
    """
    removing = Removing(wiring.projects, wiring.environment.name)
    departure = removing.departure(resource)
    if departure.held:
        for sentence in departure.held:
            screen.say(sentence)
        confirm_name(departure.id.name, confirm, f"remove {departure.id}")
    show_edit(screen, removing.run(departure))


def _only_auth(wiring: Wiring) -> str | None:
    """The auth resource that is imported already, where there is one: another environment links it too."""
    backend = wiring.projects.read(wiring.environment.name).project.backend
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
