"""The tables of docs/embedded-cloud.md that are generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow  # it loads every service
def test_the_page_of_operations_is_current() -> None:
    done = subprocess.run([sys.executable, "tools/make_operations.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python tools/make_operations.py"


def test_the_tables_of_clients_and_types_are_current() -> None:
    words = [sys.executable, "tools/make_clients.py", "--check"]
    done = subprocess.run(words, cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python tools/make_clients.py"
