"""The tables of docs/embedded-cloud.md that are generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tables_of_clients_and_types_are_current() -> None:
    words = [sys.executable, "tools/make_clients.py", "--check"]
    done = subprocess.run(words, cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python tools/make_clients.py"
