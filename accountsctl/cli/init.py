"""`init`: a new project in a folder."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import regions
from accountsctl.cli.options import on_project
from accountsctl.commands.project.environments import DEFAULT_REGION
from accountsctl.commands.project.init import NewProject, start
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError, reason_of
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@click.argument("name", required=False)
@click.option(
    "--cloud",
    type=click.Choice([cloud.value for cloud in Cloud]),
    default=Cloud.LOCAL.value,
    show_default=True,
    help="Where the environment is deployed: this machine or AWS.",
)
@click.option(
    "--region",
    default=DEFAULT_REGION,
    show_default=True,
    envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
    metavar="REGION",
    shell_complete=regions,
    help="The AWS region [$AWS_REGION].",
)
@on_project
def init(app: Application, _screen: Screen, name: str | None, cloud: str, region: str) -> EditResult:
    """Start a project in this folder, with one environment, `dev`, checked out.

    In a project that Amplify made, its environments are taken over from team-provider-info.json; no file
    of Amplify's is changed, and nothing is sent to AWS. If the project has environments, nothing is changed.

    \b
    Examples:
      accountsctl init shop
      accountsctl init shop --cloud aws --region eu-central-1
    """
    from accountsctl.adapters.project_files.workspace import FileWorkspace

    folder = app.settings.directory.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be a project's folder.",
            why=reason_of(error),
            hint="Choose another with -C DIR.",
        ) from error
    return start(FileWorkspace(folder), NewProject(folder.name, name, cloud, region))
