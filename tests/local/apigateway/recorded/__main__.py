"""Prints which recorded sequences the embedded cloud answers as AWS did: python -m tests.local.apigateway.recorded"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.recorded.all_cases import CASES
from tests.local.apigateway.recorded.replay import Replay, recordings
from tests.local.conftest import service_clients
from tests.local.recorded.comparison import print_table


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloudClient(Path(folder) / "amplify" / ".local")
        try:
            table(cloud, names or list(recordings()))
        finally:
            cloud.stop()


def table(cloud: LocalCloudClient, names: list[str]) -> None:
    print_table((recordings()[name]["group"], name, replayed(cloud, name)) for name in names)


def replayed(cloud: LocalCloudClient, name: str) -> Replay:
    replay = Replay(service_clients(cloud), cloud.start().url, name)
    try:
        CASES[name](replay)
    except Exception as fault:  # noqa: BLE001 - whatever a case fails with is a line of the table
        replay.differences.append(f"{type(fault).__name__}: {fault}")
    return replay


if __name__ == "__main__":
    main(sys.argv[1:])
