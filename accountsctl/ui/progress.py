"""The progress of a push: a live tree of stacks and resources on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from accountsctl.model.events import Event, Listener, Note, StackEvent
from accountsctl.ui.screen import RED, Screen

if TYPE_CHECKING:
    from rich.live import Live
    from rich.tree import Tree


@contextmanager
def progress(screen: Screen) -> Iterator[Listener]:
    """A listener that shows events as they come, until the block ends.

    The tree begins with the first event: what is said or asked before it has the terminal to itself.
    """
    if not screen.live:
        yield lambda event: _line(screen, event)
        return
    with ExitStack() as shown:
        tree = StackTree()
        live: list[Live] = []

        def listen(event: Event) -> None:
            if not live:
                live.append(shown.enter_context(_live(screen, tree)))
            if isinstance(event, Note):
                live[0].console.print(event.text, style="dim", markup=False, highlight=False)
            else:
                tree.take(event)

        yield listen


def _live(screen: Screen, tree: StackTree) -> Live:
    from rich.console import Console
    from rich.live import Live

    console = Console(file=screen.err, no_color=not screen.colored)
    return Live(get_renderable=tree.render, console=console, refresh_per_second=8)


def _line(screen: Screen, event: Event) -> None:
    if isinstance(event, Note):
        screen.say(event.text)
        return
    name = "/".join(event.path) or event.stack
    reason = f": {event.reason}" if event.reason and event.failed else ""
    screen.say(
        f"{event.at:%H:%M:%S}  {event.status:<28} {name}  {event.type}{reason}", RED if event.failed else ""
    )


class StackTree:
    """The latest state of every resource that was heard of, as a tree by the path from the root stack."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str, ...], StackEvent] = {}

    def take(self, event: StackEvent) -> None:
        """Remember an event."""
        self._latest[event.path] = event

    def render(self) -> Tree:
        """The tree as rich draws it. A mark says the state; colour only repeats it."""
        from rich.tree import Tree

        root = Tree(self._label(()), guide_style="dim")
        nodes: dict[tuple[str, ...], Tree] = {(): root}
        for path in sorted(self._latest):
            for depth in range(1, len(path) + 1):
                if path[:depth] not in nodes:
                    nodes[path[:depth]] = nodes[path[: depth - 1]].add(self._label(path[:depth]))
        return root

    def _label(self, path: tuple[str, ...]) -> str:
        from rich.markup import escape

        event = self._latest.get(path)
        if event is None:
            return escape(path[-1]) if path else "waiting for CloudFormation"
        mark, style = _mark(event.status)
        name = escape(path[-1] if path else event.stack)
        kind = event.type.removeprefix("AWS::")
        reason = f" [red]{escape(event.reason)}[/]" if event.failed and event.reason else ""
        return f"[{style}]{mark}[/] {name} [dim]{kind} {event.status}[/]{reason}"


def _mark(status: str) -> tuple[str, str]:
    if status.endswith("_FAILED"):
        return "✗", "red"
    if status.endswith("_COMPLETE"):
        return ("↶", "yellow") if "ROLLBACK" in status else ("✓", "green")
    return "…", "yellow"
