"""Progress of something that is counted: a bar on a terminal, a line at the end elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accountsctl.ui.screen import Screen


@contextmanager
def bar(screen: Screen, what: str) -> Iterator[Callable[[int, int], None]]:
    """A function that takes (done, all), shown until the block ends."""
    if not screen.live:
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=screen.err, no_color=not screen.colored)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
