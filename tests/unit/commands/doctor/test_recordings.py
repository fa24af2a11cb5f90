"""What a recording says beyond one response: requests that never left, redirects, the browser's own errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from accountsctl.model.errors import UsageError
from tests.unit.commands.doctor.recordings import ALLOWED, API, PAGE, causes, diagnosed, entry, preflight

FAILED = "net::ERR_FAILED"


@pytest.mark.parametrize("target", ["/b", "https://api.example.com/b", "../b"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_judged_hop_by_hop(status: int, target: str) -> None:
    first = entry(status=status, answered={**ALLOWED, "location": target}, sent={"authorization": "Bearer x"})
    there = "https://api.example.com/b"
    second = entry(url=there, answered=ALLOWED, sent={"authorization": "Bearer x"})
    assert diagnosed(preflight(), first, preflight(there), second).outcome is DiagnosisOutcome.PASS
    bare = entry(url=there, sent={"authorization": "Bearer x"}, error=FAILED)
    assert causes(diagnosed(preflight(), first, preflight(there), bare)) == ["client.redirect"]


def test_a_redirect_whose_target_was_not_seen_is_not_known() -> None:
    first = entry(status=302, answered={**ALLOWED, "location": "/b"})
    found = diagnosed(first)
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    assert found.not_checked == (
        ("the redirect's target", "It leads to https://api.example.com/b, whose response was not seen."),
    )


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"{API}/", API),
        (API, f"{API}/"),
        ("http://api.example.com/items", API),
        ("https://example.com/items", "https://www.example.com/items"),
    ],
)
def test_a_redirect_without_cors_headers_is_the_cause_itself(url: str, target: str) -> None:
    moved = entry(
        url=url, status=301, answered={"location": target, "content-type": "text/html"}, error=FAILED
    )
    assert causes(diagnosed(moved)) == ["client.redirect"]


@pytest.mark.parametrize(
    ("location", "wanted"), [("ftp://x.example/a", "a URL of http or https"), ("http://a:99999/", "a URL")]
)
def test_a_redirect_that_leads_nowhere_has_its_location_as_evidence(location: str, wanted: str) -> None:
    found = diagnosed(entry(status=302, answered={"location": location, "access-control-allow-origin": "*"}))
    assert causes(found) == ["client.redirect"]
    assert found.root is not None
    (evidence,) = found.root.evidence
    assert (evidence.observed, evidence.expected) == (f"302, to {location}", wanted)


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("https://app.example.com", "http://localhost:8080/api"),
        ("https://app.example.com", "https://192.168.1.7/api"),
        ("http://app.example.com", "http://127.0.0.1:5000/api"),
        ("http://192.168.1.7", "http://[::1]:5000/api"),
    ],
)
def test_a_page_that_calls_a_nearer_address_needs_permission(page: str, url: str) -> None:
    assert causes(diagnosed(entry(url=url, status=0, page=page, error=FAILED))) == ["client.lna"]


@pytest.mark.parametrize("url", ["http://localhost:8080/api", "http://127.0.0.1/api", "https://10.0.0.1/api"])
def test_a_page_of_this_machine_needs_none(url: str) -> None:
    found = diagnosed(entry(url=url, status=0, error=FAILED))
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.UNKNOWN, [])


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({}, ["client.credentials", "acao.wildcard-credentials"]),
        ({"access-control-allow-credentials": "true"}, ["acao.wildcard-credentials"]),
        ({"access-control-allow-origin": PAGE}, ["acac.not-true"]),
    ],
)
def test_a_preflight_that_passes_before_a_request_that_was_not_sent_means_credentials(
    more: dict[str, str], named: list[str]
) -> None:
    found = diagnosed(preflight(answered={**ALLOWED, **more}), entry(status=0, error=FAILED))
    assert causes(found) == named


def test_a_preflight_that_passes_with_credentials_explains_nothing() -> None:
    answered = {**ALLOWED, "access-control-allow-origin": PAGE, "access-control-allow-credentials": "true"}
    found = diagnosed(preflight(answered=answered), entry(status=0, error=FAILED))
    assert found.outcome is DiagnosisOutcome.UNKNOWN


@pytest.mark.parametrize("error", ["net::ERR_ABORTED", "net::ERR_HTTP2_PROTOCOL_ERROR"])
def test_what_the_browser_failed_is_never_a_pass(error: str) -> None:
    found = diagnosed(entry(answered=ALLOWED, error=error, _fetchedViaServiceWorker=True))
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    ((what, why),) = found.not_checked
    assert what == "the browser's error"
    assert why == f"It reports {error} although the headers are right. A service worker answered."


@pytest.mark.parametrize(
    ("status", "server"), [(413, "nginx"), (502, "nginx/1.25"), (503, "awselb/2.0"), (504, "cloudflare")]
)
def test_the_error_page_of_a_server_before_the_api_is_its_own(status: int, server: str) -> None:
    page = f"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
    answered = {"content-type": "text/html", "server": server}
    found = diagnosed(preflight(), entry("GET", status=status, answered=answered, body=page, error=FAILED))
    assert causes(found) == ["edge.proxy-error"]


def test_two_requests_of_one_url_are_not_mixed() -> None:
    well = entry("GET", answered=ALLOWED)
    bare = entry("POST", status=500, error=FAILED)
    found = diagnosed(well, bare)
    assert (found.ask.method, causes(found)) == ("POST", ["acao.missing-error-path"])


def test_a_recording_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(UsageError, match="is not a recording"):
        from_recording("[" * 200_000, "deep.har")


GATEWAY = "https://abc123.execute-api.eu-west-1.amazonaws.com"


def refused(status: int, kind: str, message: str, **more: Any) -> dict[str, Any]:
    """A request without a token that API Gateway refuses."""
    answered = {"x-amzn-errortype": kind}
    body = json.dumps({"message": message})
    return entry(
        url=f"{GATEWAY}/dev/items", status=status, answered=answered, body=body, error=FAILED, **more
    )


def test_a_request_without_a_token_is_refused_for_that() -> None:
    assert causes(diagnosed(refused(401, "UnauthorizedException", "Unauthorized"))) == ["auth.no-token"]


def test_a_sanitized_recording_may_have_left_a_token_out() -> None:
    other = [preflight(f"{GATEWAY}/dev/other"), entry(url=f"{GATEWAY}/dev/other", answered=ALLOWED)]
    found = diagnosed(*other, refused(401, "UnauthorizedException", "Unauthorized"))
    assert causes(found)[:2] == ["auth.no-token", "auth.lambda-deny"]


def test_a_sanitized_recording_whose_preflight_names_the_token_had_one() -> None:
    found = diagnosed(
        preflight(f"{GATEWAY}/dev/items"), refused(401, "UnauthorizedException", "Unauthorized")
    )
    assert "auth.no-token" not in causes(found)


@pytest.mark.parametrize(
    ("status", "kind", "message", "first"),
    [
        (504, "InternalServerErrorException", "Endpoint request timed out", "int.gateway-timeout"),
        (502, "InternalServerErrorException", "Internal server error", "int.throws"),
        (500, "InternalServerErrorException", "Internal server error", "int.no-permission"),
        (403, "ForbiddenException", "Forbidden", "deploy.no-stage"),
        (403, "MissingAuthenticationTokenException", "Missing Authentication Token", "deploy.wrong-path"),
    ],
)
def test_the_likely_cause_comes_first(status: int, kind: str, message: str, first: str) -> None:
    found = causes(diagnosed(refused(status, kind, message)))
    assert found[0] == first
    assert not {"edge.cf-host", "edge.cf-methods", "edge.cf-authorization", "deploy.mtls"} & set(found)


@pytest.mark.parametrize(
    "message",
    [
        "'{}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer {}'.",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
        "parameter. Authorization={}",
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256): '{}'.",
    ],
)
def test_a_token_that_the_gateway_repeats_is_not_kept(message: str) -> None:
    secret = "c2VjcmV0b3BhcXVl="
    found = diagnosed(
        preflight(f"{GATEWAY}/dev/items"),
        refused(403, "IncompleteSignatureException", message.replace("{}", secret)),
    )
    assert secret not in repr(found)
    assert causes(found)[0] == "auth.iam-not-cognito"
    assert "Authorization header" in repr(found)


def test_a_function_url_has_causes_of_its_own() -> None:
    url = "https://abcd.lambda-url.eu-west-1.on.aws/items"
    denied, body = {"x-amzn-errortype": "AccessDeniedException"}, '{"Message":"Forbidden"}'
    assert causes(diagnosed(preflight(url, 403, denied, body=body))) == ["function-url.no-cors"]
    found = diagnosed(preflight(url), entry("GET", url, 403, denied, body=body))
    assert causes(found) == ["function-url.iam", "function-url.no-permission"]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        # Firefox: what an extension cancels by webRequest, its own protection, and what the page cancels.
        ("NS_ERROR_ABORT", "client.blocked"),
        ("NS_ERROR_TRACKING_URI", "client.blocked"),
        ("NS_ERROR_SOCIALTRACKING_URI", "client.blocked"),
        ("NS_BINDING_ABORTED", "client.aborted"),
    ],
)
def test_what_firefox_says_of_a_request_without_response_tells_a_blocker_from_the_page(
    error: str, cause: str
) -> None:
    assert causes(diagnosed(entry(status=0, error=error))) == [cause]
