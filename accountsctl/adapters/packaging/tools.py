"""The programs that install packages, as far as this machine has them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TAIL = 15
"""Lines of a program's output in an error."""
Run = Callable[[tuple[str, ...], Path], "subprocess.CompletedProcess[str]"]


def run_quietly(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and return what it prints."""
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def find_program(name: str) -> str | None:
    """A program next to this Python, where pip puts it, or on PATH; None if it is missing."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


@dataclass(frozen=True)
class Tools:
    """`find` returns a program's path or None; `run` runs a command in a folder. `scripts`: packages may run theirs."""

    find: Callable[[str], str | None] = find_program
    run: Run = run_quietly
    scripts: bool = False


def last_lines(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what a failed program printed."""
    return "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-TAIL:])
