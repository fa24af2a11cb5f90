"""Errors of a server on the developer's machine: an emulator, the proxy of a development server, or the application."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.doctor.catalogue.questions import best_question
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.unit.commands.doctor.recordings import PAGE, causes, diagnosed, entry

ITEMS = "http://localhost:8080/api/items"
FAILED = "net::ERR_FAILED"
TEXT, DATA = {"content-type": "text/plain"}, {"content-type": "application/json; charset=utf-8"}
WERKZEUG = {**DATA, "server": "Werkzeug/3.0.1 Python/3.11.9"}
READ = {**DATA, "access-control-allow-origin": "*"}
OFFLINE = '{"errorMessage":"boom","errorType":"Error","offline":true,"stackTrace":[]}'
OFFLINE_TIMEOUT = '{"errorMessage":"[504] - Lambda timeout.","errorType":"LambdaTimeoutError","offline":true}'
OFFLINE_ROUTE = '{"statusCode":404,"error":"Serverless-offline: route not found.","existingRoutes":[]}'
GATEWAY = '{"message": "Internal server error"}'
HPM = "Error occurred while trying to proxy: localhost:4200/api/items"
HPM_2 = "[HPM] Error occurred while proxying request localhost:4200 to http://localhost:8080/ [ECONNREFUSED]"
CRA = "Proxy error: Could not proxy request /api/items from localhost:3000 to http://localhost:5000/."
UNKNOWN = ["edge.proxy-error", "acao.missing-error-path"]
BROKEN = ["int.throws", "int.malformed"]


def seen(status: int, answered: dict[str, str], body: str | None, url: str = ITEMS) -> dict[str, Any]:
    """A recorded error; a body of None is one that Chromium did not keep."""
    recorded = entry(url=url, status=status, answered=answered, body=body or "")
    if body is None:
        recorded["response"]["content"] = {}
    if "access-control-allow-origin" not in answered and not url.startswith(PAGE):
        recorded["response"]["_error"] = FAILED
    return recorded


@pytest.mark.parametrize(
    ("status", "answered", "body", "named"),
    [
        (502, DATA, OFFLINE, ["int.throws"]),
        (502, READ, OFFLINE, ["int.throws"]),
        (504, DATA, OFFLINE_TIMEOUT, ["int.lambda-timeout"]),
        (404, DATA, OFFLINE_ROUTE, ["deploy.wrong-path"]),
        (502, WERKZEUG, GATEWAY, BROKEN),
        (502, WERKZEUG, None, BROKEN),
        (502, {**DATA, "content-length": "36"}, None, BROKEN),
        (502, DATA, None, ["int.throws", "acao.missing-error-path"]),
        (504, DATA, None, ["int.lambda-timeout", "acao.missing-error-path"]),
        (504, TEXT, HPM, ["edge.proxy-error"]),
        (504, TEXT, HPM_2, ["edge.proxy-error"]),
        (500, TEXT, CRA, ["edge.proxy-error"]),
        (502, TEXT, "Bad Gateway", ["edge.proxy-error"]),
        (503, {**TEXT, "server": "envoy"}, None, ["edge.proxy-error"]),
        (502, {}, None, UNKNOWN),
        (504, {}, None, UNKNOWN),
        (429, {}, None, ["auth.throttle"]),
        (429, {**DATA, "x-powered-by": "Express", "retry-after": "60"}, None, ["auth.throttle"]),
        # What applications answer themselves.
        (503, {}, None, ["acao.missing-error-path"]),
        (502, {**DATA, "x-powered-by": "Express"}, None, ["acao.missing-error-path"]),
        (500, DATA, '{"error":"boom"}', ["acao.missing-error-path"]),
    ],
)
def test_an_error_on_this_machine_names_who_answered(
    status: int, answered: dict[str, str], body: str | None, named: list[str]
) -> None:
    assert causes(diagnosed(seen(status, answered, body))) == named


def test_the_applications_log_tells_it_from_a_proxy_before_it() -> None:
    question = best_question(UNKNOWN)
    assert question is not None
    assert "log" in question.text
    assert sorted(question.split(UNKNOWN).values()) == [(cause,) for cause in sorted(UNKNOWN)]


@pytest.mark.parametrize(("status", "body"), [(504, HPM), (504, HPM_2), (500, CRA), (500, "")])
def test_a_development_server_that_does_not_reach_the_api_says_so_at_the_pages_own_origin(
    status: int, body: str
) -> None:
    found = diagnosed(seen(status, TEXT, body, url=f"{PAGE}/api/items"))
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.ERROR, ["edge.proxy-error"])
