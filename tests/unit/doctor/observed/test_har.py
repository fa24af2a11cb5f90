"""A browser's recording, read without keeping what would let anyone in."""

from __future__ import annotations

import base64
import json
from time import perf_counter
from typing import Any

import pytest

from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.observed.har import NoRecording, Recording, read

ORIGIN = "https://app.example.com"
URL = "https://abc.execute-api.eu-west-1.amazonaws.com/dev/items"


def jwt(**claims: Any) -> str:
    parts = [{"alg": "RS256"}, claims]
    texts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts]
    return ".".join([*texts, "c2lnbmF0dXJl"])


def pairs(**headers: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]


def entry(
    method: str = "GET",
    url: str = URL,
    status: int = 200,
    sent: dict[str, str] | None = None,
    answered: dict[str, str] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    headers = {"Origin": ORIGIN, "User-Agent": "Mozilla/5.0", "sec-fetch-mode": "cors", **(sent or {})}
    return {
        "startedDateTime": "2026-11-23T08:00:00.000Z",
        "time": 12.6,
        "request": {"method": method, "url": url, "headers": pairs(**headers), "cookies": []},
        "response": {"status": status, "headers": pairs(**(answered or {})), "content": {"text": "{}"}},
        **changes,
    }


def preflight(status: int = 204, answered: dict[str, str] | None = None, **asked: str) -> dict[str, Any]:
    allowed = {
        "access_control_allow_origin": "*",
        "access_control_allow_methods": "GET",
        "access_control_allow_headers": "authorization",
    }
    wanted = {
        "Access_Control_Request_Method": "GET",
        "Access_Control_Request_Headers": "authorization",
        **asked,
    }
    return entry("OPTIONS", status=status, sent=wanted, answered=allowed if answered is None else answered)


def har(*entries: dict[str, Any], creator: str = "WebInspector") -> Recording:
    log = {"version": "1.2", "creator": {"name": creator}, "entries": list(entries)}
    return read(json.dumps({"log": log}), "page.har")


def test_a_refused_preflight_and_the_request_that_never_left_are_one_ask() -> None:
    blocked = entry(status=0, sent={"Authorization": jwt()}, _error="net::ERR_FAILED")
    found = har(preflight(403, {"x_amzn_ErrorType": "MissingAuthenticationTokenException"}), blocked)
    (ask,) = found.asks
    assert (ask.origin, ask.method, ask.path, ask.credential) == (ORIGIN, "GET", "/items", Credential.TOKEN)
    first, actual = found.exchanges
    assert (first.probe, first.status, first.error_type) == ("P1", 403, "MissingAuthenticationTokenException")
    assert (actual.probe, actual.status, actual.failure) == ("P3", 0, "hidden")
    assert (first.place.source, first.place.pointer) == ("har page.har", "/log/entries/0")
    assert first.milliseconds == 13


def test_an_answer_without_the_header_is_a_failure_though_it_is_shown() -> None:
    bare = entry(
        status=401, sent={"Authorization": jwt()}, answered={"x_amzn_ErrorType": "UnauthorizedException"}
    )
    assert [ask.url for ask in har(preflight(), bare).asks] == [URL]


def test_where_something_failed_what_went_well_is_not_asked_about() -> None:
    well = entry(url=f"{URL}/1", answered={"access_control_allow_origin": "*"})
    bare = entry(url=f"{URL}/2")
    assert [ask.url for ask in har(well, bare).asks] == [f"{URL}/2"]
    assert [ask.url for ask in har(well).asks] == [f"{URL}/1"]


def test_the_token_is_decoded_and_not_kept() -> None:
    token = jwt(token_use="access", iss="https://x/eu-west-1_P", exp=7, scope="a b", sub="who", email="me@x")
    said = entry(status=403, sent={"Authorization": f"Bearer {token}"})
    said["response"]["content"]["text"] = f"'{token}' not a valid key=value pair"
    found = har(preflight(), said)
    (ask,) = found.asks
    assert ask.token is not None
    assert (ask.token.use, ask.token.pool, ask.token.expires, ask.token.scopes, ask.token.bearer) == (
        "access",
        "eu-west-1_P",
        7,
        ("a", "b"),
        True,
    )
    assert "eyJ" not in repr(found)
    assert "me@x" not in repr(found)
    assert "not a valid key=value pair" in str(found.exchanges[1].body)


def test_cookies_keys_and_values_of_the_query_are_not_kept() -> None:
    sent = {"Cookie": "session=hush", "X_Api_Key": "hush"}
    found = har(entry(url=f"{URL}?key=hush&a=1", sent=sent, answered={"Set_Cookie": "s=hush"}))
    assert "hush" not in repr(found)
    (ask,) = found.asks
    assert ask.credentials
    assert ask.url == f"{URL}?key&a"
    assert ("x-api-key", "***") in ask.headers


def test_keys_and_cookies_that_an_error_repeats_are_not_kept() -> None:
    sent = {"Cookie": "a=1; session=hush-session", "X_Api_Key": "hush", "X_Amz_Security_Token": "hush-token"}
    content = {"text": "No hush-session, hush or hush-token."}
    response = {"status": 403, "headers": pairs(X_Key="hush"), "content": content}
    (exchange,) = har(entry(sent=sent, response=response)).exchanges
    assert exchange.body == "No ***, *** or ***."
    assert "hush" not in repr(exchange)


def test_a_sanitized_recording_still_tells_that_a_token_was_sent() -> None:
    (ask,) = har(preflight(), entry(status=401)).asks
    assert (ask.credential, ask.token) == (Credential.TOKEN, None)
    assert ask.names() == {"authorization"}


def test_a_signed_request_is_one() -> None:
    sent = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAX/1, Signature=hush"}
    found = har(entry(status=403, sent=sent))
    assert found.asks[0].credential is Credential.SIGNATURE
    assert "AKIAX" not in repr(found)
    assert "hush" not in repr(found)


def test_the_headers_of_the_pages_code_are_those_that_the_preflight_names() -> None:
    first = preflight(Access_Control_Request_Headers="authorization,content-type,x-trace")
    sent = {"X_Trace": "7", "Content_Type": "application/json", "Authorization": jwt()}
    (ask,) = har(first, entry(sent=sent)).asks
    assert ask.headers == (("content-type", "application/json"), ("x-trace", "7"))


def test_a_preflight_alone_asks_for_the_request_that_it_was_for() -> None:
    (ask,) = har(preflight(403, {}, Access_Control_Request_Method="PUT")).asks
    assert (ask.method, ask.credential) == ("PUT", Credential.TOKEN)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("net::ERR_NAME_NOT_RESOLVED", "dns"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "tls"),
        ("net::ERR_SSL_PROTOCOL_ERROR", "no https"),
        ("net::ERR_CONNECTION_REFUSED", "refused"),
        ("net::ERR_CONNECTION_TIMED_OUT", "timeout"),
        ("net::ERR_BLOCKED_BY_CLIENT", "blocked"),
        ("net::ERR_BLOCKED_BY_CSP", "csp"),
        ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", "local network"),
        ("net::ERR_FAILED", "hidden"),
        ("NS_ERROR_UNKNOWN_HOST", "dns"),
    ],
)
def test_why_no_answer_came_is_told(error: str, failure: str) -> None:
    found = har(entry(status=0, _error=error))
    assert [each.failure for each in found.exchanges] == [failure]
    assert found.exchanges[0].answer is None


