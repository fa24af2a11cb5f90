"""`drift`: what was changed without a push."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.drift import EnvironmentDrift
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def drift(app: Application, _: Screen) -> EnvironmentDrift:
    """Compare what runs with what was pushed, and show every property that differs.

    CloudFormation reads the resources of the root stack and of all nested stacks at the same time. Only properties
    that the templates set are compared; a resource whose type CloudFormation cannot compare is shown as not checked.

    Exit codes: 0 in sync, 1 drifted, 3 a stack could not be compared.

    \b
    Examples:
      accountsctl drift
      accountsctl drift -e prod --json
    """
    with app.settings.wait("comparing what runs with what was pushed"):
        return app.drift().run(app.environment, app.reading.project.backend)
