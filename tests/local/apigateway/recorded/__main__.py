"""Prints which recorded sequences the embedded cloud answers as AWS did: python -m tests.local.apigateway.recorded"""

from __future__ import annotations

import sys

from tests.local.apigateway.recorded.all_cases import CASES
from tests.local.apigateway.recorded.replay import Replay, recordings
from tests.local.conftest import service_clients
from tests.local.recorded.command import replay_and_print

if __name__ == "__main__":
    replay_and_print(
        sys.argv[1:],
        {name: sequence["group"] for name, sequence in recordings().items()},
        prepare=lambda cloud, name: Replay(service_clients(cloud), cloud.start().url, name),
        play=lambda replay, name: CASES[name](replay),
    )
