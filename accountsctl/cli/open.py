"""`open`: the stack in AWS's console, the API, or the accounts page, in a browser."""

from __future__ import annotations

from urllib.parse import quote

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import apis
from accountsctl.cli.options import on_environment
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError
from accountsctl.ui.results.users import AddressOpened
from accountsctl.ui.screen import Screen

TARGETS = ("console", "api", "page")


@click.command("open")
@click.argument("what", type=click.Choice(TARGETS), default="console")
@click.option("--api", metavar="NAME", help="The API, if there are several.", shell_complete=apis)
@click.option("--print", "only_print", is_flag=True, help="Print the address, and open nothing.")
@on_environment
def open_(
    app: Application, screen: Screen, what: str, api: str | None, only_print: bool
) -> AddressOpened | None:
    """Open the environment's stack in AWS's console, the address of its API, or the accounts page.

    The page is served on this machine until Ctrl-C, as by `accountsctl ui`, which also chooses its port.

    \b
    Examples:
      accountsctl open
      accountsctl open api --print
      accountsctl open page
    """
    from accountsctl.cli.call import call_target
    from accountsctl.cli.ui import show_page

    if what == "page":
        show_page(app, screen, None, opened=not only_print)
        return None
    if what == "api":
        url = call_target(app, api).url
    elif app.environment.cloud is Cloud.LOCAL:
        raise UsageError(
            f"{app.environment.name} is on the embedded cloud, which has no console.",
            why="The console of AWS shows what is in an AWS account.",
            hint="`accountsctl status` shows what there is; `accountsctl open api` opens the API.",
        )
    else:
        url = _console(app.environment.region, app.environment.stack_name)
    opened = not only_print and click.launch(url) == 0
    return AddressOpened(url, () if opened or only_print else ("No browser could be opened here.",))


def _console(region: str, stack: str) -> str:
    """The list of stacks in CloudFormation's console, filtered by a name."""
    return (
        f"https://{region}.console.aws.amazon.com/cloudformation/home?region={region}"
        f"#/stacks?filteringText={quote(stack, safe='')}"
    )
