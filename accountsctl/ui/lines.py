"""Progress off a terminal: one line for each nested stack, failures at once, and a sign of life every 30 seconds."""

from __future__ import annotations

from accountsctl.model.events import Event, Looked, Note, StackEvent
from accountsctl.ui.board import Board, Progress, StackRow
from accountsctl.ui.screen import GREEN, RED, YELLOW, Screen

HEARTBEAT = 30.0
WORDS = {
    "CREATE": "created",
    "UPDATE": "updated",
    "DELETE": "deleted",
    "IMPORT": "imported",
}
MARKS = {"CREATE": "+", "UPDATE": "~", "DELETE": "-", "IMPORT": ">"}


class StackLines:
    """Writes lines as events come. `quiet`: failures only."""

    def __init__(self, screen: Screen, board: Board, *, quiet: bool = False) -> None:
        self._screen = screen
        self._board = board
        self._quiet = quiet
        self._spoke = 0.0

    def __call__(self, event: Event) -> None:
        """Take an event, and write the line that it is worth."""
        row = self._board.take(event)
        if isinstance(event, Note):
            self._say(event.text, style="")
        elif isinstance(event, StackEvent) and event.failed and not event.is_consequence:
            self._write(failure_line(self._board, event), RED)
        elif row is not None and row is not self._board.root and row.state is not Progress.WORKING:
            self._row(row)
        elif isinstance(event, Looked) and self._board.elapsed - self._spoke >= HEARTBEAT:
            self._say(heartbeat(self._board), style="")

    def _row(self, row: StackRow) -> None:
        if row.state is Progress.FAILED or not row.resources:
            return
        self._say(row_line(self._board, row), GREEN if row.state is Progress.DONE else YELLOW)

    def _say(self, text: str, style: str) -> None:
        if not self._quiet:
            self._write(text, style)

    def _write(self, text: str, style: str) -> None:
        self._spoke = self._board.elapsed
        self._screen.say(text, style)


class EventLines:
    """Every event in a line of its own, without those that only repeat the status before."""

    def __init__(self, screen: Screen, board: Board) -> None:
        self._screen = screen
        self._board = board
        self._last: dict[tuple[str, ...], tuple[str, str]] = {}

    def __call__(self, event: Event) -> None:
        """Take an event, and write it."""
        old_copy = isinstance(event, StackEvent) and self._board.is_of_an_old_copy(event)
        self._board.take(event)
        if isinstance(event, Note):
            self._screen.say(event.text)
        if not isinstance(event, StackEvent):
            return
        last, self._last[event.path] = (
            self._last.get(event.path),
            (event.status, event.physical_id),
        )
        if last and last[0] == event.status:
            return
        name = "/".join(event.path) or event.stack
        reason = f": {event.reason}" if event.reason and event.failed else ""
        verb = {"DELETE_COMPLETE": "is deleted", "DELETE_SKIPPED": "is kept"}.get(
            event.status, "is being deleted"
        )
        status = f"old copy {verb}" if old_copy else event.status
        style = RED if event.failed else ""
        self._screen.say(f"{event.at:%H:%M:%S}  {status:<28} {name}  {event.type}{reason}", style)


def row_line(board: Board, row: StackRow) -> str:
    """A nested stack that rests: ``  +  0:04 rds/db  created  12 resources``."""
    width = max((len(other.name) for other in board.rows.values()), default=0)
    count = len(row.resources)
    word = "rolled back" if row.state is Progress.ROLLED_BACK else WORDS.get(row.verb, "done")
    mark = "↶" if row.state is Progress.ROLLED_BACK else MARKS.get(row.verb, "✓")
    text = f"  {mark} {clock_time(row.seconds):>5} {row.name:<{width}}  {word:<8}  {count} resource{'s' * (count != 1)}"
    return f"{text}, replaced: {', '.join(row.replaced)}" if row.replaced else text


def failure_line(board: Board, event: StackEvent) -> str:
    """``  ✗  0:09 storage/files  Role IAM::Role: Policy ... does not exist``."""
    resource = "/".join(event.path[1:] or event.path) or event.stack
    kind = event.type.removeprefix("AWS::")
    reason = event.reason or event.status
    name = board.row_of(event).name or event.stack
    return f"  ✗ {clock_time(board.elapsed):>5} {name}  {resource} {kind}: {reason}"


def heartbeat(board: Board) -> str:
    """What is worked at and what is pending, in a line: a CI that sees nothing for ten minutes ends the job."""
    working = [f"{row.name} ({working_text(row)})" for row in board.in_state(Progress.WORKING)]
    pending = [row.name for row in board.in_state(Progress.PENDING)]
    parts = [
        f"in progress: {', '.join(working)}" if working else "waiting for CloudFormation",
        *([f"pending: {', '.join(pending)}"] if pending else []),
    ]
    return f"  … {clock_time(board.elapsed):>5} {'; '.join(parts)}"


def working_text(row: StackRow) -> str:
    """What a stack waits for: its resource that is at work the longest, and how many more."""
    working = row.working
    if not working:
        return "the stack itself"
    more = f" and {len(working) - 1} more" if len(working) > 1 else ""
    return f"{working[0].name} {working[0].type}{more}"


def clock_time(seconds: float) -> str:
    """``1:42``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
