"""What APIs and function URLs answered: counted by the minute as CloudWatch does, and failures in a log for each API.

A line of the log is ``<time> <status> <method> <path> on <route> (request <id>): <reason>``. A failure is a status of
5xx. The first success of a route after a failure is a line too, from which a reader knows what still fails.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypedDict

from accountsctl.localcloud.contracts.access_logs import AccessLine
from accountsctl.localcloud.contracts.requests import AnsweredRequest, EndpointKind, MeasuredEndpoint

MINUTE = 60
KEPT_MINUTES = 24 * 60
ROTATE_AT = 1024 * 1024
SUCCEEDED_AGAIN = "succeeded again"
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
METRICS: Mapping[EndpointKind, tuple[str, str, tuple[str, str, str]]] = {
    EndpointKind.REST: ("AWS/ApiGateway", "ApiName", ("Count", "4XXError", "5XXError")),
    EndpointKind.HTTP: ("AWS/ApiGateway", "ApiId", ("Count", "4xx", "5xx")),
    EndpointKind.URL: ("AWS/Lambda", "FunctionName", ("UrlRequestCount", "Url4xxCount", "Url5xxCount")),
}
"""Namespace, first dimension, and the metrics of all requests, of client errors and of server errors.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
"""


class MetricValue(NamedTuple):
    """The sum of a metric over the minute that begins at `seconds` since the epoch, and of how many requests."""

    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    seconds: int
    total: int
    requests: int


class RequestsState(TypedDict):
    """The counts and the failing routes, as JSON."""

    minutes: list[tuple[tuple[str, ...], int, list[int]]]
    failing: list[tuple[str, ...]]


class RequestsLog:
    """`RequestRecorder` of the embedded cloud. `now` returns seconds since the epoch."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._lock = threading.Lock()
        self._minutes: dict[MeasuredEndpoint, dict[int, list[int]]] = {}
        self._failing: set[tuple[str, ...]] = set()
        self.write_access: Callable[[AccessLine], None] = lambda _: None
        """Gets the lines of access logs."""

    def record(self, answered: AnsweredRequest) -> None:
        """Count a request by its class of status; write a line if it failed, or if its route succeeds again."""
        seconds, status = self._now(), answered.status
        minute = int(seconds) // MINUTE * MINUTE
        with self._lock:
            counts = self._counts(answered.endpoint, minute)
            counts[0] += 1
            if status >= 500:
                counts[2] += 1
            elif status >= 400:
                counts[1] += 1
        if status >= 500 or (status < 400 and self._failing):
            self._note(answered, seconds)
        if answered.access is not None:
            self.write_access(answered.access)

    def metrics(self, region: str) -> Iterator[MetricValue]:
        """What CloudWatch has measured in a region."""
        with self._lock:
            minutes = {endpoint: dict(found) for endpoint, found in self._minutes.items()}
        for endpoint, found in minutes.items():
            if endpoint.region != region:
                continue
            namespace, dimension, names = METRICS[endpoint.kind]
            whole = ((dimension, endpoint.name),)
            levels = (whole, (*whole, ("Stage", endpoint.stage))) if endpoint.stage else (whole,)
            for minute, counts in found.items():
                for name, total in zip(names, counts, strict=True):
                    for dimensions in levels:
                        yield MetricValue(namespace, name, dimensions, minute, total, counts[0])

    def dump(self) -> RequestsState:
        """All counts, as JSON."""
        with self._lock:
            return {
                "minutes": [
                    (tuple(endpoint), minute, list(counts))
                    for endpoint, found in self._minutes.items()
                    for minute, counts in found.items()
                ],
                "failing": sorted(self._failing),
            }

    def load(self, state: RequestsState) -> None:
        """Take over what `dump` returned."""
        with self._lock:
            for (kind, *rest), minute, counts in state["minutes"]:
                endpoint = MeasuredEndpoint(EndpointKind(kind), *rest)
                self._minutes.setdefault(endpoint, {})[minute] = list(counts)
            self._failing = {tuple(route) for route in state["failing"]}

    def _counts(self, endpoint: MeasuredEndpoint, minute: int) -> list[int]:
        found = self._minutes.setdefault(endpoint, {})
        if minute not in found:
            for old in [old for old in found if old <= minute - KEPT_MINUTES * MINUTE]:
                del found[old]
            found[minute] = [0, 0, 0]
        return found[minute]

    def _note(self, answered: AnsweredRequest, seconds: float) -> None:
        endpoint = answered.endpoint
        route = (endpoint.id, endpoint.stage, answered.method, answered.route)
        with self._lock:
            if answered.status < 400:
                if route not in self._failing:
                    return
                self._failing.remove(route)
            else:
                self._failing.add(route)
            self._write(endpoint.id, line(answered, seconds))

    def _write(self, id_: str, text: str) -> None:
        # A request that was answered is answered: a full disk must not fail it.
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._folder / f"{id_}.log"
            if path.exists() and path.stat().st_size > ROTATE_AT:
                path.replace(path.with_suffix(".log.1"))
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(text)


def line(answered: AnsweredRequest, seconds: float) -> str:
    """The line of a request, without tokens; what a client sent cannot add another one."""
    stamp = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    stage = f"/{answered.endpoint.stage}" if answered.endpoint.stage not in ("", "$default") else ""
    why = (
        SUCCEEDED_AGAIN
        if answered.status < 400
        else answered.why or f"the integration returned {answered.status}"
    )
    text = (
        f"{stamp} {answered.status} {answered.method} {stage}{answered.path}"
        f" on {answered.route.replace(' ', '_')} (request {answered.request_id}): {why}"
    )
    return TOKEN.sub("***", " ".join(text.split())) + "\n"
