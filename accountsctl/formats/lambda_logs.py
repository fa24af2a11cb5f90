"""A line of a Lambda function's log, as a person reads it: JSON taken apart, traces on lines, Lambda's own lines short.

Lambda's lines and those of its runtimes come as text or as JSON, by the function's log format. The runtime for Python
writes a trace as one event whose lines are separated by carriage returns, the one for Node as JSON after tabs.
Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from itertools import takewhile

from accountsctl.model.logs import LogRecord

_PLATFORM = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_STAMP = r"\d{4}-\d\d-\d\dT[\d:.]+Z"
_LEVEL = r"TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL"
_NODE = re.compile(rf"{_STAMP}\t(\S+)\t({_LEVEL})\t(.*)", re.DOTALL)
_PYTHON = re.compile(rf"\[({_LEVEL})\]\t{_STAMP}\t(\S*)\t(.*)", re.DOTALL)
_RAISED = re.compile(rf"\[({_LEVEL})\] (.*)", re.DOTALL)
_MEASURE = re.compile(r"\t(Init Duration|Duration|Memory Size|Max Memory Used|Status): ([^\t]+)")
_KNOWN = frozenset({"timestamp", "level", "requestId", "AWSRequestId", "message", "logger", "traceId"})
FAILED_LEVELS = frozenset({"ERROR", "CRITICAL", "FATAL"})
_TRACE = ("stackTrace", "stack", "trace", "stack_trace", "exception")
_UNSAID = frozenset({"START", "END", "INIT_START"})
MOST_OF_AN_ERROR = 700
"""Characters: what a table of checks shows of an error. Most messages are shorter, and then nothing is cut."""
_FRAME = re.compile(r"\s*(?:at |File \"|Traceback |- /|Require stack:)|\s*\^*\s*$")


def read_record(message: str) -> LogRecord:
    """Read a log event's message."""
    message = message.strip("\r\n")
    record = json_object(message)
    if record is not None:
        kind = record.get("type")
        platform = isinstance(kind, str) and kind.startswith("platform.")
        return _platform_json(str(kind), record) if platform else _application(record)
    if found := _PLATFORM.match(message):
        return _platform_text(found, message)
    if message.startswith("INIT_START "):
        return LogRecord("", platform=True)
    if found := _NODE.fullmatch(message):
        request, level, text = found.groups()
        return LogRecord(_with_trace(text), level, "" if request == "undefined" else request)
    if found := _PYTHON.fullmatch(message):
        return LogRecord(_lines(found[3]), found[1], found[2])
    if found := _RAISED.fullmatch(message):
        return LogRecord(_lines(found[2]), found[1])
    return LogRecord(_lines(message))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def json_object(text: str) -> Mapping[str, object] | None:
    """A message that is a JSON object; None for any other."""
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _application(record: Mapping[str, object]) -> LogRecord:
    message = record.get("message")
    # The runtime for Node puts what was thrown into the message.
    thrown = message if isinstance(message, dict) and "errorType" in message else record
    said = [] if message is None or thrown is message else [str(message)]
    lines = [*said, *_error(thrown)]
    others = {
        key: value for key, value in record.items() if key not in _KNOWN and key not in _of_error(thrown)
    }
    others_text = " ".join(f"{key}={_short(value)}" for key, value in others.items())
    lines = [" ".join(filter(None, (lines[0] if lines else "", others_text))), *lines[1:]]
    request = record.get("requestId") or record.get("AWSRequestId") or ""
    return LogRecord("\n".join(lines), str(record.get("level", "")).upper(), str(request))


def _of_error(thrown: Mapping[str, object]) -> frozenset[str]:
    return (
        frozenset({"errorType", "errorMessage", "location", *_TRACE})
        if "errorType" in thrown
        else frozenset()
    )


def titled(kind: object, message: object) -> str:
    """An error in one line: its type and its message, as far as they are stated."""
    return ": ".join(str(part) for part in (kind, message) if part)


def _error(thrown: Mapping[str, object]) -> Iterator[str]:
    """An error's type and message, then its trace; nothing if none was thrown."""
    if "errorType" not in thrown:
        return
    yield titled(thrown.get("errorType"), thrown.get("errorMessage"))
    trace = next((thrown[key] for key in _TRACE if thrown.get(key)), ())
    lines = trace if isinstance(trace, list) else str(trace).splitlines() if trace else []
    # Node's trace begins with the error itself, which was just said.
    again = bool(lines) and str(lines[0]).startswith(str(thrown["errorType"]))
    for entry in lines[again:]:
        yield from str(entry).rstrip("\n").splitlines()


def _with_trace(text: str) -> str:
    """The runtime for Node writes ``Invoke Error``, a tab and what was thrown as JSON."""
    _, tab, rest = text.partition("\t")
    thrown = json_object(rest) if tab else None
    return "\n".join(_error(thrown or {})) or _lines(text)


def _short(value: object) -> str:
    return value if isinstance(value, str) and " " not in value else json.dumps(value, ensure_ascii=False)


def _platform_text(found: re.Match[str], message: str) -> LogRecord:
    if found[1] in _UNSAID:
        return LogRecord("", request=found[2], platform=True)
    return LogRecord(_measured(dict(_MEASURE.findall(message))), request=found[2], platform=True)


def _measured(measures: Mapping[str, str]) -> str:
    parts = [f"took {measures['Duration']}"] if "Duration" in measures else []
    if "Init Duration" in measures:
        parts.append(f"after {measures['Init Duration']} to start")
    if "Max Memory Used" in measures:
        parts.append(f"used {measures['Max Memory Used']} of {measures.get('Memory Size', 'its memory')}")
    if "Status" in measures:
        parts.append(f"status {measures['Status'].strip()}")
    return ", ".join(parts)


def _platform_json(kind: str, record: Mapping[str, object]) -> LogRecord:
    inner = record.get("record")
    details: Mapping[str, object] = inner if isinstance(inner, dict) else {}
    request = str(details.get("requestId", ""))
    if kind != "platform.report":
        return LogRecord("", request=request, platform=True)
    metrics = details.get("metrics")
    found: Mapping[str, object] = metrics if isinstance(metrics, dict) else {}
    names = {
        "Duration": ("durationMs", "ms"),
        "Init Duration": ("initDurationMs", "ms"),
        "Max Memory Used": ("maxMemoryUsedMB", "MB"),
        "Memory Size": ("memorySizeMB", "MB"),
    }
    measures = {name: f"{found[key]} {unit}" for name, (key, unit) in names.items() if key in found}
    failed = details.get("status") not in (None, "success")
    return LogRecord(
        _measured(measures | ({"Status": str(details["status"])} if failed else {})),
        request=request,
        platform=True,
    )


def error_in_short(message: str) -> str:
    """The useful lines of an error in one line: those before the first frame of its trace, cut between words only."""
    lines = re.split(r"[\r\n]+", message.strip())
    useful = list(takewhile(lambda line: not _FRAME.match(line), lines)) or lines[:1]
    return textwrap.shorten(" ".join(useful), MOST_OF_AN_ERROR, placeholder=" ...")
