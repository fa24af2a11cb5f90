"""How long `doctor cors` takes over the sample, by layer, beside the start-up alone: `accountsctl --help`.

    python bench/doctor.py [--rounds 5]

The sample is copied and pushed to an embedded cloud of its own, which is stopped at the end. Printed: median
seconds of one request (GET /accounts) with the static layer and with all three, their ratios to
`accountsctl --help` in the same run, and the static layer's time for every request of the sample.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.sample import OURS, pushed

ONE = ["--path", "/accounts", "--method", "GET"]
COMMANDS = {
    "accountsctl --help": ["--help"],
    "static, every request": ["doctor", "cors", "--layer", "static"],
    "static, one request": ["doctor", "cors", *ONE, "--layer", "static"],
    "all layers, one request": ["doctor", "cors", *ONE],
}


def environment() -> dict[str, str]:
    """With bytecode, as an installed package has it: without, every run compiles everything again."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "accountsctl-bench-bytecode")}


def seconds(words: list[str], folder: Path) -> float:
    """Wall time of one run."""
    started = time.perf_counter()
    subprocess.run([OURS, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment())
    return time.perf_counter() - started


def measure(folder: Path, rounds: int) -> None:
    """Alternate between the commands, after one of each that does not count, and print the medians."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for words in COMMANDS.values():
        seconds(words, folder)
    for _ in range(rounds):
        for name, words in COMMANDS.items():
            times[name].append(seconds(words, folder))
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, median in medians.items():
        print(f"{name:<26}{median:6.3f} s   {median / medians['accountsctl --help']:5.1f} x")


def main() -> None:
    """Push a copy of the sample and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with pushed() as folder:
        measure(folder, asked.rounds)


if __name__ == "__main__":
    main()
