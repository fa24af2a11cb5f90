"""How well the tests bite: small mutations of the code that must not be wrong, and which of them the fast tests catch.

    python tools/mutate.py [--count 60] [--seed 1] [--group planner]

Cosmic Ray (https://cosmic-ray.readthedocs.io) makes the mutations, each in a copy of the checkout: a comparison turned
round, a `not` added or taken away, an exception that is no longer caught, a loop that runs no more. `--count` of all
that are possible are drawn by `--seed`, evenly over the groups below. It is installed from the package index into a
virtual environment of its own on first use. Printed: each mutation that no test noticed, and the count of the others.
"""

from __future__ import annotations

import argparse
import json
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
TURNED = "Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|Lt_GtE|GtE_Lt|Gt_LtE|LtE_Gt|In_NotIn|NotIn_In"
WANTED = (
    "core/(AddNot|Replace(And|Or|True|False|Continue|Break)With|ReplaceUnaryOperator_Delete_Not|ZeroIteration|Exception"
    f"|ReplaceComparisonOperator_({TURNED}))"
)
DRAW = """
import json, random, re, sys
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult
session, wanted, count, seed = sys.argv[1:]

def is_fit(mutation):
    line = open(mutation.module_path).read().splitlines()[mutation.start_pos[0] - 1]
    frozen = line.startswith("@dataclass")  # a class that is no longer frozen behaves as before
    return re.match(wanted, mutation.operator_name) and not frozen

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
print(len(fit))
"""


@dataclass(frozen=True)
class Group:
    """Modules that are mutated, and the fast tests that should notice, both as paths or patterns below the root."""

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


class Mutants:
    """The mutations of one group in a copy of the checkout."""

    def __init__(self, group: Group, folder: Path) -> None:
        self.group, self.folder = group, folder
        ignored = shutil.ignore_patterns(
            ".git", ".venv", ".mypy_cache", "node_modules", ".local", "*.egg-info"
        )
        shutil.copytree(ROOT, folder / "copy", ignore=ignored)
        self.session = folder / "session.sqlite"

    def draw(self, count: int, seed: int) -> int:
        """Choose `count` mutations; how many there are to choose from."""
        modules = sorted({path for pattern in self.group.modules for path in ROOT.glob(pattern)})
        named = [str(path.relative_to(ROOT)) for path in modules if path.name != "__init__.py"]
        test = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n0",
            "-p",
            "no:cacheprovider",
            *self.group.tests,
        ]
        config = self.folder / "config.toml"
        config.write_text(
            f"[cosmic-ray]\nmodule-path = {json.dumps(named)}\ntimeout = 300.0\nexcluded-modules = []\n"
            f"test-command = {json.dumps(' '.join(test))}\n[cosmic-ray.distributor]\nname = 'local'\n"
        )
        self.run("cosmic-ray", "init", str(config), str(self.session))
        drawn = self.run("python", "-c", DRAW, str(self.session), WANTED, str(count), str(seed))
        self.run("cosmic-ray", "baseline", str(config))
        return int(drawn)

    def survivors(self) -> tuple[int, list[str]]:
        """How many were tried, and the difference of each that no test noticed."""
        self.run("cosmic-ray", "exec", str(self.folder / "config.toml"), str(self.session))
        tried = [json.loads(line) for line in self.run("cosmic-ray", "dump", str(self.session)).splitlines()]
        results = [result for _, result in tried if result and result["worker_outcome"] == "normal"]
        return len(results), [result["diff"] for result in results if result["test_outcome"] == "survived"]

    def run(self, program: str, *words: str) -> str:
        """Standard output of one of Cosmic Ray's commands, which has to succeed."""
        done = subprocess.run(
            [REFERENCE / "bin" / program, *words],
            cwd=self.folder / "copy",
            check=False,
            text=True,
            capture_output=True,
        )
        if done.returncode:
            sys.exit(f"{program} {words[0]} failed:\n{done.stdout}{done.stderr}")
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
    for name, share in zip(chosen, shares, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            mutants = Mutants(GROUPS[name], Path(folder))
            possible = mutants.draw(share, given.seed)
            count, survived = mutants.survivors()
        tried, caught = tried + count, caught + count - len(survived)
        print(f"{name}: {count - len(survived)} of {count} caught ({possible} possible)", flush=True)
        print("\n".join(survived), flush=True)
    print(f"{caught} of {tried} mutations were caught.")


if __name__ == "__main__":
    main()
