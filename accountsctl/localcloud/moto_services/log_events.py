"""What we fix in moto's CloudWatch Logs: the events that services write are in files, and are read with moto's own.

moto keeps what PutLogEvents sends. Functions and stages write far more, to files; here both are one group.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import copy
import importlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts import log_patterns
from accountsctl.localcloud.contracts.access_logs import AccessLine
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.log_files import GroupName, LogEventFiles
from accountsctl.localcloud.moto_services import rds_logs
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.logs.models import LogEvent, LogGroup, LogsBackend, LogStream
    from moto.logs.responses import LogsResponse

MOST = 10_000
DAY = 86_400_000  # milliseconds
_files: list[LogEventFiles] = []


def connect(files: LogEventFiles) -> None:
    """Read the events of `files`, and of nothing that was connected before: a process has one cloud."""
    _files[:] = [files]


def install() -> None:
    """Fix moto.logs. Once per process."""
    moto = models("logs")
    wrap(moto.LogsBackend, "delete_log_group", _delete_group)
    wrap(moto.LogsBackend, "delete_log_stream", _delete_stream)
    wrap(moto.LogGroup, "get_log_events", _through_merged)
    wrap(moto.LogGroup, "describe_log_streams", _through_merged)
    wrap(moto.LogsBackend, "start_query", _start_query)
    responses = importlib.import_module("moto.logs.responses").LogsResponse
    wrap(responses, "filter_log_events", _filter)


def exists(group: GroupName) -> bool:
    """Whether there is such a group; read without the lock, which no invocation must wait for."""
    account = backends("logs").get(ACCOUNT)
    backend = None if account is None else dict(account).get(group.region)
    return backend is not None and group.name in backend.groups


def write(group: GroupName, stream: str, events: Iterable[tuple[int, str]]) -> None:
    """Add what a service wrote to a group that exists; events are (milliseconds, message)."""
    for files in _files:
        files.append(group, stream, events)


def write_access(line: AccessLine) -> None:
    """Add a line to a stage's access log; API Gateway does not create the group."""
    group = GroupName(*line.log.group)
    if exists(group):
        write(group, line.stream, [(line.milliseconds, line.text)])


def _delete_group(original: Callable[..., None], backend: LogsBackend, log_group_name: str) -> None:
    original(backend, log_group_name)
    for files in _files:
        files.forget(GroupName(backend.region_name, log_group_name))
    rds_logs.group_is_deleted(backend, log_group_name)


def _delete_stream(
    original: Callable[..., None], backend: LogsBackend, log_group_name: str, log_stream_name: str
) -> None:
    group = backend.groups.get(log_group_name)
    if group is None or log_stream_name in group.streams:
        original(backend, log_group_name, log_stream_name)
    elif log_stream_name not in _merged(group).streams:
        raise _not_found("The specified log stream does not exist.")
    for files in _files:
        files.forget_stream(GroupName(backend.region_name, log_group_name), log_stream_name)


def _through_merged(original: Callable[..., object], group: LogGroup, *args: Any, **named: Any) -> object:
    return original(_merged(group), *args, **named)


def _start_query(
    original: Callable[..., object],
    backend: LogsBackend,
    log_group_names: list[str],
    *args: Any,
    **named: Any,
) -> object:
    """CloudWatch Logs Insights; moto runs the query at once, over the groups of its backend."""
    seen = copy.copy(backend)
    names = [name for name in log_group_names if name in backend.groups]
    seen.groups = {name: _merged(backend.groups[name]) for name in names}
    return original(seen, log_group_names, *args, **named)


def _merged(group: LogGroup) -> LogGroup:
    """The group with the streams that services wrote; nothing may be written to it."""
    merged = copy.copy(group)
    merged.streams = dict(group.streams)
    now = time.time() * 1000
    kept = now - int(group.retention_in_days) * DAY if group.retention_in_days else 0
    for files in _files:
        for logged in files.read(GroupName(group.region, group.name)):
            if logged.milliseconds >= kept:
                event = _event(logged.milliseconds, logged.message, logged.id)
                _stream(merged, group, logged.stream, logged.milliseconds).events.append(event)
    return merged


def _stream(merged: LogGroup, group: LogGroup, name: str, milliseconds: int) -> LogStream:
    """The stream of a merged group to add events to: of one that moto has too, a copy."""
    found: LogStream | None = merged.streams.get(name)
    written = datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)
    if found is None:
        found = models("logs").LogStream(group, name)
        found.creation_time = written
    elif found is group.streams.get(name):
        found = copy.copy(found)
        found.events = list(found.events)
    found.last_ingestion_time = written
    merged.streams[name] = found
    return found


def _event(milliseconds: int, message: str, id_: int) -> LogEvent:
    """moto numbers its events by a counter, which one that is read again must not move."""
    event: LogEvent = object.__new__(models("logs").LogEvent)
    event.ingestion_time = event.timestamp = milliseconds
    event.message, event.event_id = message, id_
    return event


def _filter(original: Callable[..., str], response: LogsResponse) -> str:
    """FilterLogEvents: moto leaves out prefixes of streams and patterns of JSON, and sorts each stream by itself."""
    del original
    given: Callable[..., Any] = response._get_param
    group = response.logs_backend._find_log_group(given("logGroupIdentifier"), given("logGroupName"))
    limit = int(given("limit") or MOST)
    if limit > MOST:
        raise _invalid(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have"
            f" value less than or equal to {MOST}"
        )
    names, prefix = given("logStreamNames") or [], given("logStreamNamePrefix") or ""
    if names and prefix:
        raise _invalid("LogStreamNamePrefix and LogStreamNames are mutually exclusive.")
    streams = [
        stream
        for name, stream in _merged(group).streams.items()
        if name.startswith(prefix) and (not names or name in names)
    ]
    chosen = _chosen(streams, given("startTime"), given("endTime"), given("filterPattern") or "")
    first = _after(chosen, given("nextToken"))
    page = chosen[first : first + limit]
    answer: JsonObject = {"events": page, "searchedLogStreams": []}
    if first + limit < len(chosen):
        answer["nextToken"] = page[-1]["eventId"]
    return json.dumps(answer)


def _chosen(
    streams: Sequence[LogStream], start: int | None, end: int | None, pattern: str
) -> list[JsonObject]:
    """The events, oldest first, as the API returns them."""
    try:
        selects = log_patterns.parse(pattern)
    except log_patterns.LogPatternError as fault:
        raise _invalid(str(fault)) from None
    found: list[JsonObject] = [
        {
            "logStreamName": stream.log_stream_name,
            "timestamp": event.timestamp,
            "message": event.message,
            "ingestionTime": event.ingestion_time,
            "eventId": f"{event.timestamp:014d}{int(event.event_id):042d}",
        }
        for stream in streams
        for event in stream.events
        if (start is None or event.timestamp >= start)
        and (end is None or event.timestamp <= end)
        and selects(event.message)
    ]
    return sorted(found, key=lambda event: event["eventId"])


def _after(events: Sequence[JsonObject], token: str | None) -> int:
    """Where the page begins: after the event whose id the last page's token is."""
    if not token:
        return 0
    for number, event in enumerate(events):
        if event["eventId"] == token:
            return number + 1
    raise _invalid("The specified nextToken is invalid.")


def _invalid(message: str) -> Exception:
    from moto.logs.exceptions import InvalidParameterException

    return InvalidParameterException(message)


def _not_found(message: str) -> Exception:
    from moto.logs.exceptions import ResourceNotFoundException

    return ResourceNotFoundException(message)
