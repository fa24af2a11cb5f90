"""How long `accountsctl --help` takes, as a ratio to `aws --version` measured in the same run.

    python bench/startup.py [--rounds 20] [--aws PATH]

The reference is the AWS CLI from the package index, in a virtual environment of its own (its pinned
botocore would otherwise decide ours). Rounds alternate between the two commands, after one of each that
does not count, so that both meet the same machine. Printed: median seconds, and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

OURS = Path(sys.executable).parent / "accountsctl"
REFERENCE = Path(tempfile.gettempdir()) / "accountsctl-bench-awscli"


def aws_cli() -> Path:
    """The reference command, installed on first use."""
    command = REFERENCE / "bin" / "aws"
    if not command.exists():
        venv.create(REFERENCE, with_pip=True)
        subprocess.run([REFERENCE / "bin" / "pip", "install", "-q", "awscli"], check=True)
    return command


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--aws", type=Path, help="an AWS CLI that is installed already")
    asked = parser.parse_args()
    commands = {
        "accountsctl --help": [str(OURS), "--help"],
        "aws --version": [str(asked.aws or aws_cli()), "--version"],
    }
    for command in commands.values():
        seconds(command)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(asked.rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, median in medians.items():
        print(f"{name:<20} median {median * 1000:6.0f} ms")
    ours, reference = medians.values()
    print(f"ratio                {ours / reference:.3f} of aws --version")


if __name__ == "__main__":
    main()
