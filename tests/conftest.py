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


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many workers `-n auto` starts: more than processors, twice as many for the slow tests.

    They wait much of their time: for commands and servers, and for clients that sleep for half a minute between two
    polls. With a worker for each processor, a third of the time of both was idle.
    """
    processors = os.cpu_count() or 1
    return 2 * processors if config.option.markexpr == "slow" else processors + 1
