"""Why calls of the embedded cloud's APIs failed, from its log files: an adapter of `ports.ApiLog`.

A line is ``<time> <status> <method> <path> on <route> (request <id>): <reason>``; a status below 500 says that the
route succeeds again. The file of an API has the API's id as its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.ports.telemetry import ApiLogged, FailedCall

OLDER = ".log.1"
LINE = re.compile(
    r"(?P<at>\S+Z) (?P<status>\d{3}) (?P<method>\S+) (?P<path>\S+) on (?P<route>\S+)"
    r" \(request (?P<request>\S+)\): (?P<reason>.*)"
)
FOLDER = "apis"


class ApiLogFiles:
    """`ports.ApiLog` over files. `paths` are those of all logs of the embedded cloud."""

    def __init__(self, paths: Callable[[], Iterable[str]]) -> None:
        self._paths = paths

    def read(self, endpoint: HttpEndpoint, since: datetime) -> ApiLogged:
        """Read the API's file, and the older one that was put aside when it had grown too large."""
        failing: dict[tuple[str, str], list[FailedCall]] = {}
        for line in self._lines(endpoint.id):
            path = _below_stage(line["path"], endpoint.stage)
            if path is None or (at := datetime.fromisoformat(line["at"])) < since:
                continue
            route = (line["method"], line["route"])
            if int(line["status"]) < 500:
                failing.pop(route, None)
            else:
                failed = FailedCall(at, f"{line['method']} {path}", redacted(line["reason"]))
                failing.setdefault(route, []).append(failed)
        found = sorted((call for calls in failing.values() for call in calls), key=lambda call: call.at)
        return ApiLogged(tuple(found), complete=True)

    def of_request(self, api: str, _stage: str, request: str, _at: datetime, /) -> tuple[str, ...]:
        """Its line, if the request failed: the file has no others."""
        found = [line for line in self._lines(api) if line["request"] == request]
        return tuple(redacted(line["reason"]) for line in found)

    def _lines(self, id_: str) -> Iterator[re.Match[str]]:
        for log in map(Path, self._paths()):
            if log.name != f"{id_}.log" or log.parent.name != FOLDER:
                continue
            for file in (log.with_suffix(OLDER), log):
                if file.is_file():
                    lines = file.read_text("utf-8", "replace").splitlines()
                    yield from (found for line in lines if (found := LINE.fullmatch(line)))


def _below_stage(path: str, stage: str) -> str | None:
    """The path without the stage; None if it is that of another stage. ``$default`` and a function URL have none."""
    if stage in ("", "$default"):
        return path
    prefix = f"/{stage}"
    if path != prefix and not path.startswith(f"{prefix}/"):
        return None
    return path.removeprefix(prefix) or "/"
