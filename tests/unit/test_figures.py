"""What a run of a benchmark is kept as, and the documentation's tables of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.figures import Figures, Rate, Single, read
from bench.load import Load

ROOT = Path(__file__).parents[2]


def test_the_tables_of_speed_are_those_of_the_saved_run() -> None:
    words = [sys.executable, "tools/make_figures.py", "--check"]
    done = subprocess.run(words, cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python tools/make_figures.py"


def test_a_saved_run_is_read_as_it_was_measured(tmp_path: Path) -> None:
    measured = Rate.of("end to end", "accountsctl", 8, Load(0.00431, 0.0087, 218.4, 0.0044))
    Figures([measured], [Single("at rest", "accountsctl", 217)]).save(3, tmp_path / "local.json")
    saved = read(tmp_path / "local.json")
    assert saved.rate("end to end", "accountsctl", 8) == Rate(
        "end to end", "accountsctl", 8, 4.31, 8.7, 218, 4.4
    )
    assert saved.single("at rest", "accountsctl") == 217


def test_a_figure_that_was_not_measured_is_not_made_up(tmp_path: Path) -> None:
    Figures().save(3, tmp_path / "local.json")
    saved = read(tmp_path / "local.json")
    with pytest.raises(LookupError, match="end to end"):
        saved.rate("end to end", "accountsctl", 8)
    with pytest.raises(LookupError, match="at rest"):
        saved.single("at rest", "accountsctl")
