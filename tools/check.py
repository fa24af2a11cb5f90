"""Run every check of the project: format, lint, layers, types, generated pages, fast tests.

python tools/check.py                 all of them, in this order; stops at the end, exit 1 if one failed
python tools/check.py lint types      only these
python tools/check.py --fix           format and sort imports first
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STEPS: Mapping[str, Sequence[str]] = {
    "format": (str(BIN / "ruff"), "format", "--check"),
    "lint": (str(BIN / "ruff"), "check"),
    "layers": (str(BIN / "lint-imports"), "setup.cfg"),
    "types": (str(BIN / "mypy"),),
    "reference": (sys.executable, "tools/make_reference.py", "--check"),
    "catalogue": (sys.executable, "tools/make_catalogue.py", "--check"),
    "clients": (sys.executable, "tools/make_clients.py", "--check"),
    "figures": (sys.executable, "tools/make_figures.py", "--check"),
    "conformance": (sys.executable, "tools/make_conformance.py", "--check"),
    # The tests of the house run the steps above once more, each as a test of its own.
    "tests": (str(BIN / "pytest"), "-q", "--deselect", "tests/unit/test_house.py"),
}


def main() -> int:
    """Run the steps; the exit code is 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"one of: {', '.join(STEPS)}")
    parser.add_argument("--fix", action="store_true", help="format and fix what ruff can fix first")
    given = parser.parse_args()
    unknown = [step for step in given.steps if step not in STEPS]
    if unknown:
        parser.error(f"unknown step: {', '.join(unknown)}; choose from {', '.join(STEPS)}")
    if given.fix:
        subprocess.run([BIN / "ruff", "check", "--fix", "-q"], cwd=ROOT, check=False)
        subprocess.run([BIN / "ruff", "format", "-q"], cwd=ROOT, check=False)
    failed = [step for step in given.steps or STEPS if not _passes(step)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _passes(step: str) -> bool:
    print(f"== {step}", flush=True)
    return subprocess.run(STEPS[step], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
