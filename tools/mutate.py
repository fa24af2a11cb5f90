"""How well the tests bite: small mutations of the code that must not be wrong, and which of them the fast tests catch.

    python tools/mutate.py [--count 60] [--seed 1] [--group planner]

Cosmic Ray (https://cosmic-ray.readthedocs.io) makes the mutations, each in a copy of the checkout: a comparison turned
round, a `not` added or taken away, an exception that is no longer caught, a loop that runs no more. `--count` of all
that are possible are drawn by `--seed`, evenly over the groups below. It is installed from the package index into a
virtual environment of its own on first use. The fast tests run once, to note which of them enter which function
(tools/mutation_tests.py); a mutation then needs only the tests that enter its function. Printed: each mutation that no
test noticed, and the count of the others. Mutations that change nothing that a program does are left out of the draw,
by the reasons of `SAME`, and counted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = Path(tempfile.gettempdir()) / "accountsctl-cosmic-ray"
COSMIC_RAY, PYTHON = (str(REFERENCE / "bin" / name) for name in ("cosmic-ray", "python"))
FOLDER = "MUTATION_FOLDER"
PYTEST = ("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")
TURNED = "Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|Lt_GtE|GtE_Lt|Gt_LtE|LtE_Gt|In_NotIn|NotIn_In"
WANTED = (
    "core/(AddNot|Replace(And|Or|True|False|Continue|Break)With|ReplaceUnaryOperator_Delete_Not|ZeroIteration|Exception"
    f"|ReplaceComparisonOperator_({TURNED}))"
)
SAME = {
    "a class that is not frozen": r"^@dataclass\(.*frozen=core/ReplaceTrueWith",
    "the assertion of zip that its lists are equally long": r"strict=core/ReplaceTrueWith",
}
"""Mutations that change nothing that a program does, by reason: the text before what is replaced, and the operator."""
DRAW = """
import json, random, re, sys
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult
session, wanted, same, count, seed = sys.argv[1:]

def text_before(mutation):
    line, column = mutation.start_pos
    return open(mutation.module_path).read().splitlines()[line - 1][:column]

def is_fit(mutation):
    if not re.match(wanted, mutation.operator_name):
        return False
    behaves_as_before = re.search(same, text_before(mutation) + mutation.operator_name)
    if behaves_as_before:
        left_out.append(mutation)
    return not behaves_as_before

left_out = []

def place(item):
    mutation = item.mutations[0]
    return str(mutation.module_path), mutation.operator_name, mutation.occurrence

with use_db(session, WorkDB.Mode.open) as work:
    pending = sorted(work.pending_work_items, key=place)
    fit = [item for item in pending if is_fit(item.mutations[0])]
    drawn = {item.job_id for item in random.Random(int(seed)).sample(fit, min(int(count), len(fit)))}
    for item in pending:
        if item.job_id not in drawn:
            work.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output="not drawn"))
print(len(fit), len(left_out))
"""


@dataclass(frozen=True)
class Group:
    """Modules that are mutated, as patterns below the root, and the tests for what is outside of all functions."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = {
    "planner": Group(
        ("accountsctl/planning/*.py",),
        ("tests/unit/planning", "tests/unit/commands/stacks", "tests/functional/test_push.py"),
    ),
    "push": Group(
        ("accountsctl/commands/stacks/push.py", "accountsctl/commands/stacks/failure.py"),
        (
            "tests/functional/test_push.py",
            "tests/functional/test_push_states.py",
            "tests/unit/commands/stacks",
        ),
    ),
    "guard": Group(
        (
            "accountsctl/commands/stacks/agreement.py",
            "accountsctl/planning/weakening.py",
            "accountsctl/planning/stateful.py",
        ),
        ("tests/unit/planning", "tests/unit/commands/stacks", "tests/functional/test_push.py"),
    ),
    "recovery": Group(
        (
            "accountsctl/commands/stacks/states.py",
            "accountsctl/commands/stacks/recover.py",
            "accountsctl/commands/stacks/delete.py",
            "accountsctl/commands/stacks/take_down.py",
            "accountsctl/model/stack_states.py",
        ),
        (
            "tests/functional/test_recover.py",
            "tests/functional/test_delete.py",
            "tests/functional/test_push_states.py",
            "tests/unit/model",
        ),
    ),
    "data-api": Group(
        ("accountsctl/adapters/aws/data_api.py", "accountsctl/commands/database/*.py"),
        ("tests/unit/adapters/aws/test_data_api.py", "tests/unit/commands/database", "tests/unit/formats"),
    ),
}


FAST = ("tests/unit", "tests/contract", "tests/functional")
SLOW = (
    "test_house.py",
    "test_words.py",
    "test_budgets.py",
    "test_wheel.py",
    "test_page_build.py",
    "test_npm.py",
)
"""Tests of what is written, not of what it does, and tests that build packages: they run none of the mutated code."""


