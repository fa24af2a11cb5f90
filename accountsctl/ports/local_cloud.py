"""The life of the embedded cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId


@dataclass(frozen=True)
class DebuggedFunction:
    """A function by the name of its resource and its name in Lambda, and the port on which a debugger may connect.

    `wait`: its next call waits until a debugger is connected.
    """

    name: str
    physical: str
    region: str
    port: int
    wait: bool = False


class LocalCloudControls(Protocol):
    """What can be changed in an embedded cloud that runs (adapter: `adapters.local_cloud`)."""

    def sleep(self, seconds: float) -> Sequence[str]:
        """Let every database fall asleep, to wake `seconds` after the next call; CloudError where it does not run."""

    def delay(self, seconds: Mapping[str, float]) -> Mapping[str, float]:
        """Let resources of these types (``AWS::RDS::DBCluster``) take so many seconds to be created and deleted, until
        it is stopped; 0 for no time. Gives what each type takes; CloudError where it does not run."""

    def debug(self, functions: Sequence[DebuggedFunction], *, on: bool) -> None:
        """Let debuggers connect to these functions, or do not any more; CloudError where a port is in use, or where
        it does not run."""


class LocalCloud(LocalCloudControls, Protocol):
    """The embedded cloud's life (adapter: `adapters.local_cloud`)."""

    def start(self, port: int | None = None) -> str:
        """Start it unless it runs, at a port if one is stated; returns its endpoint."""

    def stop_when_idle(self, minutes: float | None) -> None:
        """Let it stop after so many minutes in which nothing calls it, from now on; None for never."""

    def endpoint(self) -> str | None:
        """Its endpoint where it runs, without starting it."""

    def stop(self) -> bool:
        """Stop it with all its children; False if it did not run."""

    def status(self) -> Mapping[str, Any]:
        """``{running, endpoint, pid, dataDir, services, contents, idleStop, trusted}``.

        `trusted`: it may be started, for its folder bears this user's mark, or does not exist yet.
        `idleStop` is after how many minutes without a call it stops, None for never.
        `contents` is what a reset deletes: ``{stacks, databases: [{identifier, region, bytes}], snapshots}``.
        """

    def reset(self, *, keep_databases: bool = False) -> str | None:
        """Stop it and delete everything that it holds. With `keep_databases` nothing is deleted: the state is moved to
        the folder whose path is returned (None if there is none), and new clusters take over the rows."""

    def credentials(self) -> tuple[str, str]:
        """The access key id and the secret access key that it accepts; the same until it is reset."""

    def trust(self) -> bool:
        """Mark its folder as this user's, whoever made it; False if there is none."""

    def log_files(self) -> Iterator[str]:
        """The paths of its log files."""

    def ensure_pool(self, environment: Environment, resource: ResourceId) -> None:
        """Have "someone else's" pool, with the ids that the environment imports, and the demo user in it."""

    def demo_user(self) -> tuple[str, str]:
        """The demo user's name and password."""
