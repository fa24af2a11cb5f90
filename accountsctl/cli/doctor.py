"""`doctor`: find problems, and say how to fix them."""

from __future__ import annotations

import click
from click.core import ParameterSource

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_environment
from accountsctl.model.errors import UsageError
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
    push would change, stale deployments, paused databases, and functions that failed in the last hour.
    """
    if context.invoked_subcommand is not None:
        _refuse_lost_options(context)
        return None
    return app.check_up().run()


def _refuse_lost_options(context: click.Context) -> None:
    """An option before the subcommand would be ours, and lost: the subcommand has the same ones."""
    given = [
        param.opts[-1]
        for param in context.command.params
        if param.name and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        name = context.invoked_subcommand
        raise UsageError(
            f"{given[0]} stands before {name}, which would not see it.",
            hint=f"Write it after: accountsctl doctor {name} {given[0]} ...",
        )
