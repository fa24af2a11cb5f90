"""The sample project, as a fresh clone has it."""

from __future__ import annotations

import shutil
from pathlib import Path

SAMPLE = Path(__file__).parents[1]


def copy_sample_files(root: Path) -> None:
    """Copy the sample's files below `root`, without what commands leave in it."""
    ignored = shutil.ignore_patterns(".local", "build", "local-*", "__pycache__")
    shutil.copytree(SAMPLE / "amplify", root / "amplify", ignore=ignored)
    shutil.copy(SAMPLE / "backend-config.json", root)
