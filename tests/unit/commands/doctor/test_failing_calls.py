"""Calls that fail now are a finding, those that failed before a success or a push a note."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accountsctl.commands.doctor.failing_calls import failing_calls
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.health import Outcome
from accountsctl.ports.telemetry import ApiErrors, ApiLogged, FailedCall, Minute
from tests.unit.commands.doctor.checked import API, NOW, REFUSED, MeasuredApis, check

REASON = "Execution failed due to configuration error: Malformed Lambda proxy response"
URL = HttpEndpoint(HttpEndpointKind.URL, "function/f", "Url", "u", "f", "https://u.test", auth="NONE")
HTTP = HttpEndpoint(HttpEndpointKind.HTTP, "custom/h", "Api", "h", "h", "https://h.test", "$default")


def minute(before: int, requests: int, failed: int, refused: int = 0) -> Minute:
    return Minute(NOW - timedelta(minutes=before), requests, refused, failed)


def failed(before: int, request: str = "GET /items") -> FailedCall:
    return FailedCall(NOW - timedelta(minutes=before), request, REASON)


def complete(*calls: FailedCall) -> ApiLogged:
    return ApiLogged(calls, complete=True)


@pytest.mark.parametrize(
    ("minutes", "pushed", "outcome", "count"),
    [
        ([], None, Outcome.OK, ""),
        ([minute(5, 9, 0)], None, Outcome.OK, ""),
        ([minute(5, 3, 3)], None, Outcome.FINDING, "3 calls"),
        ([minute(9, 5, 1), minute(5, 3, 3), minute(4, 2, 1)], None, Outcome.FINDING, "5 calls"),
        ([minute(9, 5, 1), minute(8, 2, 0), minute(5, 3, 3)], None, Outcome.FINDING, "3 calls"),
        ([minute(5, 3, 3), minute(4, 1, 0)], None, Outcome.NOTE, "3 calls"),
        ([minute(5, 1, 1), minute(4, 7, 0, refused=7)], None, Outcome.FINDING, "one call"),
        ([minute(5, 3, 3)], 4, Outcome.NOTE, "3 calls"),
        ([minute(5, 3, 3)], 5, Outcome.FINDING, "3 calls"),
    ],
)
def test_without_a_complete_log_a_minute_of_successes_or_a_push_ends_a_failure(
    minutes: list[Minute], pushed: int | None, outcome: Outcome, count: str
) -> None:
    changed = None if pushed is None else NOW - timedelta(minutes=pushed)
    found = failing_calls(API, ApiErrors(tuple(minutes), ApiLogged()), changed)

    assert found.outcome is outcome
    assert count in found.message
    assert "api/orders (stage prod)" in found.message


@pytest.mark.parametrize(
    ("logged", "pushed", "outcome"),
    [
        (complete(failed(5)), None, Outcome.FINDING),
        (complete(), None, Outcome.NOTE),
        (complete(failed(5)), 4, Outcome.NOTE),
        (complete(failed(5), failed(3)), 4, Outcome.FINDING),
    ],
)
def test_a_complete_log_decides_to_the_second(
    logged: ApiLogged, pushed: int | None, outcome: Outcome
) -> None:
    """Within one minute the metrics know no order."""
    changed: datetime | None = None if pushed is None else NOW - timedelta(minutes=pushed)
    assert failing_calls(API, ApiErrors((minute(5, 4, 2),), logged), changed).outcome is outcome


def test_a_failure_that_only_the_log_has_counts() -> None:
    """The counts of the embedded cloud are lost if it is killed; its log is not."""
    assert failing_calls(API, ApiErrors((), complete(failed(1))), None).outcome is Outcome.FINDING


def test_the_last_reason_is_stated_with_the_call_that_shows_it() -> None:
    found = failing_calls(API, ApiErrors((minute(5, 1, 1),), complete(failed(5, "GET /items/1"))), None)

    assert found.message.endswith(f"Last: GET /items/1: {REASON}")
    assert found.next == "accountsctl call GET /items/1 --api api/orders"


def test_the_call_names_one_of_several_endpoints_of_a_stack() -> None:
    found = failing_calls(HTTP, ApiErrors((minute(5, 1, 1),), complete(failed(5))), None)
    assert found.next == "accountsctl call GET /items --api custom/h#Api"


@pytest.mark.parametrize(
    ("endpoint", "logged", "remedy"),
    [
        (API, complete(failed(5, "POST /items")), "accountsctl logs --since 1h"),
        (API, ApiLogged((failed(5, ""),)), "accountsctl logs --since 1h"),
        (URL, ApiLogged(written=False), "accountsctl logs --since 1h"),
        (API, ApiLogged(written=False), "--rest-api-id abc --stage-name prod"),
        (HTTP, ApiLogged(written=False), "$context.integrationErrorMessage"),
    ],
)
def test_what_to_do_depends_on_what_is_logged(endpoint: HttpEndpoint, logged: ApiLogged, remedy: str) -> None:
    found = failing_calls(endpoint, ApiErrors((minute(5, 1, 1),), logged), None)
    assert remedy in found.next


def test_doctor_is_unhealthy_while_calls_fail() -> None:
    measured = MeasuredApis(ApiErrors((minute(5, 3, 3),), ApiLogged()))
    assert check("calls", api_telemetry=lambda: measured).outcome is Outcome.FINDING
    assert measured.asked == [(API, NOW - timedelta(hours=1))]


def test_what_is_not_measured_is_not_checked() -> None:
    found = check("calls", api_telemetry=lambda: MeasuredApis(REFUSED))
    assert (found.outcome, found.next) == (Outcome.UNCHECKED, "Ask.")


def test_a_project_without_an_api_has_no_calls() -> None:
    assert check("calls", endpoints=lambda: ()).outcome is Outcome.OK
