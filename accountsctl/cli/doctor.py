"""`doctor`: find problems, and say how to fix them."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_environment
from accountsctl.model.health import Health
from accountsctl.ui.screen import Screen

EPILOG = """\b
Examples:
  accountsctl doctor
  accountsctl doctor cors
\b
Exit codes: 0 healthy; 1 problems found; 2 usage error; 4 the cloud could not be reached."""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog=EPILOG,
    table={"cors": ("doctor_cors", "cors", "Explain why a browser blocks an API's responses.")},
)
@on_environment
@click.pass_context
def doctor(context: click.Context, app: Application, _screen: Screen) -> Health | None:
    """Find problems in an environment, and say how to fix them.

    Checks the project's files (what would stop a push, retired runtimes and databases, old SDKs, missing rights, open
    APIs, secrets in plain text), the tools on this machine, the credentials, the imported pools, the stack, what a
    push would change, stale deployments, paused databases, and functions and calls that failed in the last hour.
    """
    if context.invoked_subcommand is not None:
        return None  # the subcommand gets the options that stand before it
    return app.check_up().run()
