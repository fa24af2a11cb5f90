"""What everyone answers who measures: `aws.telemetry` over scripted answers, and the embedded cloud's log files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.api_log_files import ApiLogFiles
from accountsctl.adapters.aws.api_errors import ApiMetrics
from accountsctl.adapters.aws.execution_logs import ExecutionLogs
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.telemetry import CloudWatch
from accountsctl.adapters.function_logs import FunctionLogs, errors_in, summary
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import (
    ApiLog,
    ApiLogged,
    ApiTelemetry,
    Errors,
    FailedCall,
    Minute,
    Telemetry,
)
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


API = HttpEndpoint(HttpEndpointKind.REST, "api/orders", "Api", "abc", "orders", "https://abc.test/dev", "dev")
HTTP = HttpEndpoint(HttpEndpointKind.HTTP, "custom/h", "Api", "abc", "abc", "https://abc.test", "$default")
FUNCTION_URL = HttpEndpoint(
    HttpEndpointKind.URL, "function/f", "Url", "abc", "f", "https://abc.test", auth="NONE"
)
API_LOG = f"""2026-11-23T10:00:00.000Z 502 GET /dev/old on /old (request 1): long ago
2026-11-23T11:30:00.000Z 502 GET /dev/items/1 on /items/{{id}} (request 2): Malformed (request 9): {JWT}
2026-11-23T11:31:00.000Z 502 POST /dev/items on /items (request 3): it failed
2026-11-23T11:32:00.000Z 500 GET /prod/items on /items (request 4): of another stage
2026-11-23T11:33:00.000Z 502 GET /devices on /devices (request 4): of another stage
2026-11-23T11:34:00.000Z 200 POST /dev/items on /items (request 5): succeeded again
not a line of this log
2026-11-23T11:35:00.000Z 504 GET /dev on / (request 6): Execution failed due to a timeout error
"""


def api_log(folder: Path) -> ApiLog:
    (folder / "apis").mkdir()
    for path in ("apis/abc.log", "apis/other.log", "abc.log"):
        (folder / path).write_text(API_LOG if path == "apis/abc.log" else API_LOG.replace("Malformed", "X"))
    return ApiLogFiles(
        lambda: [str(folder / name) for name in ("apis/abc.log", "apis/other.log", "abc.log", "apis/no.log")]
    )


def test_the_log_of_an_api_has_what_failed_since_and_has_not_succeeded_again(tmp_path: Path) -> None:
    assert api_log(tmp_path).read(API, SINCE) == ApiLogged(
        (
            FailedCall(
                datetime(2026, 11, 23, 11, 30, tzinfo=UTC), "GET /items/1", "Malformed (request 9): ***"
            ),
            FailedCall(
                datetime(2026, 11, 23, 11, 35, tzinfo=UTC), "GET /", "Execution failed due to a timeout error"
            ),
        ),
        complete=True,
    )


def execution_log(answer: Any) -> ApiLog:
    refused = {"FilterLogEvents": answer} if isinstance(answer, str) else {}
    session: Any = Scripted(refused, {} if refused else {"FilterLogEvents": answer})
    return ExecutionLogs(session)


def test_the_execution_log_of_a_stage_has_the_reasons() -> None:
    def answer(params: Any) -> dict[str, Any]:
        assert b"API-Gateway-Execution-Logs_abc/dev" in params["body"]
        return {"events": [event(2000, f"({ID}) Execution failed: {JWT}"), event(1000, "first")]}

    assert execution_log(answer).read(API, SINCE) == ApiLogged(
        (
            FailedCall(datetime.fromtimestamp(1, UTC), "", "first"),
            FailedCall(datetime.fromtimestamp(2, UTC), "", "Execution failed: ***"),
        )
    )


def test_the_log_of_an_api_has_the_error_of_a_request_by_its_id(tmp_path: Path) -> None:
    log = api_log(tmp_path)
    assert log.of_request("abc", "dev", "2", NOW) == ("Malformed (request 9): ***",)
    assert log.of_request("abc", "dev", "9", NOW) == ()
    assert log.of_request("none", "dev", "2", NOW) == ()


def test_the_execution_log_has_the_reasons_of_a_request_by_its_id() -> None:
    def answer(params: Any) -> dict[str, Any]:
        assert b'"filterPattern": "\\"request-7\\""' in params["body"]
        told = [
            event(2000, f"({ID}) Execution failed due to configuration error: {JWT}"),
            event(1000, f"({ID}) Method request headers: {{Authorization=abc}}"),
        ]
        return {"events": told}

    found = execution_log(answer).of_request("abc", "dev", "request-7", NOW)
    assert found == ("Execution failed due to configuration error: ***",)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        ("ResourceNotFoundException", "writes no execution log"),
        ("AccessDeniedException", "refused to read the log"),
    ],
)
def test_a_log_of_a_request_that_is_not_there_is_an_error(refused: str, message: str) -> None:
    with pytest.raises(CloudError, match=message):
        execution_log(refused).of_request("abc", "dev", "1", NOW)


@pytest.mark.parametrize("refused", ["ResourceNotFoundException", "AccessDeniedException"])
def test_a_log_that_is_not_written_or_not_readable_leaves_the_reasons_open(refused: str) -> None:
    assert execution_log(refused).read(API, SINCE) == ApiLogged(written=False)


@pytest.mark.parametrize("endpoint", [HTTP, FUNCTION_URL])
def test_only_rest_apis_have_an_execution_log(endpoint: HttpEndpoint) -> None:
    assert not execution_log("AccessDeniedException").read(endpoint, SINCE).written


def api_metrics(errors: dict[str, str] | None = None, **answers: Any) -> ApiTelemetry:
    session: Any = Scripted(errors or {}, {"FilterLogEvents": {"events": []}, **answers})
    return ApiMetrics(session, ExecutionLogs(session), lambda: NOW)


@pytest.mark.parametrize(
    ("endpoint", "names"),
    [
        (API, ("Count", "4XXError", "5XXError", "ApiName", "orders", "Stage", "dev")),
        (HTTP, ("Count", "4xx", "5xx", "ApiId", "abc", "Stage", "$default")),
        (FUNCTION_URL, ("UrlRequestCount", "Url4xxCount", "Url5xxCount", "FunctionName", "f")),
    ],
)
def test_requests_are_counted_by_the_minute(endpoint: HttpEndpoint, names: tuple[str, ...]) -> None:
    def answer(params: Any) -> dict[str, Any]:
        sent = str(params["body"])
        assert all(name in sent for name in names)
        results = {"requests": [4.0, 9.0], "refused": [1.0, 0.0], "failed": [2.0, 0.0]}
        times = [NOW - timedelta(minutes=1), NOW - timedelta(minutes=2)]
        return {
            "MetricDataResults": [
                {"Id": id_, "Timestamps": times, "Values": values} for id_, values in results.items()
            ]
        }

    found = api_metrics(GetMetricData=answer).api_errors(endpoint, SINCE)

    assert found.minutes == (
        Minute(NOW - timedelta(minutes=2), 9, 0, 0),
        Minute(NOW - timedelta(minutes=1), 4, 1, 2),
    )


def test_metrics_that_may_not_be_read_are_an_error() -> None:
    with pytest.raises(CloudError, match="refused to tell the metrics of api/orders"):
        api_metrics({"GetMetricData": "AccessDeniedException"}).api_errors(API, SINCE)


def test_the_embedded_cloud_answers_the_same_metrics(session: Session, tmp_path: Path) -> None:
    found = ApiMetrics(session, api_log(tmp_path)).api_errors(API, datetime.now(UTC) - timedelta(hours=1))
    assert found.minutes == ()
