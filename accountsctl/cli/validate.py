"""`validate`: check an environment before AWS does."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.reports import ValidationResult
from accountsctl.ui.results.project import show_warnings
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def validate(app: Application, screen: Screen) -> ValidationResult:
    """Check the templates and parameters of an environment, and list every fault with its file and line.

    The templates are rendered to amplify/build and checked by AWS's resource schemas and cfn-lint. No cloud is
    called. -v shows warnings as well, which do not change the exit code. `push` and `push --dry-run` check what they
    would change in the same way.

    Exit codes: 0 valid, 2 a fault.

    \b
    Examples:
      accountsctl validate
      accountsctl validate -e prod --json
    """
    result = app.rendered.validate()
    if screen.verbose:
        show_warnings(screen, result.warnings)
    return result
