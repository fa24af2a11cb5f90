"""What can be changed in a running cloud: how long it takes for what AWS takes long for, and what is debugged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from accountsctl.localcloud.daemon_link import CallResult, DaemonLink, LocalCloudError

if TYPE_CHECKING:
    from accountsctl.localcloud.lambdas.debugging import DebugRequest


class CloudControls:
    """Changes it, by calls of the daemon; LocalCloudError if it does not run."""

    def __init__(self, daemon: DaemonLink) -> None:
        self._daemon = daemon

    def sleep(self, seconds: float) -> list[str]:
        """Pause every database; each takes `seconds` to resume after the next call. Return their clusters' names."""
        asleep: list[str] = self._call("sleep", {"seconds": seconds})["asleep"]
        return asleep

    def delay(self, seconds: Mapping[str, float]) -> dict[str, float]:
        """Let resources of these types take so long until they are ready, as long as the cloud runs; 0 for no time.

        Return what each type takes now.
        """
        taken: dict[str, float] = self._call("delays", {"seconds": dict(seconds)})["seconds"]
        return taken

    def debug(self, functions: Sequence[DebugRequest], *, on: bool) -> None:
        """Let debuggers connect to these functions, or do not any more; LocalCloudError if a port is in use."""
        try:
            self._call("debug", {"functions": list(functions), "on": on})
        except LocalCloudError as error:
            hint = "Pass another port. `accountsctl local stop` frees those of commands that were killed."
            raise LocalCloudError(error.what, hint) from error

    def _call(self, action: str, body: Mapping[str, object]) -> CallResult:
        running = self._daemon.running()
        if running is None:
            raise LocalCloudError("The embedded cloud does not run.", "Start it: accountsctl local start")
        return self._daemon.call(running.url, "POST", action, dict(body))