@pytest.mark.parametrize(
    ("creator", "profile"),
    [
        ("WebInspector", Profile.CHROMIUM),
        ("Firefox", Profile.FIREFOX),
        ("WebKit Web Inspector", Profile.WEBKIT),
    ],
)
def test_whose_rules_apply_is_told_by_who_saved_it(creator: str, profile: Profile) -> None:
    found = har(entry(), creator=creator)
    assert (found.profile, found.asks[0].profile) == (profile, profile)


def test_requests_to_the_pages_own_origin_and_other_schemes_are_none_of_its_business() -> None:
    own = entry(url=f"{ORIGIN}/main.js")
    plain = entry()
    plain["request"]["headers"] = []
    found = har(own, plain, entry(url="data:text/plain,x"), {"request": None})
    assert (found.exchanges, found.asks) == ((), ())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"log": {}}'])
def test_what_is_no_recording_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(NoRecording, match=r"It (is not valid JSON|has no log)"):
        read(text)


def test_a_request_that_is_repeated_is_asked_about_once() -> None:
    found = har(entry(status=500), entry(status=500))
    assert len(found.exchanges) == 2
    assert len(found.asks) == 1


@pytest.mark.parametrize(
    "odd",
    [
        entry(url="https://[::1/dev"),
        entry(url="https://a:port/dev"),
        entry(time="long"),
        entry(startedDateTime=7),
        entry(request={"url": URL}),
        entry(request={"url": URL, "headers": [{"value": "x"}, "y"], "queryString": ["z"]}),
        entry(response="text"),
        entry(response={"status": "200 OK", "headers": "text", "content": []}),
        entry(status=302, answered={"Location": "https://a:port/b"}),
        entry(status=302, answered={"Location": "http://[::1/b"}),
    ],
)
def test_an_odd_entry_hides_none_of_the_others(odd: dict[str, Any]) -> None:
    found = read(json.dumps({"log": {"creator": "text", "entries": [odd, entry(url=f"{URL}/2"), "text"]}}))
    assert f"{URL}/2" in [exchange.url for exchange in found.exchanges]


