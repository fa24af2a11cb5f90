"""What Lambda hands to CloudWatch Logs after an invocation."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.localcloud.contracts.lookups import FunctionConfig


@dataclass(frozen=True)
class InvocationLog:
    """The lines of one invocation, START and REPORT included. `stream` is its sandbox's own.

    `started` and `ended` are seconds since the epoch.
    """

    function: FunctionConfig
    stream: str
    started: float
    ended: float
    text: bytes

    def events(self) -> list[tuple[int, str]]:
        """Each line with its time in milliseconds. When a line was printed is not known: it has the time of the end."""
        first, *rest = self.text.decode(errors="replace").rstrip("\n").split("\n")
        ended = int(self.ended * 1000)
        lines = ((ended, line) for line in rest if line.strip())
        return [(int(self.started * 1000), f"{first}\n"), *((time, f"{line}\n") for time, line in lines)]
