"""What tells a store, a worker, a redirect and a site's page from what looks like them: and their neighbours."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from tests.faults.reported.report import HTTP, Report, chromium, firefox
from tests.faults.reported.servers import EXPRESS, ITEMS, JSON, LOCAL, allowed, answer, origins
from tests.faults.test_reported import causes, diagnosed

SIGNED = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=99ab"
XML = ("content-type", "application/xml")
PAGE = ("content-type", "text/html")
BUCKET = "https://uploads.s3.eu-west-1.amazonaws.com/a.png"
CORS = "has been blocked by CORS policy: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
NO_CONNECTION = (
    f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {ITEMS}. "
    "(Reason: CORS request did not succeed). Status code: (null)."
)
OPAQUE = f"Failed to load \u2018{ITEMS}\u2019. A ServiceWorker passed an opaque Response to FetchEvent.respondWith()"


def named(report: Report) -> list[str]:
    return causes(diagnosed(report, chromium(report), template=False))


def pasted(text: str) -> list[list[str]]:
    return [causes(found) for found in from_recording(text, "console.txt").diagnoses]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("http://localhost:4566/bucket/a.png", ["edge.s3-no-cors", "preflight.authenticated"]),
        ("https://b.abc.r2.cloudflarestorage.com/a.png", ["edge.s3-no-cors", "preflight.authenticated"]),
        (BUCKET, ["edge.s3-no-cors"]),
    ],
)
def test_only_stores_of_others_than_aws_may_compare_the_signature_with_options(
    host: str, expected: list[str]
) -> None:
    refused = Report("", (), answer(403, XML), url=f"{host}{SIGNED}", method="PUT", origin=LOCAL)
    assert named(refused) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("SignatureDoesNotMatch", ["preflight.authenticated"]), ("AccessForbidden", ["edge.s3-no-cors"])],
)
def test_a_stores_own_words_tell_why_it_refused_options(code: str, expected: list[str]) -> None:
    body = f"<Error><Code>{code}</Code></Error>"
    refused = Report(
        "", (), answer(403, XML, body=body), url=f"http://localhost:4566/b/a.png{SIGNED}", origin=LOCAL
    )
    assert causes(diagnosed(refused, firefox(refused), template=False)) == expected


def test_a_sites_page_in_place_of_the_answer_to_options_is_no_empty_answer_of_a_framework() -> None:
    page = answer(200, PAGE, ("content-length", "1310"))
    assert named(Report("", (), page, url=ITEMS)) == ["edge.page-instead", "preflight.mock-no-headers"]
    framework = answer(200, PAGE, ("content-length", "0"), ("allow", "GET, OPTIONS"))
    assert "edge.page-instead" not in named(Report("", (), framework, url=ITEMS))
    console = answer(200, PAGE, ("server", "MinIO Console"))
    assert named(Report("", (), console, url=f"http://127.0.0.1:9001/b/a{SIGNED}"))[0] == "edge.page-instead"


def test_a_good_response_without_the_header_may_be_of_a_list_of_origins_unless_the_preflight_passed() -> None:
    bare = answer(200, *JSON)
    assert named(Report("", (), None, bare, url=ITEMS, asks=())) == [
        "acao.missing-actual",
        "httpapi.origin-not-listed",
    ]
    assert named(Report("", (), allowed("authorization"), bare, url=ITEMS)) == ["acao.missing-actual"]
    express = answer(200, *JSON, *EXPRESS)
    assert named(Report("", (), None, express, url=ITEMS, asks=())) == ["acao.missing-actual"]
    assert named(Report("", (), None, bare, url=HTTP, asks=())) == ["acao.missing-actual"]


def test_a_star_that_is_refused_with_a_token_may_be_the_cookies_or_the_star() -> None:
    star = Report("", (), allowed("authorization"), url=ITEMS, credentials=True)
    assert named(star) == ["client.credentials", "acao.wildcard-credentials"]
    two = Report("", (), None, answer(200, *origins("*", "*")), url=ITEMS, asks=(), credentials=True)
    assert named(two) == ["acao.duplicate"]


@pytest.mark.parametrize("lines", [(OPAQUE, NO_CONNECTION), (NO_CONNECTION, OPAQUE), (OPAQUE,)])
def test_firefoxs_words_of_a_service_worker_name_it_and_its_other_sentence_is_no_second_fault(
    lines: tuple[str, ...],
) -> None:
    assert pasted("\n".join(lines)) == [["client.service-worker"]]
    assert pasted(NO_CONNECTION) == [["deploy.tls", "deploy.unreachable"]]


def test_what_cors_blocked_for_a_service_worker_is_named_and_not_the_worker() -> None:
    event = f'The FetchEvent for "{ITEMS}" resulted in a network error response: the promise was rejected.'
    blocked = f"Access to fetch at '{ITEMS}' from origin '{LOCAL}' {CORS}{MISSING}"
    assert pasted(event) == [["client.service-worker"]]
    (found,) = pasted(f"{blocked}\n{event}")
    assert "client.service-worker" not in found


def test_chromiums_older_sentence_of_a_redirect_names_the_redirect() -> None:
    assert pasted(f"Failed to load {ITEMS}: Redirect from '{ITEMS}' to 'https://b.com/' {CORS}{MISSING}") == [
        ["client.redirect"]
    ]


@pytest.mark.parametrize(
    ("method", "expected"), [("OPTIONS", "preflight.authenticated"), ("PUT", "acao.missing-error-path")]
)
def test_a_refused_line_of_options_says_that_the_preflight_failed(method: str, expected: str) -> None:
    said = f"XMLHttpRequest cannot load {ITEMS}. {MISSING} Origin '{LOCAL}' is therefore not allowed access."
    (found,) = pasted(f"{method} {ITEMS} 401 (Unauthorized)\n{said}")
    assert found[0] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            f"Response to preflight request doesn't pass access control check: {MISSING}",
            ["edge.s3-no-cors", "preflight.redirect"],
        ),
        (MISSING, ["edge.s3-no-cors", "client.cached-without-cors"]),
        (f"{MISSING}\nPOST {BUCKET} net::ERR_FAILED", ["edge.s3-no-cors", "client.redirect"]),
    ],
)
def test_without_a_status_s3_may_have_no_rule_or_be_in_another_region_or_the_cache_answered(
    words: str, expected: list[str]
) -> None:
    assert pasted(f"Access to fetch at '{BUCKET}' from origin '{LOCAL}' {CORS}{words}") == [expected]


def test_a_proxys_status_without_more_is_first_the_proxys() -> None:
    said = f"Access to fetch at '{ITEMS}' from origin '{LOCAL}' {CORS}{MISSING}\nGET {ITEMS} net::ERR_FAILED "
    assert pasted(f"{said}502")[0][0] == "edge.proxy-error"
    assert pasted(f"{said}500")[0][0] == "acao.missing-error-path"
