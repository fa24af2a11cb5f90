"""A wait of unknown length: a spinner with the seconds on a terminal, a line of talk elsewhere, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accountsctl.ui.screen import Screen


@contextmanager
def waiting(screen: Screen, text: str) -> Iterator[None]:
    """Show `text` until the block ends."""
    if screen.live:
        with busy(screen, text):
            yield
    else:
        screen.say(text)
        yield


@contextmanager
def busy(screen: Screen, text: str) -> Iterator[None]:
    """Show `text` on a terminal until the block ends: our own work of some seconds, of which a log needs no line."""
    if screen.quiet or not screen.live:
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=screen.err, no_color=not screen.colored)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        shown.add_task(text, total=None)
        yield
