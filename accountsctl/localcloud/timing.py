"""How long a running cloud takes for what AWS takes long for: databases that resume, resources that are created."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.localcloud.daemon_link import CallResult, DaemonLink, LocalCloudError


class CloudTiming:
    """Sets it, by calls of the daemon; LocalCloudError if it does not run."""

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

    def _call(self, action: str, body: Mapping[str, object]) -> CallResult:
        running = self._daemon.running()
        if running is None:
            raise LocalCloudError("The embedded cloud does not run.", "Start it: accountsctl local start")
        return self._daemon.call(running.url, "POST", action, dict(body))
