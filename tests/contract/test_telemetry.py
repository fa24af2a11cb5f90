"""What everyone answers who measures: `aws.telemetry` over scripted answers, and the embedded cloud's log files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.aws.telemetry import CloudWatch
from accountsctl.adapters.function_logs import FunctionLogs, errors_in, summary
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import Errors, Telemetry
from tests.fakes.session import Scripted

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(hours=1)
JWT = "eyJhbGciOi.eyJzdWIiOiIxIn0.c2ln"
LOG = f"""2026-11-23T10:00:01.000Z START RequestId: 1
{{"timestamp": "2026-11-23T10:00:00Z", "level": "ERROR", "errorType": "Old", "errorMessage": "long ago"}}
2026-11-23T11:30:00.000Z START RequestId: 2
{{"timestamp": "2026-11-23T11:30:00Z", "level": "INFO", "message": "fine, no ERROR"}}
{{"level": "ERROR", "message": "said {JWT}"}}
START RequestId: 3
2026-11-23 Task timed out after 25.00 seconds
START RequestId: 4
{{"timestamp": "2026-11-23T11:50:00Z", "level": "ERROR", "errorType": "KeyError", "errorMessage": "'id'"}}
not json {{
"""
ID = "fc36d9cc-cc3c-4350-b305-41947b6e049b"
NODE = (
    f'2026-11-23T11:40:00.000Z\t{ID}\tERROR\tInvoke Error\t{{"errorType":"Error","errorMessage":"no stock"}}'
)
INIT = '2026-11-23T11:40:00.000Z\tundefined\tERROR\tUncaught Exception\t{"errorType":"Missing","errorMessage":"ms"}'
EXIT = f"RequestId: {ID} Error: Runtime exited with error: exit status 1"


def watch(errors: dict[str, str] | None = None, **answers: Any) -> Telemetry:
    empty: dict[str, Any] = {"GetMetricStatistics": {"Datapoints": []}, "FilterLogEvents": {"events": []}}
    session: Any = Scripted(errors or {}, {**empty, **answers})
    return CloudWatch(session, summary, lambda: NOW)


def event(at: int, message: str) -> dict[str, Any]:
    return {"timestamp": at, "message": message}


def test_a_log_file_tells_the_errors_since_a_time_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "work.log").write_text(LOG)
    (tmp_path / "other.log").write_text(LOG)
    paths = [str(tmp_path / "work.log"), str(tmp_path / "other.log"), str(tmp_path / "gone.log")]
    port: Telemetry = FunctionLogs(lambda: paths)
    assert port.errors("work", SINCE) == Errors(3, "KeyError: 'id'")
    assert port.errors("nobody", SINCE) == port.errors("gone", SINCE) == Errors(0)
    assert next(errors_in(LOG, SINCE)) == "said ***"
    assert port.capacity("cluster") is None


@pytest.mark.parametrize(
    ("lines", "latest"),
    [
        ([NODE], "Error: no stock"),
        ([INIT], "Missing: ms"),
        (["[ERROR] ValueError: no stock", "Traceback (most recent call last):"], "ValueError: no stock"),
        ([f"[ERROR]\t2026-11-23T11:40:00.000Z\t{ID}\tit is gone"], "it is gone"),
        (
            ["2026-11-23T11:40:00.000Z 1 Task timed out after 3.00 seconds"],
            "1 Task timed out after 3.00 seconds",
        ),
        ([NODE, EXIT], "Error: no stock"),
        ([NODE, NODE], "Error: no stock"),
        ([EXIT, "Runtime.ExitError"], EXIT),
    ],
)
def test_a_failed_invocation_counts_once_in_the_text_format_too(lines: list[str], latest: str) -> None:
    log = "\n".join(["2026-11-23T11:40:00.000Z START RequestId: 1", *lines, "END RequestId: 1", ""])
    assert list(errors_in(log, SINCE)) == [latest]
    assert list(errors_in(log * 2, SINCE)) == [latest, latest]
    assert list(errors_in(log, NOW)) == []


def test_a_call_that_the_embedded_cloud_did_not_run_is_a_failure_of_its_own() -> None:
    refused = "2026-11-23T11:40:00.000Z [ERROR] Runtime.Missing: no Node.js is installed\n"
    assert list(errors_in(refused * 2, SINCE)) == ["Runtime.Missing: no Node.js is installed"] * 2


def test_two_errors_of_one_request_are_one_failure() -> None:
    told = {
        "events": [event(1, NODE), event(2, f"RequestId: {ID} Error: exit"), event(3, INIT), event(4, INIT)]
    }
    assert watch(FilterLogEvents=told).errors("work", SINCE) == Errors(3, "Missing: ms")


def test_cloudwatch_tells_the_last_error_and_how_many_there_were() -> None:
    told = {"events": [event(2, '{"errorType": "B", "errorMessage": "b"}'), event(1, "first")]}
    assert watch(FilterLogEvents=told).errors("work", SINCE) == Errors(2, "B: b")


def test_failed_invocations_that_left_no_line_count_too() -> None:
    points = {"Datapoints": [{"Sum": 2.0}, {"Sum": 3.0}]}
    assert watch(GetMetricStatistics=points).errors("work", SINCE) == Errors(5)


def test_a_function_without_a_log_has_logged_nothing() -> None:
    assert watch({"FilterLogEvents": "ResourceNotFoundException"}).errors("work", SINCE) == Errors(0)


@pytest.mark.parametrize(
    ("refused", "expected"), [("FilterLogEvents", Errors(4)), ("GetMetricStatistics", Errors(1, "line"))]
)
def test_where_one_source_is_refused_the_other_counts(refused: str, expected: Errors) -> None:
    answers = {
        "GetMetricStatistics": {"Datapoints": [{"Sum": 4.0}]},
        "FilterLogEvents": {"events": [event(1, "line")]},
    }
    assert watch({refused: "AccessDeniedException"}, **answers).errors("work", SINCE) == expected


def test_where_both_are_refused_nothing_is_known() -> None:
    with pytest.raises(CloudError, match="refused to tell the metric Errors"):
        watch({"*": "AccessDeniedException"}).errors("work", SINCE)


def test_the_latest_capacity_counts() -> None:
    points = [{"Timestamp": NOW, "Maximum": 0.0}, {"Timestamp": SINCE, "Maximum": 2.0}]
    assert watch(GetMetricStatistics={"Datapoints": points}).capacity("db") == 0.0
    assert watch().capacity("db") is None
