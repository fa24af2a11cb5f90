"""What holds for every test: none of them fails because a machine is slow."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Images set this to stay small. Here every command, daemon and worker would compile again all that it imports, which is
# half of what it does.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """How many workers `-n auto` starts: one more than processors for the slow tests, which wait some of their time.

    They wait for commands and servers, and for clients that sleep for half a minute between two polls.
    """
    return (os.cpu_count() or 1) + 1 if config.option.markexpr == "slow" else None
