"""APIs and function URLs whose calls fail: what was measured, as a check.

A call counts as failing now if no success of its route followed (by a log that has every failure), or else if no
minute without a failure followed (by the metrics, whose resolution is a minute), and no push.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.health import Check, Outcome
from accountsctl.ports.telemetry import ApiErrors, FailedCall, Minute

NAME = "calls"
MINUTE = timedelta(minutes=1)


def failing_calls(endpoint: HttpEndpoint, errors: ApiErrors, changed: datetime | None) -> Check:
    """What the requests of the last hour mean. `changed`: when the environment was last pushed, if that is known."""
    logged = errors.logged
    last_hour = max(
        sum(minute.failed for minute in errors.minutes), len(logged.failed) if logged.complete else 0
    )
    if not last_hour:
        return Check(NAME, Outcome.OK, f"{endpoint.title} has answered no call with 5xx in the last hour.")
    if logged.complete:
        failing = len([call for call in logged.failed if changed is None or call.at >= changed])
    else:
        failing = sum(minute.failed for minute in _since_success(errors.minutes, changed))
    if not failing:
        message = f"{endpoint.title}: {_calls(last_hour)} in the last hour ended with 5xx."
        return Check(NAME, Outcome.NOTE, f"{message} A push or a call that succeeded followed.")
    last = logged.failed[-1] if logged.failed else None
    message = (
        f"{endpoint.title} fails: {_calls(failing)} ended with 5xx, and no success followed.{_reason(last)}"
    )
    return Check(NAME, Outcome.FINDING, message, _remedy(endpoint, errors, last))


def _since_success(minutes: Sequence[Minute], changed: datetime | None) -> list[Minute]:
    """The minutes after the last good one that end after the last push."""
    found: list[Minute] = []
    for minute in minutes:
        if minute.is_good:
            found.clear()
        elif changed is None or minute.begins + MINUTE > changed:
            found.append(minute)
    return found


def _calls(count: int) -> str:
    return "one call" if count == 1 else f"{count} calls"


def _reason(last: FailedCall | None) -> str:
    if last is None:
        return ""
    return f" Last: {last.request}: {last.reason}" if last.request else f" Last: {last.reason}"


def _remedy(endpoint: HttpEndpoint, errors: ApiErrors, last: FailedCall | None) -> str:
    """The call that shows the failure again with the function's error; where no reason is known, where it would be."""
    if last and last.request.startswith("GET "):
        return f"accountsctl call {last.request} --api {endpoint.label}"
    if errors.logged.written or endpoint.kind is HttpEndpointKind.URL:
        return "accountsctl logs --since 1h"
    if endpoint.kind is HttpEndpointKind.REST:
        return (
            "accountsctl logs --since 1h; if that shows nothing, have the stage log its errors: "
            f"aws apigateway update-stage --rest-api-id {endpoint.id} --stage-name {endpoint.stage} "
            "--patch-operations op=replace,path=/*/*/logging/loglevel,value=ERROR"
        )
    return (
        "accountsctl logs --since 1h; if that shows nothing, give the stage AccessLogSettings whose Format has "
        "$context.integrationErrorMessage"
    )
