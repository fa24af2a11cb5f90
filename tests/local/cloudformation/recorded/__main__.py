"""Prints which recorded sequences are answered as on AWS: python -m tests.local.cloudformation.recorded"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.cloudformation.recorded.all_cases import CASES
from tests.local.cloudformation.recorded.replay import StackReplay, recordings
from tests.local.conftest import service_clients
from tests.local.recorded.comparison import print_table


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloudClient(Path(folder) / "amplify" / ".local")
        try:
            chosen = names or list(recordings())
            print_table((recordings()[name]["group"], name, replayed(cloud, name)) for name in chosen)
        finally:
            cloud.stop()


def replayed(cloud: LocalCloudClient, name: str) -> StackReplay:
    cloud.start()
    replay = StackReplay(service_clients(cloud), name)
    try:
        CASES[name](replay)
    except Exception as fault:  # noqa: BLE001 - whatever a case fails with is a line of the table
        replay.differences.append(f"{type(fault).__name__}: {fault}")
    replay.clean_up()
    return replay


if __name__ == "__main__":
    main(sys.argv[1:])
