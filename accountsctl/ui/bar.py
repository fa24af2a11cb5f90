"""Progress of something that is counted: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from accountsctl.ui.screen import Screen


@contextmanager
def bar(screen: Screen, what: str) -> Iterator[Callable[[int, int], None]]:
    """A function that takes (done, all), shown from its first call until the block ends.

    What is waited for before has the terminal to itself.
    """
    if not screen.live:
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=Console(file=screen.err, no_color=not screen.colored), transient=True)
    task = shown.add_task(what, total=None)
    with ExitStack() as ending:

        def advance(done: int, total: int) -> None:
            if not shown.live.is_started:
                ending.enter_context(shown)
            shown.update(task, completed=done, total=total)

        yield advance
