"""Which of the fast tests reach which function, and a run of only those that reach a mutated one.

As a plugin (`pytest -p tools.mutation_tests`), it writes for each function of the mutated modules the tests that enter
it. As a program (`python -m tools.mutation_tests FOLDER`), it finds the module that differs from its original and runs
the tests that enter the changed function, until one fails. A mutation outside of all functions runs the tests of its
group. What a fixture of a module enters counts for the first test only: a missing test can only let a mutation survive.

The folder holds `plan.json`, {originals: {path: text}, tests: [path of a fallback test]}, and `reached-*.json`, each
{path: {first line of a function: [test]}}.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

FOLDER = "MUTATION_FOLDER"
"""The environment variable that names the folder for the plugin."""
PYTEST = ("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")


class Reached:
    """The tests that enter each function of the modules in question."""

    def __init__(self, modules: frozenset[str]) -> None:
        self.modules, self.test = modules, ""
        self.tests: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Note one call: what `sys.setprofile` takes."""
        code = frame.f_code
        if event == "call" and code.co_filename in self.modules:
            self.tests[code.co_filename][code.co_firstlineno].add(self.test)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what one test enters, with its fixtures and its threads."""
        self.test = item.nodeid
        threading.setprofile(self.note)
        sys.setprofile(self.note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def pytest_sessionfinish(self) -> None:
        """Write what was noted by this process."""
        found = {
            str(Path(path).relative_to(Path.cwd())): {line: sorted(tests) for line, tests in lines.items()}
            for path, lines in self.tests.items()
        }
        target = Path(os.environ[FOLDER]) / f"reached-{os.getpid()}.json"
        target.write_text(json.dumps(found))


def pytest_configure(config: pytest.Config) -> None:
    """Switch the plugin on if a folder is named."""
    if folder := os.environ.get(FOLDER):
        originals = json.loads((Path(folder) / "plan.json").read_text())["originals"]
        config.pluginmanager.register(Reached(frozenset(str(Path.cwd() / path) for path in originals)))


def changed_line(before: str, after: str) -> int:
    """The first line, from 1, in which two texts differ."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(
        (number for number, (old, new) in enumerate(pairs, 1) if old != new), len(before.splitlines())
    )


def enclosing_function(text: str, line: int) -> int | None:
    """The first line, decorators included, of the innermost function around a line; None outside of all."""
    found = [
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(found, default=None)


def tests_of(folder: Path) -> list[str]:
    """The tests for the module of the current folder that differs from its original."""
    plan = json.loads((folder / "plan.json").read_text())
    reached = [json.loads(path.read_text()) for path in folder.glob("reached-*.json")]
    found: set[str] = set()
    for path, before in plan["originals"].items():
        after = Path(path).read_text()
        if after != before:
            function = enclosing_function(before, changed_line(before, after))
            if function is None:
                return list(plan["tests"])
            found.update(test for part in reached for test in part.get(path, {}).get(str(function), ()))
    # Unit tests first: they are quicker, and the run ends at the first failure.
    return sorted(found, key=lambda test: (not test.startswith("tests/unit"), test)) if found else []


def main() -> None:
    """Become the run of the tests; exit with 0 if there are none, which means that no one noticed."""
    tests = tests_of(Path(sys.argv[1]))
    if tests:
        # In this process, so that a mutation that never ends is stopped with it.
        os.execv(sys.executable, [sys.executable, *PYTEST, "-x", "-n0", *tests])  # noqa: S606


if __name__ == "__main__":
    main()
