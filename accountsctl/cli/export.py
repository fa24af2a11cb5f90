"""`export`: what a front end needs."""

from __future__ import annotations

from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import apis
from accountsctl.cli.options import on_environment
from accountsctl.formats.frontend.exports import Format, exported
from accountsctl.formats.json_writer import new_text
from accountsctl.model.errors import UsageError, reason_of
from accountsctl.model.reports import EditResult
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import Screen

OPENAPI = "openapi"


@click.command()
@click.option(
    "--format",
    "shape",
    type=click.Choice([*(format_.value for format_ in Format), OPENAPI]),
    default=Format.AMPLIFY_OUTPUTS.value,
    show_default=True,
    help="The format to write.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file to write [standard output].",
)
@click.option(
    "--api",
    metavar="NAME",
    help="The API that `openapi` describes, if there are several.",
    shell_complete=apis,
)
@on_environment
def export(
    app: Application, _screen: Screen, shape: str, out: Path | None, api: str | None
) -> FormattedText | EditResult:
    """Write the configuration that a front end needs: Cognito's ids, the APIs, all other outputs.

    Pass `amplify-outputs` to Amplify.configure of aws-amplify v6; it works with the embedded cloud, too.
    `openapi` describes one deployed API, with the descriptions from the openapi.yaml of its functions.

    \b
    Examples:
      accountsctl export --out src/amplify_outputs.json
      accountsctl export --format openapi --api accountsAPI
    """
    text = _text(app, shape, api)
    if out is None:
        return FormattedText([text])
    from accountsctl.adapters.project_files.disk import Disk, write_file

    try:
        write_file(Disk(), out.absolute(), text.encode())
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written.", why=reason_of(error), hint="Name another file with --out."
        ) from error
    return EditResult(f"Wrote {out}.")


def _text(app: Application, shape: str, api: str | None) -> str:
    if shape != OPENAPI:
        if api is not None:
            raise UsageError(
                "--api goes with --format openapi.",
                why="An OpenAPI document describes one API, and the other formats have all.",
                hint="Add --format openapi, or leave --api out.",
            )
        return exported(app.read_deployed().run(), Format(shape))
    from accountsctl.adapters.aws.api_exports import AwsApiExports
    from accountsctl.commands.stacks.export_openapi import DescribeApi

    exports = AwsApiExports(app.session)
    command = DescribeApi(app.reading.project, lambda: app.deployed_outputs, exports, app.settings.tell)
    return new_text(command.run(api))