class Checkout:
    """A copy of the checkout to mutate, and what is known of its tests."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.copy = folder, folder / "copy"
        ignored = shutil.ignore_patterns(
            ".git", ".venv", ".mypy_cache", "node_modules", ".local", "*.egg-info"
        )
        shutil.copytree(ROOT, self.copy, ignore=ignored)

    def plan(self, group: Group) -> list[str]:
        """Write down the modules of a group as they are, for tools/mutation_tests.py; returns their paths."""
        modules = sorted({path for pattern in group.modules for path in self.copy.glob(pattern)})
        named = [str(path.relative_to(self.copy)) for path in modules if path.name != "__init__.py"]
        originals = {path: (self.copy / path).read_text() for path in named}
        plan = {"originals": originals, "tests": group.tests}
        (self.folder / "plan.json").write_text(json.dumps(plan))
        return named

    def note_tests(self, groups: Sequence[Group]) -> None:
        """Run the fast tests once, and note which of them enter which function."""
        self.plan(Group(tuple(pattern for group in groups for pattern in group.modules), ()))
        ignored = [f"--ignore-glob=*/{name}" for name in SLOW]
        words = [sys.executable, *PYTEST, "-p", "tools.mutation_tests", *ignored, *FAST]
        self.run(*words, **{FOLDER: str(self.folder)})

    def draw(self, group: Group, count: int, seed: int) -> tuple[int, int]:
        """Choose `count` mutations; how many there are to choose from, and how many of `SAME` are left out."""
        session, config = self.folder / "session.sqlite", self.folder / "config.toml"
        session.unlink(missing_ok=True)
        test = f"{sys.executable} -B -m tools.mutation_tests {self.folder}"
        config.write_text(
            f"[cosmic-ray]\nmodule-path = {json.dumps(self.plan(group))}\ntimeout = 300.0\n"
            f"excluded-modules = []\ntest-command = {json.dumps(test)}\n"
            "[cosmic-ray.distributor]\nname = 'local'\n"
        )
        self.run(COSMIC_RAY, "init", str(config), str(session))
        given = (str(session), WANTED, "|".join(SAME.values()), str(count), str(seed))
        possible, left_out = self.run(PYTHON, "-c", DRAW, *given).split()
        return int(possible), int(left_out)

    def survivors(self) -> tuple[int, list[str]]:
        """How many were tried, and the difference of each that no test noticed."""
        session = str(self.folder / "session.sqlite")
        self.run(COSMIC_RAY, "exec", str(self.folder / "config.toml"), session)
        tried = [json.loads(line) for line in self.run(COSMIC_RAY, "dump", session).splitlines()]
        results = [result for _, result in tried if result and result["worker_outcome"] == "normal"]
        return len(results), [result["diff"] for result in results if result["test_outcome"] == "survived"]

    def run(self, *words: str, **variables: str) -> str:
        """Standard output of a command in the copy, which has to succeed."""
        done = subprocess.run(
            words,
            cwd=self.copy,
            env={**os.environ, **variables},
            check=False,
            text=True,
            capture_output=True,
        )
        if done.returncode:
            sys.exit(f"{' '.join(words[:4])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def install() -> None:
    """Install Cosmic Ray unless it is there."""
    if not (REFERENCE / "bin" / "cosmic-ray").exists():
        venv.create(REFERENCE, with_pip=True)
        subprocess.run([REFERENCE / "bin" / "pip", "install", "-qq", "cosmic-ray>=8.4,<9"], check=True)


def main(words: Sequence[str] | None = None) -> None:
    """Mutate, test and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", choices=GROUPS)
    given = parser.parse_args(words)
    install()
    chosen = [given.group] if given.group else list(GROUPS)
    shares = [
        given.count // len(chosen) + (place < given.count % len(chosen)) for place in range(len(chosen))
    ]
    tried = caught = 0
    with tempfile.TemporaryDirectory() as folder:
        checkout = Checkout(Path(folder))
        checkout.note_tests([GROUPS[name] for name in chosen])
        for name, share in zip(chosen, shares, strict=True):
            possible, left_out = checkout.draw(GROUPS[name], share, given.seed)
            count, survived = checkout.survivors()
            tried, caught = tried + count, caught + count - len(survived)
            same = f"{left_out} more behave as before" if left_out else "all of them counted"
            print(
                f"{name}: {count - len(survived)} of {count} caught ({possible} possible; {same})", flush=True
            )
            print("\n".join(survived), flush=True)
    print(f"{caught} of {tried} mutations were caught.")


if __name__ == "__main__":
    main()
