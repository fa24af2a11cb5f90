"""What the events of REST APIs, HTTP APIs and function URLs have in common."""

from __future__ import annotations

import time
from collections.abc import Iterable

from accountsctl.localcloud.contracts.messages import Request

HOP_BY_HOP = frozenset(
    {"connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers about one connection, which no function gets or sends."""


def trace_id(request: Request, seconds: float, request_id: str) -> str:
    """X-Ray's trace header for a request; one that the client sent is kept."""
    sent = request.header("X-Amzn-Trace-Id")
    return sent or f"Root=1-{int(seconds):08x}-{request_id.replace('-', '')[:24]}"


def request_time(seconds: float) -> str:
    """The time of a request context, as the common log format writes it."""
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(seconds))


def several_values(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
