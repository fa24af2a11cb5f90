"""`db shell`: statements one after the other, typed or piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.db import RESOURCE
from accountsctl.cli.options import on_environment
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.database.shell import Shell

HISTORY = 2000


@click.command()
@RESOURCE
@on_environment
def shell(app: Application, screen: Screen, resource: str | None) -> FormattedText:
    """Run SQL statements interactively; end each with a semicolon, and type \\? for help.

    Every statement is a transaction of its own: BEGIN and COMMIT are refused. Without a terminal the statements
    are read from standard input, and the first error ends the session.

    \b
    Examples:
      accountsctl db shell
      accountsctl db shell < report.sql
    """
    from accountsctl.commands.database.shell import Shell

    typed = sys.stdin.isatty()
    session = Shell(app.database(resource), screen.as_json, width=lambda: screen.width)
    return FormattedText((f"{text}\n" for text in _answers(session, typed=typed)), is_value=True)


def _answers(session: Shell, *, typed: bool) -> Iterator[str]:
    """The lines to print, as statements are typed or read."""
    for line in _typed(session) if typed else sys.stdin:
        try:
            yield from session.take(line, forgiving=typed)
        except KeyboardInterrupt:
            if not typed:
                raise
            session.forget()
            yield "Interrupted. The database may finish the statement all the same."
        if session.ended:
            return
    yield from session.finish()


def _typed(session: Shell) -> Iterator[str]:
    """Lines from the terminal, with editing and a history that outlives the session."""
    import readline

    file = Path.home() / ".local" / "state" / "accountsctl" / "db_history"
    with _without_history(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            readline.read_history_file(file)
    readline.set_history_length(HISTORY)
    try:
        while True:
            try:
                yield input(session.prompt) + "\n"
            except KeyboardInterrupt:
                print()
                session.forget()
    except EOFError:
        print()
    finally:
        with _without_history(file):
            readline.write_history_file(file)


@contextmanager
def _without_history(file: Path) -> Iterator[None]:
    """Go on without the history where it cannot be read or kept, and say so: a home may be read-only."""
    try:
        yield
    except OSError as error:
        click.echo(f"The history of the shell is not kept: {error.strerror or error}: {file}", err=True)
