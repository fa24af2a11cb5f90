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
LOG = f"""START RequestId: 1
{{"timestamp": "2026-11-23T10:00:00Z", "level": "ERROR", "errorType": "Old", "errorMessage": "long ago"}}
{{"timestamp": "2026-11-23T11:30:00Z", "level": "INFO", "message": "fine"}}
{{"level": "ERROR", "message": "said {JWT}"}}
2026-11-23 Task timed out after 25.00 seconds
{{"timestamp": "2026-11-23T11:50:00Z", "level": "ERROR", "errorType": "KeyError", "errorMessage": "'id'"}}
not json {{
"""


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
