"""Where output goes. stdout is data, stderr is talk; colour never carries meaning alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from accountsctl.formats.json_writer import report_text


@dataclass(frozen=True)
class Screen:
    """A terminal, a pipe, or a test's buffers. `color` is auto, always or never; `as_json` is ``--json``."""

    out: TextIO
    err: TextIO
    color: str = "auto"
    as_json: bool = False

    @property
    def live(self) -> bool:
        """True where talk may be redrawn in place: stderr is a terminal and nobody asked for plain text."""
        return self.err.isatty() and os.environ.get("TERM") != "dumb" and not self.as_json

    @property
    def colored(self) -> bool:
        """True where talk may be coloured; ``NO_COLOR`` is honoured."""
        if self.color == "auto":
            return self.err.isatty() and not os.environ.get("NO_COLOR")
        return self.color == "always"

    @property
    def out_colored(self) -> bool:
        """True where data may be coloured: asked for, or stdout is a terminal."""
        if self.color == "auto":
            return self.out.isatty() and not os.environ.get("NO_COLOR")
        return self.color == "always"

    def data(self, value: object) -> None:
        """A value as JSON on stdout."""
        self.out.write(report_text(value))

    def line(self, text: str) -> None:
        """One line of data on stdout."""
        self.out.write(text + "\n")

    def say(self, text: str, style: str = "") -> None:
        """One line of talk on stderr; `style` is an ANSI code such as ``31`` for red."""
        shown = f"\x1b[{style}m{text}\x1b[0m" if style and self.colored else text
        self.err.write(shown + "\n")
        self.err.flush()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Aligned columns on stdout, plain enough for `grep` and `awk`."""
        for text in aligned(columns, rows):
            self.line(text)


def aligned(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table as lines: two spaces between columns, a rule under the head."""
    cells = [list(columns), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def standard(color: str = "auto", *, as_json: bool = False) -> Screen:
    """This process's own stdout and stderr."""
    return Screen(sys.stdout, sys.stderr, color, as_json)