def test_each_request_takes_the_nearest_preflight_that_no_other_has_taken() -> None:
    entries = [preflight(), entry(), preflight(500), entry(), entry(method="DELETE"), preflight()]
    found = read(json.dumps({"log": {"entries": entries}}))
    assert [exchange.probe for exchange in found.exchanges] == ["P1", "P4", "P1", "P4", "P4", "P1"]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ({"_error": "net::ERR_BLOCKED_BY_CSP"}, "csp"),
        ({"_error": "net::ERR_BLOCKED_BY_CLIENT"}, "blocked"),
        ({"_error": "net::ERR_NAME_NOT_RESOLVED"}, "dns"),
        ({"_error": "net::ERR_CERT_COMMON_NAME_INVALID"}, "tls"),
    ],
)
def test_a_request_that_never_left_is_known_by_its_referer(error: dict[str, str], failure: str) -> None:
    unsent = entry(status=0, _resourceType="fetch")
    unsent["request"]["headers"] = pairs(Referer=f"{ORIGIN}/list")
    unsent["response"].update(error)
    found = read(json.dumps({"log": {"entries": [unsent]}}))
    assert [exchange.failure for exchange in found.exchanges] == [failure]
    assert [ask.origin for ask in found.asks] == [ORIGIN]


def test_what_no_script_asked_for_is_not_a_request_of_the_page() -> None:
    blocked = entry(status=0, _resourceType="image")
    blocked["request"]["headers"] = pairs(Referer=f"{ORIGIN}/list")
    assert read(json.dumps({"log": {"entries": [blocked]}})).asks == ()


def test_an_origin_that_is_not_one_and_text_that_is_not_unicode_are_read() -> None:
    odd = entry(status=0, sent={"Origin": "http://[", "Referer": "http://["}, _resourceType="fetch")
    assert [ask.origin for ask in har(odd).asks] == ["null"]
    assert [ask.headers for ask in har(entry(sent={"X_One": "\ud800"})).asks] == [(("x-one", "?"),)]


@pytest.mark.slow
def test_a_recording_of_thousands_of_failures_is_read_in_seconds() -> None:
    failed = [
        entry(url=f"{URL}/{number}", status=0, _error="net::ERR_FAILED", _resourceType="fetch")
        for number in range(3000)
    ]
    begun = perf_counter()
    assert len(har(*failed).fetches) == len(failed)
    assert perf_counter() - begun < 20  # each with all others: a minute
