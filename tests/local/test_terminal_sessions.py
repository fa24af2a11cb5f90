"""From `init` to `ui` in a real terminal of two sizes: nothing is wider than the terminal, so no table is broken.

ACCOUNTSCTL_SCREENSHOTS=tests/local/sessions pytest -m slow tests/local/test_terminal_sessions.py    records them again
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from accountsctl.adapters.page_server import built_page
from tests.local.browser import keep
from tests.local.project import SAMPLE, LocalProject
from tests.local.terminal import Paper, Terminal
from tools.make_pictures import same_ids

SIZES = [(80, 24), (60, 18)]
SESSION = """
init bank
import auth users
add rds db --database bank --example accounts
add function accounts --runtime python3.14 --example accounts --depends-on rds/db:Arn,SecretArn
add api accounts --example accounts --function accounts --auth cognito
status
push --dry-run
push
status
outputs
db init
db seed accounts.csv
db query 'select id, nickname, balance, account_number from accounts order by id limit 3'
call GET '/accounts?limit=1'
doctor
doctor cors --origin http://localhost:4200 --path /accounts --method GET
doctor cors --origin http://localhost:4200 --path /accounts --method GET --header X-Tenant
push
"""
"""What is typed, a command on each line."""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An empty folder; whatever cloud is started in it is stopped."""
    shutil.copy(SAMPLE / "examples/accounts.csv", tmp_path)
    yield tmp_path
    LocalProject(tmp_path).run("local", "stop", expect=None)


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_session_fits_its_terminal(root: Path, columns: int, rows: int) -> None:
    terminal, shown = Terminal(columns, rows, root), list[str]()
    for line in SESSION.strip().splitlines():
        code, lines = terminal.run(["accountsctl", *shlex.split(line)], answers={"[y/N]": "y\n"})
        shown += [f"$ accountsctl {line}", *lines]
        assert code in (0, 1), "\n".join(shown)
    if built_page():
        _, lines = terminal.run(["accountsctl", "ui", "--no-open", "--port", "0"], stop="Ctrl-C ends it.")
        shown += ["$ accountsctl ui", *lines]
    text = same_ids("\n".join(shown)).rstrip("\n") + "\n"
    keep(f"{columns}x{rows}.txt", text)
    assert "\n\n\n" not in text, "a blank line ends a command's output, and no second one"
    assert [line for line in shown if too_wide(line, columns)] == []


def too_wide(line: str, columns: int) -> bool:
    """Whether a line could have been broken, also after a comma. A URL, a path or an ARN cannot: it is copied in one
    piece.
    """
    words = re.split(r"\s+|(?<=,)", line.strip())
    breakable = len(words) > 1 and len(max(words, key=len)) + 24 <= columns
    return not line.startswith("$ ") and len(line) > columns and breakable


def test_what_is_drawn_over_is_gone() -> None:
    paper = Paper()
    paper.print("waiting\r\nfor it\r\n\x1b[2A\x1b[Jdone in \x1b[32m1 s\x1b[0m\r\n12345\r67\x1b[7Gx")
    assert paper.lines == ["done in 1 s", "67345 x"]
