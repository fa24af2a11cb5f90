"""What everyone answers who has logs of functions: `aws.logs` over scripted answers, and the embedded cloud's files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.aws.logs import CloudWatchLogs
from accountsctl.adapters.log_files import FunctionLogFiles
from accountsctl.model.errors import CloudError
from accountsctl.ports.logs import LogEvent, LogReader
from tests.fakes.session import Scripted

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
INVOCATIONS = {-60: ["old"], -2: ["first", "second"], -1: ["third"]}
"""Lines by the minute at which their invocation ended."""


def in_cloudwatch(invocations: dict[int, list[str]]) -> LogReader:
    events: list[dict[str, Any]] = [
        {
            "eventId": f"{minute}/{text}",
            "timestamp": round((NOW.timestamp() + 60 * minute) * 1000),
            "message": text,
        }
        for minute, texts in invocations.items()
        for text in texts
    ]

    def answer(params: Any) -> dict[str, Any]:
        asked = json.loads(params["body"])
        if asked["logGroupName"] != "/aws/lambda/work":
            return {"events": []}
        late_first = sorted(events, key=itemgetter("timestamp"), reverse=True)
        return {"events": [event for event in late_first if event["timestamp"] >= asked["startTime"]]}

    session: Any = Scripted({}, {"FilterLogEvents": answer})
    return CloudWatchLogs(session)


def in_files(invocations: dict[int, list[str]], folder: Path) -> LogReader:
    text = "".join(
        f"{(NOW + timedelta(minutes=minute)).isoformat(timespec='milliseconds').replace('+00:00', 'Z')} "
        + "".join(f"{line}\n" for line in lines)
        for minute, lines in invocations.items()
    )
    (folder / "work.log").write_text(text)
    (folder / "other.log").write_text(text)
    return FunctionLogFiles(
        lambda: [str(folder / "work.log"), str(folder / "other.log"), str(folder / "gone.log")]
    )


@pytest.fixture(params=["cloudwatch", "files"])
def logs(request: pytest.FixtureRequest, tmp_path: Path) -> LogReader:
    return in_cloudwatch(INVOCATIONS) if request.param == "cloudwatch" else in_files(INVOCATIONS, tmp_path)


def test_events_since_a_time_come_in_the_order_in_which_they_were_written(logs: LogReader) -> None:
    found = logs.read("work", NOW - timedelta(minutes=5))
    assert [event.message for event in found] == ["first", "second", "third"]
    assert [event.at for event in found] == [NOW + timedelta(minutes=minute) for minute in (-2, -2, -1)]


def test_each_event_keeps_its_own_id(logs: LogReader) -> None:
    def ids(events: list[LogEvent]) -> list[str]:
        return [event.id for event in events]

    found = ids(logs.read("work", NOW - timedelta(minutes=90)))
    assert len(set(found)) == 4
    assert ids(logs.read("work", NOW - timedelta(minutes=5))) == found[1:]


def test_a_function_that_never_ran_has_no_log(logs: LogReader) -> None:
    assert logs.read("idle", NOW - timedelta(minutes=5)) == []


def test_the_older_file_comes_first(tmp_path: Path) -> None:
    files = in_files({-1: ["new"]}, tmp_path)
    (tmp_path / "work.log").rename(tmp_path / "work.log.1")
    files = in_files({-1: ["newer"]}, tmp_path)
    assert [event.message for event in files.read("work", NOW - timedelta(minutes=5))] == ["new", "newer"]


def test_a_line_with_the_time_of_the_runtime_for_node_begins_no_invocation(tmp_path: Path) -> None:
    node = "2026-11-28T10:00:00.000Z\t1\tINFO\tpaid"
    (event,) = in_files({-1: [node]}, tmp_path).read("work", NOW - timedelta(minutes=5))
    assert (event.message, event.at) == (node, NOW - timedelta(minutes=1))


def test_a_group_that_does_not_exist_is_an_empty_log() -> None:
    session: Any = Scripted({"FilterLogEvents": "ResourceNotFoundException"})
    assert CloudWatchLogs(session).read("work", NOW) == []


def test_a_group_that_may_not_be_read_is_an_error() -> None:
    session: Any = Scripted({"FilterLogEvents": "AccessDeniedException"})
    with pytest.raises(CloudError, match="read the log of work"):
        CloudWatchLogs(session).read("work", NOW)
