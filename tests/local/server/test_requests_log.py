"""What the embedded cloud records of answered requests: counts by the minute, and a log of what fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.requests import AnsweredRequest, EndpointKind, MeasuredEndpoint
from accountsctl.localcloud.requests_log import RequestsLog

REST = MeasuredEndpoint(EndpointKind.REST, "eu-west-1", "abc", "orders", "dev")
URL = MeasuredEndpoint(EndpointKind.URL, "eu-west-1", "u1", "work")


def answered(
    status: int, path: str = "/items/1", endpoint: MeasuredEndpoint = REST, why: str | None = None
) -> AnsweredRequest:
    return AnsweredRequest(endpoint, "GET", "/items/{id}", path, status, "r1", why)


@pytest.fixture
def log(tmp_path: Path) -> RequestsLog:
    return RequestsLog(tmp_path / "apis", lambda: 1_000_000.5)


def counted(log: RequestsLog, stage: str = "dev") -> dict[str, int]:
    return {
        value.metric: value.total
        for value in log.metrics("eu-west-1")
        if ("Stage", stage) in value.dimensions or not stage
    }


def test_requests_are_counted_by_their_class_of_status(log: RequestsLog) -> None:
    for status in (200, 204, 302, 404, 429, 500, 504):
        log.record(answered(status))
    assert counted(log) == {"Count": 7, "4XXError": 2, "5XXError": 2}
    assert list(log.metrics("us-east-1")) == []
    assert {value.seconds for value in log.metrics("eu-west-1")} == {999_960}


def test_a_rest_api_is_measured_as_a_whole_and_by_stage(log: RequestsLog) -> None:
    log.record(answered(200))
    log.record(answered(200, endpoint=REST._replace(stage="prod")))
    whole = [v.total for v in log.metrics("eu-west-1") if v.dimensions == (("ApiName", "orders"),)]
    assert sum(whole) == 2
    assert counted(log, "prod")["Count"] == 1


def test_a_function_url_is_measured_by_its_function(log: RequestsLog) -> None:
    log.record(answered(502, endpoint=URL))
    (failed,) = [value for value in log.metrics("eu-west-1") if value.metric == "Url5xxCount"]
    assert (failed.namespace, failed.dimensions) == ("AWS/Lambda", (("FunctionName", "work"),))


def test_a_failure_and_the_first_success_of_its_route_are_lines(log: RequestsLog, tmp_path: Path) -> None:
    log.record(answered(200))
    log.record(answered(502, why="Malformed\nLambda proxy response eyJh.eyJi.c2ln"))
    log.record(answered(404))
    log.record(answered(200, "/items/2"))
    log.record(answered(200))
    log.record(answered(500))
    assert (tmp_path / "apis" / "abc.log").read_text().splitlines() == [
        "1970-01-12T13:46:40.500Z 502 GET /dev/items/1 on /items/{id} (request r1): "
        "Malformed Lambda proxy response ***",
        "1970-01-12T13:46:40.500Z 200 GET /dev/items/2 on /items/{id} (request r1): succeeded again",
        "1970-01-12T13:46:40.500Z 500 GET /dev/items/1 on /items/{id} (request r1): the integration returned 500",
    ]


def test_the_log_is_its_owners_alone(log: RequestsLog, tmp_path: Path) -> None:
    log.record(answered(502))
    assert (tmp_path / "apis" / "abc.log").stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_fails_no_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = RequestsLog(tmp_path / "file" / "apis")
    log.record(answered(502))
    assert counted(log)["5XXError"] == 1


def test_counts_and_failing_routes_survive_a_restart(log: RequestsLog, tmp_path: Path) -> None:
    log.record(answered(502))
    again = RequestsLog(tmp_path / "apis", lambda: 1_000_000.5)
    again.load(json.loads(json.dumps(log.dump())))
    again.record(answered(200))
    assert counted(again) == {"Count": 2, "4XXError": 0, "5XXError": 1}
    assert (tmp_path / "apis" / "abc.log").read_text().splitlines()[1].endswith("succeeded again")


def test_minutes_of_yesterday_are_forgotten(tmp_path: Path) -> None:
    now = [0.0]
    log = RequestsLog(tmp_path / "apis", lambda: now[0])
    log.record(answered(200))
    now[0] = 24 * 3600.0
    log.record(answered(200))
    assert counted(log)["Count"] == 1
    assert len({value.seconds for value in log.metrics("eu-west-1")}) == 1
