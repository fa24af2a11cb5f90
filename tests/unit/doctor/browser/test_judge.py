"""The browser's judgement, against what Chromium did, and case by case."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.doctor.browser.fetch import (
    FetchRequest,
    Headers,
    Profile,
    safelisted,
    sent_headers,
    unsafe_names,
)
from accountsctl.doctor.browser.judge import judge, preflight_headers
from accountsctl.doctor.browser.verdict import FetchResponse, Verdict, readable

RECORDED = Path(__file__).parents[3] / "data" / "browser-verdicts.json.gz"
# The recording server's own; the cases do not script them.
ADDED = {"cache-control", "content-length"}
PAGE, API = "https://app.example.com", "https://api.example.com/accounts"
OPEN = (("Access-Control-Allow-Origin", "*"),)


def recorded_request(case: Mapping[str, Any]) -> FetchRequest:
    headers = tuple((name, value) for name, value in case["headers"])
    return FetchRequest(
        url=case["url"],
        origin=case["origin"],
        method=case["method"],
        headers=headers,
        credentials=case["credentials"],
        redirect=case["redirect"],
        body=case["body"],
    )


def recorded_verdict(case: Mapping[str, Any]) -> Verdict:
    def answers(url: str, preflight: bool) -> FetchResponse:
        hop = case if url == case["url"] else case["hops"][url.rsplit("/", 1)[1]]
        scripted = hop["preflight" if preflight else "actual"]
        return FetchResponse(scripted["status"], tuple((name, value) for name, value in scripted["headers"]))

    return judge(recorded_request(case), answers, "chromium")


def test_every_recorded_case_agrees_on_verdict_reason_and_readable_headers() -> None:
    recorded = json.loads(gzip.decompress(RECORDED.read_bytes()))
    assert len(recorded["cases"]) == 5000
    differences = []
    for case in recorded["cases"]:
        did, said = recorded["results"][case["id"]], recorded_verdict(case)
        wanted = {name: value for name, value in did.get("headers", []) if name not in ADDED}
        found = {name: value for name, value in said.headers if name not in ADDED}
        reason = (did.get("cors_error") or {}).get("corsError")
        same = said.ok == did["ok"] and (reason is None or said.code == reason)
        if said.ok:
            same = same and (said.type, found) == (did["type"], wanted)
        if not same:
            differences.append((case["id"], said, did))
    assert differences == []


def test_what_chromium_sends_is_what_was_recorded() -> None:
    recorded = json.loads(gzip.decompress(RECORDED.read_bytes()))
    for case in recorded["cases"][:500]:
        sent = {name.lower() for name, _ in sent_headers(recorded_request(case))}
        assert sent <= {name.lower() for name, _ in case["headers_eff"]}


def ask(
    *,
    preflight: FetchResponse | None = None,
    actual: FetchResponse | None = None,
    profile: str = "chromium",
    **request: Any,
) -> Verdict:
    given = {True: preflight or FetchResponse(204, OPEN), False: actual or FetchResponse(200, OPEN)}
    return judge(
        FetchRequest(**{"url": API, "origin": PAGE, **request}), lambda _, kind: given[kind], profile
    )


TOKEN: Headers = (("Authorization", "eyJ"),)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ((), 204, "PreflightMissingAllowOriginHeader"),
        (
            (("Access-Control-Allow-Origin", "https://other.example.com"),),
            204,
            "PreflightAllowOriginMismatch",
        ),
        ((("Access-Control-Allow-Origin", f"{PAGE}, {PAGE}"),), 204, "PreflightMultipleAllowOriginValues"),
        ((("Access-Control-Allow-Origin", "app.example.com"),), 204, "PreflightInvalidAllowOriginValue"),
        (OPEN, 401, "PreflightInvalidStatus"),
        ((*OPEN, ("Location", "/elsewhere")), 302, "PreflightDisallowedRedirect"),
        (OPEN, 204, "HeaderDisallowedByPreflightResponse"),
        (
            (*OPEN, ("Access-Control-Allow-Headers", "'Authorization'")),
            204,
            "HeaderDisallowedByPreflightResponse",
        ),
        ((*OPEN, ("Access-Control-Allow-Headers", "a b")), 204, "InvalidAllowHeadersPreflightResponse"),
        ((*OPEN, ("Access-Control-Allow-Methods", "GET;POST")), 204, "InvalidAllowMethodsPreflightResponse"),
    ],
)
def test_a_preflight_is_refused_with_chromiums_reason(headers: Headers, status: int, code: str) -> None:
    verdict = ask(preflight=FetchResponse(status, headers), headers=TOKEN)
    assert (verdict.ok, verdict.code, verdict.phase, verdict.preflights) == (False, code, "preflight", 1)


@pytest.mark.parametrize(
    ("headers", "credentials", "code"),
    [
        ((), "omit", "MissingAllowOriginHeader"),
        (OPEN, "include", "WildcardOriginNotAllowed"),
        ((("Access-Control-Allow-Origin", PAGE),), "include", "InvalidAllowCredentials"),
    ],
)
def test_an_answer_is_refused_with_chromiums_reason(headers: Headers, credentials: str, code: str) -> None:
    verdict = ask(actual=FetchResponse(401, headers), credentials=credentials)
    assert (verdict.ok, verdict.code, verdict.phase, verdict.preflights) == (False, code, "actual", 0)


def test_the_method_must_be_listed_as_it_is_written() -> None:
    listed = (*OPEN, ("Access-Control-Allow-Methods", "PATCH"))
    assert ask(preflight=FetchResponse(204, listed), method="PATCH").ok
    refused = ask(preflight=FetchResponse(204, listed), method="patch")
    assert (refused.code, refused.parameter) == ("MethodDisallowedByPreflightResponse", "patch")


def test_a_star_covers_authorization_in_every_engine_but_not_to_the_letter() -> None:
    star = FetchResponse(204, (*OPEN, ("Access-Control-Allow-Headers", "*")))
    for profile in Profile:
        verdict = ask(preflight=star, headers=TOKEN, profile=profile)
        assert verdict.ok == (profile is not Profile.SPEC)


def test_only_exposed_headers_can_be_read() -> None:
    exposed = (
        *OPEN,
        ("Access-Control-Expose-Headers", "X-Amzn-RequestId"),
        ("X-Amzn-RequestId", "r"),
        ("X-B", "2"),
    )
    verdict = ask(actual=FetchResponse(200, exposed))
    assert readable(verdict, ["x-amzn-requestid", "X-B"]) == {"x-amzn-requestid": "r"}


def test_the_same_origin_asks_nobody() -> None:
    verdict = ask(actual=FetchResponse(500, (("X-B", "2"),)), url=f"{PAGE}/accounts", method="DELETE")
    assert (verdict.ok, verdict.type, verdict.preflights) == (True, "basic", 0)
    assert dict(verdict.headers) == {"x-b": "2"}


def test_a_secure_page_may_not_ask_an_insecure_host_but_may_ask_this_machine() -> None:
    assert ask(url="http://api.example.com/").code == "MixedContent"
    assert ask(url="http://localhost:8080/").ok


def test_a_redirect_to_a_third_origin_asks_in_the_name_of_null() -> None:
    answers = {
        "https://a.example.com/": FetchResponse(302, (*OPEN, ("Location", "https://b.example.com/"))),
        "https://b.example.com/": FetchResponse(200, (("Access-Control-Allow-Origin", PAGE),)),
    }
    request = FetchRequest("https://a.example.com/", PAGE)
    refused = judge(request, lambda url, _: answers[url])
    assert (refused.code, refused.hop) == ("AllowOriginMismatch", 1)
    answers["https://b.example.com/"] = FetchResponse(200, (("Access-Control-Allow-Origin", "null"),))
    assert judge(request, lambda url, _: answers[url]).ok


def test_the_preflight_names_what_it_asks_for_sorted_and_without_spaces() -> None:
    request = FetchRequest(API, PAGE, "put", (("X-Trace", "1"), ("authorization", "x"), ("Accept", "a/b")))
    assert preflight_headers(request) == (
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "authorization,x-trace"),
        ("Origin", PAGE),
    )
    assert preflight_headers(FetchRequest(API, PAGE)) is None


NAMES = st.sampled_from(["Authorization", "X-A", "Accept", "Content-Type", "Range"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@given(st.lists(st.tuples(NAMES, VALUES), unique_by=lambda each: each[0]), st.randoms())
def test_neither_case_nor_order_of_header_names_matters(headers: list[tuple[str, str]], random: Any) -> None:
    expected = unsafe_names(headers, Profile.CHROMIUM)
    changed = [(name.swapcase(), value) for name, value in headers]
    random.shuffle(changed)
    assert unsafe_names(changed, Profile.CHROMIUM) == expected


@given(NAMES, VALUES)
def test_no_value_that_is_too_long_is_safe(name: str, value: str) -> None:
    assert not safelisted(name.lower(), value + "a" * 129)


@given(st.sampled_from(["GET", "POST", "PUT", "patch"]), st.booleans(), st.sampled_from(list(Profile)))
def test_an_answer_without_cors_headers_is_never_read(method: str, token: bool, profile: Profile) -> None:
    verdict = ask(
        preflight=FetchResponse(204),
        actual=FetchResponse(200),
        method=method,
        headers=TOKEN if token else (),
        profile=profile,
    )
    assert not verdict.ok
