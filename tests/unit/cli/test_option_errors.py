"""An error about what was typed says what is wrong, why, and what to type instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import accountsctl

PACKAGE = Path(accountsctl.__file__).parent
# The sentence is its reason: no such command.
NO_REASON = "cli/groups.py: f'There is no command `{path} {name}`.'"
OPTION = re.compile(r"""(?:^|[\s"'`])--?[a-z][a-z-]*""")


def usage_errors() -> Iterator[tuple[str, set[str | None]]]:
    """Where each is raised, and the parts that it states."""
    for file in sorted(PACKAGE.glob("**/*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "UsageError" and len(node.args) == 1:
                what = ast.unparse(node.args[0])
                yield f"{file.relative_to(PACKAGE)}: {what}", {keyword.arg for keyword in node.keywords}


def test_every_error_about_what_was_typed_has_a_reason_and_a_next_step() -> None:
    found = list(usage_errors())
    assert len(found) > 150
    assert sum(OPTION.search(place.partition(": ")[2]) is not None for place, _ in found) > 20
    assert {place for place, parts in found if not {"why", "hint"} <= parts} == {NO_REASON}
