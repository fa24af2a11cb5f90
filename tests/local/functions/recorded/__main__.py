"""Prints which recorded sequences the embedded cloud answers as AWS did: python -m tests.local.functions.recorded"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.functions.recorded.replay import Replay, names, recordings
from tests.local.functions.recorded.running import unchecked_clients


def main(chosen: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloudClient(Path(folder) / "amplify" / ".local")
        try:
            table(cloud, chosen or list(names()))
        finally:
            cloud.stop()


def table(cloud: LocalCloudClient, chosen: list[str]) -> None:
    equal = refused = 0
    for name in chosen:
        replay = Replay(unchecked_clients(cloud), name)
        try:
            replay.run()
        except Exception as fault:  # noqa: BLE001 - whatever a sequence fails with is a line of the table
            replay.differences.append(f"{type(fault).__name__}: {fault}")
        word = "refused" if replay.refusals else "differs" if replay.differences else "equal"
        equal, refused = equal + (word == "equal"), refused + (word == "refused")
        print(f"{word:8} {recordings()['sequences'][name]['group']:14} {name}")
        for line in (replay.refusals or replay.differences)[:8]:
            print(f"           {line[:300]}")
    print(f"{equal} equal, {refused} refused, of {len(chosen)}")


if __name__ == "__main__":
    main(sys.argv[1:])
