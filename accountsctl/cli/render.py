"""`render`: the CloudFormation templates of an environment, as files."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.reports import RenderResult
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def render(app: Application, _screen: Screen) -> RenderResult:
    """Write the CloudFormation templates of an environment to amplify/build.

    A push uploads the same files, byte for byte. No cloud is called.

    \b
    Example:
      accountsctl render -e prod
    """
    from accountsctl.commands.stacks.status import Render

    return Render(app.projects).run(app.rendered.assembly())
