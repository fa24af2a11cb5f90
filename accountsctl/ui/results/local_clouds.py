"""The result of `local list`, and when an embedded cloud stops by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen


def idle_words(minutes: float | None) -> str:
    """When the cloud stops by itself, and how to change that."""
    if minutes is None:
        return "It runs until `accountsctl local stop`."
    return (
        f"It stops when nothing calls it for {after_words(minutes)}; the next command starts it again, with its state. "
        "To change that: accountsctl local start --idle-stop MINUTES|never"
    )


def after_words(minutes: float | None) -> str:
    """A time without use as a person writes it."""
    if minutes is None:
        return "never"
    hours = minutes / 60
    return f"{hours:g} h" if hours >= 1 and hours == int(hours) else f"{minutes:g} min"


@dataclass(frozen=True)
class LocalClouds:
    """The embedded clouds that run: ``{dataDir, endpoint, pid, memory, idleStop}``, `memory` in bytes or None."""

    running: Sequence[Mapping[str, Any]]


@to_text.register
def clouds_text(result: LocalClouds, screen: Screen) -> None:
    """A row for each."""
    if not result.running:
        screen.say("No embedded cloud runs.")
        return
    rows = [
        (
            cloud["endpoint"],
            cloud["pid"],
            _megabytes(cloud["memory"]),
            after_words(cloud["idleStop"]),
            cloud["dataDir"],
        )
        for cloud in result.running
    ]
    screen.table(["endpoint", "pid", "memory", "idle stop", "folder"], rows)


def _megabytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 1e6:.0f} MB"


@to_json.register
def clouds_json(result: LocalClouds) -> JsonObject:
    """The same, under the key ``clouds``."""
    return {"clouds": [dict(cloud) for cloud in result.running]}
