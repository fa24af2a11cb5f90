"""Prints which recorded sequences the embedded cloud answers as AWS did: python -m tests.local.functions.recorded"""

from __future__ import annotations

import sys

from tests.local.functions.recorded.replay import Replay, recordings
from tests.local.functions.recorded.running import unchecked_clients
from tests.local.recorded.command import replay_and_print

if __name__ == "__main__":
    replay_and_print(
        sys.argv[1:],
        {name: sequence["group"] for name, sequence in sorted(recordings()["sequences"].items())},
        prepare=lambda cloud, name: Replay(unchecked_clients(cloud), name),
        play=lambda replay, _: replay.run(),
    )
