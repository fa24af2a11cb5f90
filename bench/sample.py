"""A copy of the sample, pushed to an embedded cloud of its own: what benchmarks run against."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OURS = str(Path(sys.executable).parent / "accountsctl")
SAMPLE = Path(__file__).parents[1]


@contextmanager
def pushed() -> Iterator[Path]:
    """The copy's folder, with its tables; the cloud is stopped and the folder deleted at the end."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ignored = shutil.ignore_patterns(".local", "build", "local-*")
        shutil.copytree(SAMPLE / "amplify", folder / "amplify", ignore=ignored)
        shutil.copy(SAMPLE / "backend-config.json", folder)
        try:
            for words in (["env", "checkout", "dev"], ["push", "--yes"], ["db", "init"]):
                subprocess.run([OURS, *words], cwd=folder, check=True, capture_output=True)
            yield folder
        finally:
            subprocess.run([OURS, "local", "stop"], cwd=folder, check=True, capture_output=True)
