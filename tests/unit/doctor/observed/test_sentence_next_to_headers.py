"""What a console's sentence says counts for the headers that stand next to it, and its words exclude causes."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.targets import Query

BLOCKED = (
    "Access to fetch at 'https://api.example.com/items' from origin 'http://localhost:3000' has been blocked by CORS "
    "policy: "
)
FAILED = BLOCKED + (
    "Response to preflight request doesn't pass access control check: It does not have HTTP ok status.\n"
    "OPTIONS https://api.example.com/items "
)
HEADERS = """
Request URL: https://api.example.com/items
Request Method: GET
Status Code: 200 OK
Response Headers
access-control-allow-origin: *
content-type: application/json
date: Mon, 19 Jan 2015 01:06:19 GMT
"""


def causes(text: str) -> tuple[str, ...]:
    (found, *_) = from_recording(text, "pasted.txt", (), Query()).diagnoses
    return found.causes


def test_headers_without_a_cookie_are_of_a_request_with_credentials_if_the_sentence_says_so() -> None:
    sentence = (
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the "
        "request's credentials mode is 'include'.\n"
    )
    assert set(causes(BLOCKED + sentence + HEADERS)) == {"acao.wildcard-credentials", "client.credentials"}


@pytest.mark.parametrize("status", [401, 403, 404, 405, 500, 502, 503])
def test_a_preflight_that_allows_the_origin_is_refused_by_no_list_of_origins(status: int) -> None:
    for url in ("https://api.example.com/items", "http://localhost:8081/items"):
        found = causes(f"{FAILED}{status}".replace("https://api.example.com/items", url))
        assert found
        assert "httpapi.origin-not-listed" not in found


def test_a_host_that_may_be_anyones_has_the_usual_causes_of_a_preflights_status() -> None:
    assert causes(f"{FAILED}401")[0] == "preflight.authenticated"
    assert causes(f"{FAILED}404")[0] == "preflight.proxy-any-lambda"


def test_a_status_that_the_page_reads_at_a_url_without_its_variables_is_no_pass() -> None:
    for status in (404, 405):
        assert causes(f"POST https://api.example.com/undefined {status} (Error)")[0] == "client.stale-config"
