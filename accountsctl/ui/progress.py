"""The progress of an operation: a block on a terminal, lines elsewhere, as ``--progress`` says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from accountsctl.formats.text_table import hanging
from accountsctl.model.events import Event, Listener, Note, StackEvent
from accountsctl.ui.board import Board, Progress
from accountsctl.ui.lines import EventLines, StackLines, failure_line, row_line
from accountsctl.ui.screen import GREEN, YELLOW, ProgressMode, Screen, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live


@contextmanager
def progress(
    screen: Screen, names: Mapping[str, str] | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Listener]:
    """A listener that shows events as they come, until the block ends. `names` are those of nested stacks."""
    board = Board(clock, names)
    match screen.progress:
        case ProgressMode.EVENTS:
            yield EventLines(screen, board)
        case ProgressMode.NONE:
            yield StackLines(screen, board, quiet=True)
        case _ if screen.live:
            with TerminalBlock(screen, board) as listen:
                yield listen
        case _:
            yield StackLines(screen, board)


class TerminalBlock:
    """The live block; failures and notes stand above it, and at the end one line for each stack takes its place.

    It begins with the first event: what is said or asked before it has the terminal to itself.
    """

    def __init__(self, screen: Screen, board: Board, console: Console | None = None) -> None:
        self._screen = screen
        self._board = board
        self._console = console
        self._live: Live | None = None
        self._shown = ExitStack()

    def __enter__(self) -> Listener:
        return self.take

    def __exit__(self, *_: object) -> None:
        if self._live is None:
            return
        self._shown.close()
        for row in self._board.in_state(Progress.DONE, Progress.ROLLED_BACK):
            if row.resources:
                self._screen.say(
                    row_line(self._board, row),
                    GREEN if row.state is Progress.DONE else YELLOW,
                )

    def take(self, event: Event) -> None:
        """Take an event into the block."""
        live = self._started()
        self._board.take(event)
        if isinstance(event, Note):
            self._print(live, event.text, "dim")
        elif isinstance(event, StackEvent) and event.failed and not event.is_consequence:
            self._print(live, failure_line(self._board, event), "red")

    def _print(self, live: Live, text: str, style: str) -> None:
        """A message above the block, broken as messages are that stand alone."""
        from rich.text import Text

        lines = hanging(visible(text), live.console.width)
        live.console.print(Text(lines, style=style), highlight=False, soft_wrap=True)

    def _started(self) -> Live:
        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            from accountsctl.ui.block import block

            console = self._console or Console(file=self._screen.err, no_color=not self._screen.colored)
            board = self._board
            self._live = Live(
                get_renderable=lambda: block(board, console.width, console.height),
                console=console,
                refresh_per_second=8,
                transient=True,
            )
            self._shown.enter_context(self._live)
        return self._live
