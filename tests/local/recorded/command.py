"""The command of each set of recordings: it replays them in an embedded cloud of its own, and prints the table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.recorded.comparison import Comparison, print_table

Replay = TypeVar("Replay", bound=Comparison)


def replay_and_print(
    names: Sequence[str],
    groups: Mapping[str, str],
    prepare: Callable[[LocalCloudClient, str], Replay],
    play: Callable[[Replay, str], None],
) -> None:
    """Replay the sequences with these names, all if there are none. `groups` has the group of every sequence."""
    with tempfile.TemporaryDirectory() as folder:
        cloud = LocalCloudClient(Path(folder) / "amplify" / ".local")
        try:
            replayed = ((name, _played(prepare(cloud, name), name, play)) for name in names or groups)
            print_table((groups[name], name, replay) for name, replay in replayed)
        finally:
            cloud.stop()


def _played(replay: Replay, name: str, play: Callable[[Replay, str], None]) -> Replay:
    try:
        play(replay, name)
    except Exception as fault:  # noqa: BLE001 - whatever a sequence fails with is a line of the table
        replay.differences.append(f"{type(fault).__name__}: {fault}")
    return replay
