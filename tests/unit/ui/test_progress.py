"""Recorded panes and lines of a push: what is pending, what is at work, what was replaced."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from accountsctl.model.events import Event, Looked, Note, Outline, Part, StackEvent
from accountsctl.model.template_body import STACK
from accountsctl.ui.block import block
from accountsctl.ui.board import Board
from accountsctl.ui.lines import EventLines, StackLines
from accountsctl.ui.progress import TerminalBlock, progress
from accountsctl.ui.screen import ProgressMode, Screen

START = datetime(2026, 11, 28, tzinfo=UTC)
OUTLINE = Outline(
    "Pushing shop-dev",
    (
        Part("auth/pool", "authpool", (), 2),
        Part("rds/db", "rdsdb", (), 8),
        Part("function/hello", "functionhello", ("rds/db",), 3),
        Part("api/web", "apiweb", ("auth/pool", "function/hello"), 18),
    ),
)


@dataclass
class Operation:
    """Events with a clock that they move."""

    now: float = 0.0
    board: Board = field(init=False)

    def __post_init__(self) -> None:
        self.board = Board(lambda: self.now)

    def event(
        self,
        path: str,
        status: str,
        *,
        kind: str = "",
        physical: str = "",
        reason: str = "",
        root: str = "shop-dev",
    ) -> StackEvent:
        """An event `path` (``a/b`` below the root) now; a path of at most one id is a stack unless `kind` says else."""
        ids = tuple(path.split("/")) if path else ()
        type_ = kind or (STACK if len(ids) < 2 else "AWS::X::Y")
        at = START + timedelta(seconds=self.now)
        return StackEvent(f"{path}{status}{self.now}", at, root, ids, type_, status, reason, physical)


def pane(width: int, height: int, board: Board) -> list[str]:
    """The block as a terminal of this size shows it."""
    console = Console(
        file=io.StringIO(),
        width=width,
        height=height,
        force_terminal=True,
        no_color=True,
    )
    console.print(block(board, width, height))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()]


def half_way() -> Operation:
    """The pool is done, the database is at work, two stacks wait."""
    it = Operation()
    for event in (
        OUTLINE,
        it.event("", "UPDATE_IN_PROGRESS"),
        it.event("authpool", "CREATE_IN_PROGRESS"),
        it.event("rdsdb", "CREATE_IN_PROGRESS"),
        it.event("authpool/Pool", "CREATE_COMPLETE"),
        it.event("authpool/Client", "CREATE_COMPLETE"),
        it.event("authpool", "CREATE_COMPLETE"),
        it.event("rdsdb/Cluster", "CREATE_COMPLETE"),
        it.event("rdsdb/Writer", "CREATE_IN_PROGRESS", kind="AWS::RDS::DBInstance"),
    ):
        it.board.take(event)
    it.now = 102
    return it


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 18)])
def test_a_pane_shows_what_is_pending_and_what_it_waits_for(width: int, height: int) -> None:
    lines = pane(width, height, half_way().board)
    assert lines[0].startswith("Pushing shop-dev  ━")
    assert lines[0].endswith("4/35  1:42")
    assert lines[1:] == [
        "  ✓ auth/pool",
        "  … rds/db 1:42  Writer RDS::DBInstance",
        "  · function/hello waits for rds/db",
        "  · api/web waits for auth/pool, function/hello",
    ]
    assert max(map(len, lines)) < width


@pytest.mark.parametrize("height", [5, 8, 18, 24, 60])
def test_thirty_stacks_fit_in_eight_lines_and_something_pending_is_among_them(
    height: int,
) -> None:
    it = Operation()
    it.board.take(
        Outline(
            "Pushing shop-dev",
            tuple(Part(f"function/f{n}", f"f{n}") for n in range(30)),
        )
    )
    for n in range(20):
        it.board.take(it.event(f"f{n}", "CREATE_IN_PROGRESS"))
    lines = pane(80, height, it.board)
    assert len(lines) <= min(8, height - 1)
    assert any("pending" in line or "is next" in line for line in lines)


def test_brackets_in_a_name_are_not_read_as_markup() -> None:
    it = Operation()
    it.board.take(Outline("Pushing [red]x[/]", (Part("rds/[bold]", "r"),)))
    assert pane(80, 24, it.board)[0].startswith("Pushing [red]x[/]")
    assert "rds/[bold]" in pane(80, 24, it.board)[1]


def lines_of(*events: Event, operation: Operation | None = None, quiet: bool = False) -> list[str]:
    """What a pipe reads of these events."""
    it = operation or Operation()
    screen = Screen(io.StringIO(), io.StringIO())
    listen = StackLines(screen, it.board, quiet=quiet)
    for event in events:
        listen(event)
    return screen.err.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def replacement(it: Operation) -> list[Event]:
    """A cluster that is replaced: the new copy is made, then the old one goes."""
    return [
        it.event("rdsdb", "UPDATE_IN_PROGRESS"),
        it.event("rdsdb/Cluster", "UPDATE_IN_PROGRESS", physical="old"),
        it.event("rdsdb/Cluster", "UPDATE_IN_PROGRESS", physical="new"),
        it.event("rdsdb/Cluster", "UPDATE_COMPLETE", physical="new"),
        it.event("rdsdb", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        it.event("rdsdb/Cluster", "DELETE_IN_PROGRESS", physical="old"),
        it.event("rdsdb/Cluster", "DELETE_COMPLETE", physical="old"),
        it.event("rdsdb", "UPDATE_COMPLETE"),
    ]


def test_what_is_replaced_is_called_replaced_and_never_deleted() -> None:
    it = Operation()
    for event in replacement(it):
        it.board.take(event)
    row = it.board.rows["rdsdb"]
    assert list(row.replaced) == ["Cluster"]
    assert [each.status for each in row.resources.values()] == ["UPDATE_COMPLETE"]


def test_every_event_of_a_replacement_calls_the_old_copy_one() -> None:
    it, screen = Operation(), Screen(io.StringIO(), io.StringIO())
    listen = EventLines(screen, it.board)
    for event in replacement(it):
        listen(event)
    text = screen.err.getvalue()  # type: ignore[attr-defined]
    assert "DELETE_COMPLETE" not in text
    assert text.count("old copy") == 2


def test_a_rolled_back_replacement_is_not_called_replaced() -> None:
    it = Operation()
    for event in (
        it.event("rdsdb", "UPDATE_IN_PROGRESS"),
        it.event("rdsdb/Cluster", "UPDATE_COMPLETE", physical="new"),
        it.event("rdsdb", "UPDATE_ROLLBACK_IN_PROGRESS"),
        it.event("rdsdb/Cluster", "UPDATE_COMPLETE", physical="old"),
        it.event("rdsdb/Cluster", "DELETE_COMPLETE", physical="new"),
        it.event("rdsdb", "UPDATE_ROLLBACK_COMPLETE"),
        it.event("rdsdb", "UPDATE_COMPLETE"),
    ):
        it.board.take(event)
    assert list(it.board.rows["rdsdb"].replaced) == []
    assert it.board.rows["rdsdb"].state == "rolled back"


def test_a_pipe_reads_one_line_for_each_stack() -> None:
    it = Operation()
    begin = it.event("rdsdb", "CREATE_IN_PROGRESS")
    it.now = 4
    assert lines_of(
        OUTLINE,
        begin,
        it.event("rdsdb/Cluster", "CREATE_IN_PROGRESS"),
        it.event("rdsdb/Cluster", "CREATE_COMPLETE"),
        it.event("rdsdb", "CREATE_COMPLETE"),
        it.event("rdsdb", "CREATE_COMPLETE"),
        it.event("authpool", "UPDATE_COMPLETE"),
        operation=it,
    ) == ["  +  0:04 rds/db          created   1 resource"]


@pytest.mark.parametrize("quiet", [False, True])
def test_a_failure_is_written_at_once_and_its_consequences_are_not(quiet: bool) -> None:
    it = Operation()
    written = lines_of(
        it.event(
            "rdsdb/Cluster",
            "CREATE_FAILED",
            kind="AWS::RDS::DBCluster",
            reason="no version 99",
        ),
        it.event("rdsdb/Group", "CREATE_FAILED", reason="Resource creation cancelled"),
        operation=it,
        quiet=quiet,
    )
    assert written == ["  ✗  0:00 rdsdb  Cluster RDS::DBCluster: no version 99"]


def test_every_thirty_silent_seconds_a_line_says_what_is_at_work_and_what_is_pending() -> None:
    it = half_way()
    it.now = 0
    screen = Screen(io.StringIO(), io.StringIO())
    listen = StackLines(screen, it.board)
    for second in range(0, 100, 5):
        it.now = second
        listen(Looked())
    beats = screen.err.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(beats) == 3
    assert beats[0] == (
        "  …  0:30 in progress: rds/db (Writer RDS::DBInstance); pending: function/hello, api/web"
    )


def test_a_note_is_a_line_and_quiet_drops_it() -> None:
    assert lines_of(Note("uploaded")) == ["uploaded"]
    assert lines_of(Note("uploaded"), quiet=True) == []


def test_the_block_gives_way_to_a_line_for_each_stack() -> None:
    it, err = half_way(), io.StringIO()
    screen = Screen(io.StringIO(), err)
    console = Console(file=io.StringIO(), width=80, height=24, force_terminal=True)
    with TerminalBlock(screen, it.board, console) as listen:
        listen(Note("[bold]a note[/]"))
        listen(it.event("rdsdb/Writer", "CREATE_FAILED", reason="[red]full[/]"))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "[bold]a note[/]" in shown
    assert "[red]full[/]" in shown
    assert err.getvalue() == "  +  0:00 auth/pool       created   2 resources\n"


@pytest.mark.parametrize(("chosen", "written"), [("none", 0), ("events", 1), ("auto", 0), ("bar", 0)])
def test_what_is_written_of_a_resource_is_chosen_by_progress(chosen: str, written: int) -> None:
    it = Operation()
    screen = Screen(io.StringIO(), io.StringIO(), progress=ProgressMode(chosen))
    with progress(screen) as listen:
        listen(it.event("rdsdb/Cluster", "CREATE_COMPLETE"))
        listen(it.event("rdsdb/Cluster", "CREATE_COMPLETE"))
    assert len(screen.err.getvalue().splitlines()) == written  # type: ignore[attr-defined]


def test_an_operation_without_an_outline_names_the_resources_of_the_backend() -> None:
    it, out = Operation(), io.StringIO()
    write = StackLines(Screen(out=io.StringIO(), err=out), Board(lambda: it.now, {"rdsdb": "rds/db"}))
    for path, status in (("rdsdb", "CREATE_IN_PROGRESS"), ("rdsdb/Cluster", "CREATE_COMPLETE")):
        write(it.event(path, status))
    write(it.event("rdsdb", "CREATE_COMPLETE"))
    assert "rds/db  created" in out.getvalue()
