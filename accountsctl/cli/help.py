"""`help` and `version`, as words beside the options."""

from __future__ import annotations

import click

from accountsctl import __version__
from accountsctl.cli.finish import finish
from accountsctl.cli.shared import screen_of, showing
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import standard


@click.command("help")
@click.argument("command", nargs=-1)
@click.pass_context
def help_(context: click.Context, command: tuple[str, ...]) -> None:
    """Show the help of a command, the same as --help after it.

    \b
    Examples:
      accountsctl help
      accountsctl help env add
    """
    about = context.find_root()
    for word in command:
        if not isinstance(about.command, click.Group):
            break
        name, found, _ = about.command.resolve_command(about, [word])
        assert found is not None
        about = found.context_class(found, info_name=name, parent=about)
    finish(standard(), FormattedText([f"{about.command.get_help(about)}\n"]))


@click.command()
@showing
def version(**values: object) -> None:
    """Show the version of accountsctl.

    \b
    Example:
      accountsctl version
    """
    finish(screen_of(values), FormattedText([f"accountsctl {__version__}\n"]))
