"""What happened in the words of the page's developer, and who has to change something."""

from __future__ import annotations

import json

import pytest

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.catalogue.parties import Party
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.reports.plain import PlainWords, plain_words
from tests.unit.commands.doctor.recordings import ALLOWED, diagnosed, entry, preflight

FAILED = "net::ERR_FAILED"


def words(found: Diagnosis) -> PlainWords:
    said = plain_words(found)
    assert said is not None
    return said


def test_a_request_that_passes_needs_no_words() -> None:
    assert plain_words(diagnosed(preflight(), entry(answered=ALLOWED))) is None


def test_a_refused_preflight_says_why_the_browser_asked_and_that_the_request_was_not_sent() -> None:
    said = words(
        diagnosed(preflight(status=403, answered={}, method="PUT"), entry("PUT", status=0, error=FAILED))
    )
    assert said.happened == (
        "Before your PUT the browser asked the API for permission (a preflight, OPTIONS), because the method is PUT"
        " and the page sets authorization. The API answered 403 to that question. So your PUT was never sent."
    )


def test_a_preflight_that_does_not_allow_says_so() -> None:
    said = words(diagnosed(preflight(answered={}), entry(status=0, error=FAILED)))
    assert "because the page sets authorization. The API answered 204, but did not allow" in said.happened
    assert said.parties == (Party.BACKEND,)
    assert "--share" in said.duty()


def test_an_error_without_cors_headers_is_the_fault_itself() -> None:
    answered = {"x-amzn-errortype": "UnauthorizedException"}
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    body = json.dumps({"message": "Unauthorized"})
    said = words(diagnosed(entry(url=url, status=401, answered=answered, body=body, error=FAILED)))
    assert said.happened.startswith(
        "Your GET was sent. The API answered 401, and the browser shows a CORS error"
    )
    assert said.parties == (Party.YOU,)
    assert "--share" not in said.duty()


@pytest.mark.parametrize(
    ("allowed", "words_of_it"),
    [
        ({}, "does not say that a page of http://localhost:3000 may read the answer"),
        (
            {"access-control-allow-origin": "https://www.example.com"},
            "says that https://www.example.com may read",
        ),
        ({"access-control-allow-origin": "*, http://localhost:3000"}, "names several origins"),
    ],
)
def test_an_answer_that_the_page_may_not_read_says_what_its_headers_allow(
    allowed: dict[str, str], words_of_it: str
) -> None:
    found = diagnosed(entry(answered=allowed, error=FAILED))
    assert words_of_it in words(found).happened


def test_a_response_of_a_redirects_target_is_not_held_against_the_api() -> None:
    login = "https://login.example.com/"
    moved = {"access-control-allow-origin": "http://localhost:3000", "location": login}
    found = diagnosed(
        entry(url="https://api.example.com/items", status=302, answered=moved), entry(url=login, error=FAILED)
    )
    assert words(found).happened == (
        f"The API sent your request on to {login}, and the browser does not let your page read the response there."
    )
    assert found.root is not None
    (seen,) = found.root.evidence
    assert seen.observed == f"302, which led to {login}"
    assert seen.expected == f"the right access-control-allow-origin, of {login}"
    assert found.walk.verdict is not None
    line = f"Access to fetch at '{login}' (redirected from 'https://api.example.com/items') from origin"
    assert console_text(found.walk.verdict, found.ask).startswith(line)


def test_a_change_that_was_made_is_not_taken_back_by_the_browser() -> None:
    sent = {"content-type": "text/plain"}
    assert "changes were made" in words(diagnosed(entry("POST", sent=sent, error=FAILED))).happened
    assert "changes were made" not in words(diagnosed(entry(error=FAILED))).happened


def test_a_request_that_never_left_says_so() -> None:
    said = words(diagnosed(entry(status=0, error="net::ERR_BLOCKED_BY_CSP")))
    assert "never sent" in said.happened
    assert said.parties == (Party.YOU,)


@pytest.mark.parametrize(
    ("error", "happened"),
    [
        ("net::ERR_ABORTED", "was cancelled"),
        ("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", "was answered"),
        ("net::ERR_CONNECTION_RESET", "got no response"),
        (FAILED, "cache or a service worker"),
    ],
)
def test_a_request_that_may_have_been_sent_is_not_said_to_be_unsent(error: str, happened: str) -> None:
    said = words(diagnosed(entry(status=0, error=error))).happened
    assert happened in said
    assert "never sent" not in said


@pytest.mark.parametrize(
    ("status", "server", "cause", "meaning"),
    [
        (413, "nginx", "edge.proxy-error", "413: the body is too large."),
        (429, "express", "auth.throttle", "429: there were too many requests."),
        (502, "nginx", "edge.proxy-error", "502: what is before the API got no valid response from it."),
    ],
)
def test_an_error_that_the_page_may_read_is_not_blocked_by_cors(
    status: int, server: str, cause: str, meaning: str
) -> None:
    answered = {**ALLOWED, "server": server, "content-type": "text/html"}
    found = diagnosed(preflight(), entry(status=status, answered=answered, body="<html><h1>no</h1></html>"))
    assert (found.outcome, found.exit_code) == (DiagnosisOutcome.ERROR, 1)
    assert found.root is not None
    assert found.root.card.id == cause
    happened = words(found).happened
    assert happened.startswith("CORS is fine: your GET was sent, and your page may read the response.")
    assert happened.endswith(meaning)
    for headers in ({"server": server}, answered):
        kept = diagnosed(preflight(), entry(status=status, answered=headers, error=FAILED))
        assert kept.outcome is DiagnosisOutcome.BLOCKED
