"""Progress on a terminal: one block of at most eight lines, whatever the terminal's height.

    Pushing shop-dev  ━━━━━━━━━━━━━━━━━╸━━━━━━━━  24/33  1:42
      ✓ auth/userpool, function/hello
      … rds/db 1:31  Writer RDS::DBInstance and 2 more
      · api/web waits for function/hello

Every label is a `Text`: brackets in a name are never read as markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.ui.board import Board, Progress, StackRow
from accountsctl.ui.lines import clock_time, working_text

if TYPE_CHECKING:
    from rich.text import Text

LINES = 8
WIDEST_BAR = 28


def block(board: Board, width: int, height: int) -> Text:
    """The block for a terminal of this size: `width` columns and `height` rows."""
    from rich.text import Text

    room = max(1, min(LINES, height - 1) - 1)
    lines = [_title(board, width), *_body(board, room)]
    for line in lines:
        line.truncate(width - 1, overflow="ellipsis")
    return Text("\n", no_wrap=True, end="").join(lines)


def _title(board: Board, width: int) -> Text:
    from rich.text import Text

    title, total, done = board.title, board.total, board.done
    end = f"  {done}/{total}  {clock_time(board.elapsed)}" if total else f"  {clock_time(board.elapsed)}"
    bar = min(WIDEST_BAR, width - len(title) - len(end) - 3)
    if bar < 5 or not total:
        return Text(title + end)
    full = bar * done // total
    return Text.assemble(f"{title}  ", ("━" * full, "green"), ("─" * (bar - full), "dim"), end)


def _body(board: Board, room: int) -> list[Text]:
    """At most `room` lines. What is pending always has one: it is what a user waits to understand."""
    working = [_working(board, row) for row in board.in_state(Progress.WORKING)]
    pending = [_pending(row) for row in board.in_state(Progress.PENDING)]
    ended = _ended(board)
    free = room - len(ended)
    least = min(len(pending), 1)
    if len(working) > free - least:
        working = _cut(working, free - least, "in progress")
    if len(pending) > free - len(working):
        pending = _together(board.in_state(Progress.PENDING), free - len(working), pending)
    return [*ended, *working, *pending][:room]


def _ended(board: Board) -> list[Text]:
    """The stacks at rest, those of one kind in one line; at most three lines."""
    from rich.text import Text

    kinds = (
        (Progress.FAILED, "✗", "red"),
        (Progress.ROLLED_BACK, "↶", "yellow"),
        (Progress.DONE, "✓", "green"),
    )
    return [
        Text.assemble("  ", (mark, style), " ", ", ".join(row.name for row in rows))
        for state, mark, style in kinds
        if (rows := board.in_state(state))
    ]


def _working(board: Board, row: StackRow) -> Text:
    from rich.text import Text

    time = clock_time(board.elapsed - row.since)
    return Text.assemble("  ", ("…", "yellow"), f" {row.name} {time}  ", (working_text(row), "dim"))


def _pending(row: StackRow) -> Text:
    from rich.text import Text

    waits = f" waits for {', '.join(row.waits_for)}" if row.waits_for else " is next"
    return Text.assemble("  ", ("·", "dim"), f" {row.name}", (waits, "dim"))


def _cut(lines: list[Text], room: int, what: str) -> list[Text]:
    from rich.text import Text

    shown = max(room - 1, 0)
    return [*lines[:shown], Text(f"  … {len(lines) - shown} more {what}", style="dim")]


def _together(rows: list[StackRow], room: int, lines: list[Text]) -> list[Text]:
    """The first pending rows in full, the names of the others in one line."""
    from rich.text import Text

    shown = max(room - 1, 0)
    names = ", ".join(row.name for row in rows[shown:])
    return [
        *lines[:shown],
        Text.assemble("  ", ("·", "dim"), f" {len(rows) - shown} pending: {names}"),
    ]
