"""An error about an option says what is wrong, why, and what to type instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import accountsctl

PACKAGE = Path(accountsctl.__file__).parent
OPTION = re.compile(r"""(?:^|[\s"'`])--?[a-z][a-z-]*""")


def errors_about_options() -> Iterator[tuple[str, set[str | None]]]:
    """Where each is raised, and the parts that it states."""
    for file in sorted((*PACKAGE.glob("cli/*.py"), *PACKAGE.glob("commands/**/*.py"))):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "UsageError" and node.args:
                what = ast.unparse(node.args[0])
                if OPTION.search(what):
                    yield f"{file.relative_to(PACKAGE)}: {what}", {keyword.arg for keyword in node.keywords}


def test_every_error_about_an_option_has_a_reason_and_a_next_step() -> None:
    found = dict(errors_about_options())
    assert len(found) > 20
    assert {place for place, parts in found.items() if not {"why", "hint"} <= parts} == set()
