"""Where output goes. stdout is data, stderr is messages; colour never carries meaning alone."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from accountsctl.formats.text_table import aligned, hanging

RED, GREEN, YELLOW, BOLD, DIM = "31", "32", "33", "1", "2"
"""Styles: ANSI codes (ECMA-48, SGR). Not rich's, whose import costs every coloured command 20 ms."""
NO_SIZE = 80
"""The columns of a terminal that does not say how many it has."""


# Our own styles, as `in_style` writes them, are left; so are tab and newline. The last two ranges are Unicode's
# bidirectional overrides and isolates, which reorder the text around them.
_CONTROL = re.compile(
    r"\x1b\[(?:0|1|2|31|32|33)m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a surrogate pair: no encoding has it."""


def visible(text: str) -> str:
    """`text` with control characters as ``\\x1b``: foreign text must not move a terminal's cursor, rename its
    window or hide what it shows."""
    return _CONTROL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if len(found[0]) > 1:
        return found[0]
    return (
        found[0].encode("unicode_escape").decode("ascii") if found[0] > "\xff" else f"\\x{ord(found[0]):02x}"
    )


def in_style(text: str, style: str) -> str:
    """`text` in a style; as it is for no style."""
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


class ColorMode(StrEnum):
    """When output is coloured; AUTO: on a terminal."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ProgressMode(StrEnum):
    """What is shown of an operation; AUTO: a bar on a terminal, a line for each stack elsewhere."""

    AUTO = "auto"
    BAR = "bar"
    EVENTS = "events"
    NONE = "none"


@dataclass(frozen=True)
class Screen:
    """A terminal, a pipe, or a test's buffers. `as_json`: a result is a value (``--json``, ``-o yaml``), not text.

    `as_yaml` writes that value as YAML. `quiet` drops messages, but never data and never errors.
    """

    out: TextIO
    err: TextIO
    color: ColorMode = ColorMode.AUTO
    as_json: bool = False
    progress: ProgressMode = ProgressMode.AUTO
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    as_yaml: bool = False

    @property
    def live(self) -> bool:
        """Whether messages may be redrawn in place: stderr is a terminal, and plain text was not requested."""
        return self.err.isatty() and os.environ.get("TERM") != "dumb" and not self.as_json

    @property
    def colored(self) -> bool:
        """Whether messages may be coloured; ``NO_COLOR`` and ``CLICOLOR_FORCE`` are respected."""
        return self._may_color(self.err)

    @property
    def out_colored(self) -> bool:
        """Whether data may be coloured: it was requested, or stdout is a terminal."""
        return self._may_color(self.out)

    def _may_color(self, stream: TextIO) -> bool:
        """The flag decides, then the variables, then the terminal.

        The variables: https://no-color.org and https://bixense.com/clicolors
        """
        if self.color is not ColorMode.AUTO:
            return self.color is ColorMode.ALWAYS
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("CLICOLOR_FORCE", "0") != "0":
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def data(self, value: object) -> None:
        """A value as JSON on stdout, or as YAML."""
        from accountsctl.formats.json_writer import report_text, yaml_report_text

        self.out.write(yaml_report_text(value) if self.as_yaml else report_text(value))

    def styled(self, text: str, style: str) -> str:
        """A part of a line of data in a style, if data may be coloured."""
        return in_style(text, style) if self.out_colored else text

    def line(self, text: str) -> None:
        """One line of data on stdout; control characters are escaped if it is a terminal."""
        self.write(text + "\n")

    def write(self, text: str) -> None:
        """A text of data on stdout as it is; control characters are escaped if it is a terminal."""
        self.out.write(visible(text) if self.out.isatty() else _HALF.sub(_escaped, text))

    def say(self, text: str, style: str = "") -> None:
        """One message on stderr, in a style such as `RED`; control characters are escaped, and on a terminal it is
        broken between words.
        """
        if self.quiet and style != RED:
            return
        text = visible(text)
        if self.err.isatty():
            text = hanging(text, terminal_width(self.err))
        self.err.write((in_style(text, style) if self.colored else text) + "\n")
        self.err.flush()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Aligned columns on stdout, plain enough for `grep` and `awk`."""
        for text in aligned(columns, rows, self.width):
            self.line(text)

    @property
    def width(self) -> int | None:
        """How many columns a line of data may have; None if stdout is not a terminal."""
        return terminal_width(self.out) if self.out.isatty() else None


def terminal_width(stream: TextIO) -> int:
    """The columns of the terminal that a stream writes to; ``COLUMNS`` overrides them."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated)
    try:
        return os.get_terminal_size(stream.fileno()).columns or NO_SIZE
    except (OSError, ValueError):  # io.UnsupportedOperation is both
        return NO_SIZE


def standard(color: ColorMode = ColorMode.AUTO, **stated: bool) -> Screen:
    """This process's own stdout and stderr; `stated` are fields of `Screen`."""
    return Screen(sys.stdout, sys.stderr, color, **stated)  # type: ignore[arg-type]
