"""The embedded cloud in memory: it runs at an endpoint or it does not, and records the pools that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.names import ResourceId
from accountsctl.ports.local_cloud import DebuggedFunction


@dataclass
class ControlledCloud:
    """`ports.LocalCloudControls`. `url` is where the cloud runs, None if it does not."""

    url: str | None = None
    delays: dict[str, float] = field(default_factory=dict)
    debugged: tuple[DebuggedFunction, ...] = ()

    def sleep(self, seconds: float) -> Sequence[str]:
        if self.url is None:
            raise CloudError("The embedded cloud does not run.", hint="Start it: accountsctl local start")
        return []

    def delay(self, seconds: Mapping[str, float]) -> Mapping[str, float]:
        if self.url is None:
            raise CloudError("The embedded cloud does not run.", hint="Start it: accountsctl local start")
        self.delays = {key: value for key, value in {**self.delays, **seconds}.items() if value}
        return self.delays

    def debug(self, functions: Sequence[DebuggedFunction], *, on: bool) -> None:
        if self.url is None:
            raise CloudError("The embedded cloud does not run.", hint="Start it: accountsctl local start")
        names = {function.name for function in functions}
        others = tuple(function for function in self.debugged if function.name not in names)
        self.debugged = (*others, *functions) if on else others


@dataclass
class FakeLocalCloud(ControlledCloud):
    """`ports.LocalCloud`."""

    pools: list[ResourceId] = field(default_factory=list)
    started: bool = False
    trusted: bool = True
    idle_minutes: float | None = 480.0

    def start(self, port: int | None = None) -> str:
        self.url = self.url or "http://127.0.0.1:1"
        self.started = True
        return self.url

    def stop_when_idle(self, minutes: float | None) -> None:
        self.idle_minutes = minutes

    def endpoint(self) -> str | None:
        return self.url

    def stop(self) -> bool:
        running, self.url = self.url is not None, None
        self.delays = {}
        return running

    def status(self) -> Mapping[str, Any]:
        running = self.url is not None
        return {
            "running": running,
            "endpoint": self.url,
            "pid": 1 if running else None,
            "dataDir": "amplify/.local",
            "services": {},
            "contents": {"stacks": [], "databases": [], "snapshots": []},
            "idleStop": self.idle_minutes,
            "trusted": self.trusted,
        }

    def reset(self, *, keep_databases: bool = False) -> str | None:
        aside = "amplify/.local/aside-1" if keep_databases and self.pools else None
        self.url = None
        self.started = self.started and keep_databases
        self.pools.clear()
        return aside

    def credentials(self) -> tuple[str, str]:
        return "AKIAFAKE", "secret"

    def trust(self) -> bool:
        return self.started

    def log_files(self) -> Iterator[str]:
        return iter(())

    def ensure_pool(self, environment: Environment, resource: ResourceId) -> None:
        self.start()
        if resource not in self.pools:
            self.pools.append(resource)

    def demo_user(self) -> tuple[str, str]:
        return "demo", "secret-word"
