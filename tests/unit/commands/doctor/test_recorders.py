"""Recordings as other tools than Chrome's DevTools save them, and requests to which CORS does not apply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.observed.har import read
from accountsctl.model.errors import CouldNotLook
from tests.unit.commands.doctor.recordings import ALLOWED, API, PAGE, causes, diagnosed, entry, preflight

FAILED = "net::ERR_FAILED"
ID_TOKEN = "eyJhbGciOiAiUlMyNTYifQ.eyJ0b2tlbl91c2UiOiAiaWQiLCAiZXhwIjogNDEwMjQ0NDgwMH0.c2ln"
"""Of a user pool, valid until 2100."""
EDGE = {"via": "1.1 a.cloudfront.net (CloudFront)", "x-amz-cf-id": "x"}


def of_tool(creator: str, found: dict[str, Any], browser: str = "") -> tuple[Diagnosis, ...]:
    """What the doctor says of one entry that a tool saved, which knows no type of a request."""
    found.pop("_resourceType")
    log = {"creator": {"name": creator}, "entries": [found]}
    named = {"browser": {"name": browser}} if browser else {}
    return from_recording(json.dumps({"log": {**log, **named}}), "page.har").diagnoses


def of_playwright(failure: str, browser: str = "chromium", **sent: str) -> Diagnosis:
    """A request without a response: its status is -1, and its error has a name of Playwright's own."""
    found = entry(status=0, sent=sent)
    found["request"]["headers"] += [{"name": name, "value": value} for name, value in sent.items()]
    found["response"] |= {"status": -1, "_failureText": failure}
    (diagnosis,) = of_tool("Playwright", found, browser)
    return diagnosis


@pytest.mark.parametrize(
    ("failure", "browser", "cause"),
    [
        ("net::ERR_NAME_NOT_RESOLVED", "chromium", "deploy.wrong-host"),
        ("NS_ERROR_UNKNOWN_HOST", "firefox", "deploy.wrong-host"),
        ("net::ERR_BLOCKED_BY_CLIENT", "chromium", "client.blocked"),
        (
            f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200",
            "webkit",
            "acao.missing-actual",
        ),
    ],
)
def test_playwright_names_why_a_request_failed(failure: str, browser: str, cause: str) -> None:
    assert causes(of_playwright(failure, browser))[0] == cause


def test_what_playwright_saw_fail_without_a_reason_is_unknown_and_an_image_is_none_of_a_script() -> None:
    assert of_playwright(FAILED).outcome is DiagnosisOutcome.UNKNOWN
    with pytest.raises(CouldNotLook):
        of_playwright(FAILED, accept="image/avif,image/webp,*/*")


def test_firefox_has_no_origin_of_a_request_that_was_not_sent() -> None:
    (found,) = of_tool("Firefox", entry(status=0, sent={"Accept": "*/*"}))
    assert (found.outcome, found.ask.origin) == (DiagnosisOutcome.UNKNOWN, PAGE)
    (listed,) = of_tool("Firefox", entry(url="https://www.google-analytics.com/collect", status=0))
    assert causes(listed)[0] == "client.blocked"


@pytest.mark.parametrize(
    ("creator", "status", "error", "body", "cause"),
    [
        ("WebKit Web Inspector", 0, "The network connection was lost.", "", "deploy.unreachable"),
        (
            "WebKit Web Inspector",
            0,
            "The Internet connection appears to be offline.",
            "",
            "deploy.unreachable",
        ),
        ("mitmproxy", 0, "[Errno -2] Name or service not known", "", "deploy.wrong-host"),
        ("mitmproxy", 0, "[Errno 111] Connect call failed ('127.0.0.1', 5000)", "", "deploy.unreachable"),
        ("Fiddler", 502, None, '[Fiddler] DNS Lookup for "api.example.com" failed.', "deploy.wrong-host"),
        ("Fiddler", 502, None, "[Fiddler] The socket connection to api failed.", "deploy.unreachable"),
        (
            "Charles Proxy",
            503,
            None,
            "<html><head><title>Charles Error Report</title>Name lookup failed for remote host",
            "deploy.wrong-host",
        ),
    ],
)
def test_safari_and_proxies_say_in_words_why_there_is_no_response(
    creator: str, status: int, error: str | None, body: str, cause: str
) -> None:
    (found,) = of_tool(creator, entry(status=status, error=error, body=body))
    assert causes(found) == [cause]


def test_safari_tells_the_status_of_a_preflight_that_was_redirected() -> None:
    words = "Preflight response is not successful. Status code: 301"
    (found,) = of_tool("WebKit Web Inspector", entry("PUT", status=0, error=words))
    assert causes(found) == ["preflight.redirect"]


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("fetch", {"sec-fetch-mode": "no-cors"}),
        ("ping", {"sec-fetch-mode": "no-cors"}),
        ("document", {}),
        ("", {"sec-fetch-mode": "navigate"}),
        ("", {"upgrade-insecure-requests": "1"}),
        ("websocket", {}),
    ],
)
def test_cors_does_not_apply_to_pages_that_are_opened_web_sockets_and_mode_no_cors(
    kind: str, sent: dict[str, str]
) -> None:
    found = entry("POST", "https://tracker.example.com/collect", sent=sent, _resourceType=kind)
    assert (
        diagnosed(entry(status=101), entry(url=f"{API}/2", answered=ALLOWED)).outcome is DiagnosisOutcome.PASS
    )
    assert diagnosed(found, entry(answered=ALLOWED)).ask.url == API
    assert diagnosed(found, entry(answered=ALLOWED)).outcome is DiagnosisOutcome.PASS
    assert diagnosed(found, entry()).ask.url == API


