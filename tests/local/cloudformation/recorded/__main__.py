"""Prints which recorded sequences are answered as on AWS: python -m tests.local.cloudformation.recorded"""

from __future__ import annotations

import sys

from tests.local.cloudformation.recorded.all_cases import CASES
from tests.local.cloudformation.recorded.replay import StackReplay, recordings
from tests.local.conftest import service_clients
from tests.local.recorded.command import replay_and_print


def play(replay: StackReplay, name: str) -> None:
    try:
        CASES[name](replay)
    finally:
        replay.clean_up()


if __name__ == "__main__":
    replay_and_print(
        sys.argv[1:],
        {name: sequence["group"] for name, sequence in recordings().items()},
        prepare=lambda cloud, name: StackReplay(service_clients(cloud), name),
        play=play,
    )
