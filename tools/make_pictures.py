"""Draw what a push and the doctor print, as SVG for the README: of real runs, in a copy of the sample.

    python tools/make_pictures.py [FOLDER]      writes push.svg and doctor.svg; docs/images without FOLDER

Ports, ids, sizes and durations differ from run to run. Fixed values of their kind stand in their place, so that a
picture changes only if what is printed does: they are no measurement. No web font is named: a README's picture may
load nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.sample import copy_sample_files

COMMANDS = Path(sys.executable).parent
IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
API = "amplify/backend/api/accountsAPI/parameters.json"
COLUMNS, WIDTH = 100, 106
"""What the commands are told of the terminal, and the window that is drawn: a URL may stick out."""
STEADY = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:4566"),
    (re.compile(r"\d+:\d\d (?=[a-z]+/)"), "0:01 "),
    (re.compile(r"in \d+\.\d s\."), "in 9.6 s."),
    (re.compile(r"code, [\d,]+ bytes"), "code, 19,408 bytes"),
    (re.compile(r"(?<=localhost:)\d+(?=/$)", re.MULTILINE), "4200"),
    (
        re.compile(r"rds!cluster-[0-9a-f-]{36}-\w{6}"),
        "rds!cluster-5f0c2a54-0b7e-4d3c-9c41-7f6f1b0e2d9a-Qx7LmT",
    ),
    (re.compile(r"-[A-Z0-9]{5}-LambdaExecutionRole-[A-Z0-9]+"), "-4TQ2Z-LambdaExecutionRole-9KX3W7RM1VPD"),
)
_API_ID = re.compile(r"execute-api/([a-z0-9]+)/")
_SUBSTITUTE = re.compile(r"\S+ runs? on .* here, and on ")
"""What a push says of a runtime that this machine lacks."""
_CHILD = re.compile(r"\x1b\[32m  \+ ( )?\d")
_WEB_FONT = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)


def main() -> None:
    """Play both, and write the pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_sample_files(folder)
        try:
            for name, (typed, printed) in pictures(folder).items():
                (target / f"{name}.svg").write_text(drawn(name, typed, printed))
        finally:
            run(folder, "local", "stop")


def pictures(folder: Path) -> dict[str, tuple[str, str]]:
    """What is typed and what is printed, by the picture's name: a first push; then a page on another port."""
    run(folder, "env", "checkout", "dev")
    run(folder, "local", "start")
    pushed = run(folder, "push", "--yes")
    path = folder / API
    settings = json.loads(path.read_text())
    path.write_text(json.dumps({**settings, "cors": {"allowOrigins": ["http://localhost:3000"]}}, indent=2))
    run(folder, "push", "--yes")
    doctor = ["doctor", "cors", "--origin", "http://localhost:4200", "--path", "/accounts", "--method", "GET"]
    found = run(folder, *doctor)
    return {"push": ("push", steady(pushed)), "doctor": (" ".join(doctor), steady(found))}


def run(folder: Path, *words: str) -> str:
    """What a command prints, in colour and in the order in which it is printed."""
    path = os.pathsep.join([str(COMMANDS), os.environ["PATH"]])
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "PATH": path}
    command = ["accountsctl", *words, "--color", "always"]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


def steady(text: str) -> str:
    """The text as another run prints it: without what differs by machine or run."""
    lines = [line for line in same_ids(text).splitlines() if not _SUBSTITUTE.match(line)]
    return "\n".join(_in_order(lines))


def same_ids(text: str) -> str:
    """The text with the ids, ports, sizes and durations of another run."""
    for id_ in set(_API_ID.findall(text)):
        text = text.replace(id_, "k3v9x2m7qd")
    for pattern, value in STEADY:
        text = pattern.sub(value, text)
    return text


def _in_order(lines: Sequence[str]) -> list[str]:
    """Nested stacks are created at the same time and end in any order; here they are in the order of their names."""
    stacks = sorted(line for line in lines if _CHILD.match(line))
    return [stacks.pop(0) if _CHILD.match(line) else line for line in lines]


def drawn(name: str, typed: str, printed: str) -> str:
    """A terminal window in SVG; lines that are too wide for it are cut off, as in a pager."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text.assemble(("$ ", "bold green"), f"accountsctl {typed}"))
    console.print(Text.from_ansi(printed), no_wrap=True, overflow="ellipsis", highlight=False)
    shape = _WEB_FONT.sub("", CONSOLE_SVG_FORMAT)
    return console.export_svg(title=f"accountsctl {typed.split()[0]}", unique_id=name, code_format=shape)


if __name__ == "__main__":
    main()
