"""A terminal of a given size, with a program in it: what a person sees of a command, line by line.

Only what accountsctl uses is understood: text, carriage return, line feed, tab, and the control sequences that move the
cursor, erase and colour (ECMA-48). A line that is too wide is a line that the terminal breaks, so it is reported as it
was written.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PART = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[=>]|([\x00-\x1f])|([^\x00-\x1f\x1b]+)")
PATIENCE = 180


@dataclass
class Paper:
    """Everything that was printed, without what was erased; a line may be longer than the terminal is wide."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0

    def print(self, text: str) -> None:
        """Take what a program writes."""
        for found in _PART.finditer(text):
            digits, letter, control, plain = found.groups()
            if plain:
                self._write(plain)
            elif control:
                self._control(control)
            elif letter:
                self._move(letter, int(digits) if digits.isdigit() else 0)

    def _write(self, text: str) -> None:
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + text + line[self.column + len(text) :]
        self.column += len(text)

    def _control(self, control: str) -> None:
        if control == "\r":
            self.column = 0
        elif control == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
        elif control == "\t":
            self._write(" " * (8 - self.column % 8))

    def _move(self, letter: str, count: int) -> None:
        if letter == "A":
            self.row = max(0, self.row - max(1, count))
        elif letter == "B":
            self.row = min(len(self.lines) - 1, self.row + max(1, count))
        elif letter == "G":
            self.column = max(1, count) - 1
        elif letter == "K":
            line = self.lines[self.row]
            self.lines[self.row] = "" if count == 2 else line[: self.column]
        elif letter == "J":
            self.lines[self.row] = self.lines[self.row][: self.column]
            del self.lines[self.row + 1 :]


@dataclass(frozen=True)
class Terminal:
    """A terminal: `columns` and `rows`, in a folder."""

    columns: int
    rows: int
    folder: Path

    def run(
        self, command: Sequence[str], *, answers: Mapping[str, str] | None = None, stop: str = ""
    ) -> tuple[int, list[str]]:
        """Run a command; its exit code and the lines that are left on the screen.

        `answers`: what is typed once a text is on the screen. `stop`: the text on which it is ended.
        """
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**os.environ, "TERM": "xterm-256color", "PATH": path}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "CI"):
            environment.pop(name, None)
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        ) as process:
            os.close(theirs)
            try:
                paper = _followed(ours, process, dict(answers or {}), stop)
            except BaseException:
                process.kill()
                raise
        os.close(ours)
        return process.returncode, [line.rstrip() for line in paper.lines]


def _followed(ours: int, process: subprocess.Popen[bytes], answers: dict[str, str], stop: str) -> Paper:
    paper, raw, ends = Paper(), b"", time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < ends, "\n".join(paper.lines)
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            read = os.read(ours, 65536)
        except OSError:  # The last one that had the terminal has closed it.
            return paper
        if not read:
            return paper
        raw += read
        text = raw.decode("utf-8", "ignore")
        paper = Paper()
        paper.print(text)
        seen = "\n".join(paper.lines)
        for question in [question for question in answers if question in seen]:
            os.write(ours, answers.pop(question).encode())
        if stop and stop in seen:
            stop = ""
            process.terminate()