def test_a_recording_of_mode_no_cors_alone_says_that_no_page_reads_such_a_response() -> None:
    sent = {"sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site"}
    with pytest.raises(CouldNotLook, match="no request to another origin with CORS") as refused:
        diagnosed(entry("POST", sent=sent))
    assert refused.value.why == f"No page can read the response of a request with mode: 'no-cors': {API}."
    assert "client.no-cors" in str(refused.value.hint)
    with pytest.raises(CouldNotLook, match="no request to another origin\\."):
        diagnosed(entry("POST", sent={**sent, "sec-fetch-site": "same-origin"}))


def test_types_are_read_in_upper_case_too() -> None:
    assert causes(diagnosed(entry(status=0, error="net::ERR_NAME_NOT_RESOLVED", _resourceType="XHR")))


def test_a_browser_looks_at_no_cors_headers_of_what_a_service_worker_answers() -> None:
    found = diagnosed(entry(_fetchedViaServiceWorker=True))
    assert found.outcome is DiagnosisOutcome.PASS
    for answered in ({}, ALLOWED):
        refused = diagnosed(entry(answered=answered, error=FAILED, _fetchedViaServiceWorker=True))
        assert (refused.outcome, causes(refused)) == (DiagnosisOutcome.BLOCKED, ["client.service-worker"])


def test_a_response_that_was_not_modified_has_the_headers_of_the_stored_one() -> None:
    assert diagnosed(entry(status=304)).outcome is DiagnosisOutcome.PASS
    assert diagnosed(entry(status=304, error=FAILED)).outcome is DiagnosisOutcome.BLOCKED


def test_a_redirect_to_a_url_with_a_password_is_judged_and_the_password_is_not_kept() -> None:
    location = "https://who:hush@other.example.com/items"
    moved = entry(status=302, answered={**ALLOWED, "location": location}, error=FAILED)
    found = diagnosed(moved)
    assert causes(found) == ["client.redirect"]
    assert found.walk.verdict is not None
    assert found.walk.verdict.code == "RedirectContainsCredentials"
    assert "hush" not in repr(found)
    assert "who:" not in repr(found)
    assert "hush" not in repr(read(json.dumps({"log": {"entries": [moved]}})))


@pytest.mark.parametrize(
    ("status", "names", "answered", "expected"),
    [
        (401, "authorization", EDGE, ["edge.cf-authorization", "auth.token-invalid"]),
        (403, "authorization", EDGE, ["edge.cf-authorization", "auth.token-invalid"]),
        (401, "content-type", EDGE, []),
        (404, "authorization", EDGE, []),
        (401, "authorization", {}, []),
    ],
)
def test_a_token_that_an_application_behind_cloudfront_refuses_may_not_have_reached_it(
    status: int, names: str, answered: dict[str, str], expected: list[str]
) -> None:
    allowed = {**ALLOWED, "access-control-allow-headers": names}
    found = diagnosed(
        preflight(names=names, answered=allowed), entry(status=status, answered={**ALLOWED, **answered})
    )
    assert causes(found) == expected
    assert found.outcome is (DiagnosisOutcome.ERROR if expected else DiagnosisOutcome.PASS)


def test_a_cached_answer_of_a_bucket_lacks_the_header_for_the_cache_or_for_the_bucket() -> None:
    cached = {"server": "AmazonS3", "x-cache": "Hit from cloudfront", "content-type": "font/woff2"}
    found = diagnosed(entry(answered=cached, error=FAILED, _resourceType="font"))
    assert causes(found) == ["edge.cf-origin-header", "edge.s3-no-cors"]


@pytest.mark.parametrize(
    ("status", "kind", "message", "names"),
    [
        (
            403,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
            "authorization,x-amz-date",
        ),
        (401, "UnauthorizedException", "Unauthorized", "authorization"),
    ],
)
def test_where_cloudfront_may_remove_a_token_two_causes_are_named_at_most(
    status: int, kind: str, message: str, names: str
) -> None:
    url = "https://d111111abcdef8.cloudfront.net/items"
    answered = {**ALLOWED, **EDGE, "x-amzn-errortype": kind}
    signs = {"x-amz-date": "20261130T100000Z"} if "x-amz-date" in names else {"authorization": ID_TOKEN}
    found = diagnosed(
        preflight(url, names=names, answered={**ALLOWED, "access-control-allow-headers": names}),
        entry("GET", url, status, answered, signs, body=json.dumps({"message": message})),
    )
    assert causes(found)[0] == "edge.cf-authorization"
    assert len(causes(found)) == 2
    assert found.outcome is DiagnosisOutcome.ERROR


def test_what_cloudfront_or_a_bucket_refuses_itself_is_no_applications_refusal() -> None:
    for answered in ({"server": "CloudFront", **EDGE}, {"server": "AmazonS3", "x-amz-id-2": "x", **EDGE}):
        found = diagnosed(preflight(), entry("GET", status=403, answered={**ALLOWED, **answered}))
        assert "auth.token-invalid" not in causes(found)


def test_a_token_that_had_expired_comes_before_one_that_cloudfront_may_have_removed() -> None:
    sent = {"authorization": ID_TOKEN}
    moment = "2100-02-01T00:00:00.000Z"
    found = entry(status=401, answered={**ALLOWED, **EDGE}, sent=sent, startedDateTime=moment)
    assert causes(diagnosed(preflight(), found)) == ["auth.cognito-expired", "edge.cf-authorization"]
