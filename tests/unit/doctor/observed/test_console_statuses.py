# ruff: noqa: RUF001 -- a sentence in Russian
"""Lines of a console that have a status, or that the browser adds for what it blocked itself."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason
from tests.faults.test_reported import causes

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def of_text(text: str) -> list[Diagnosis]:
    return list(from_recording(text, "console.txt", (), Query()).diagnoses)


def test_a_status_without_a_word_of_cors_is_an_error_that_the_page_reads() -> None:
    (found,) = of_text(f"POST {API} 502 (Bad Gateway)")
    assert found.outcome is DiagnosisOutcome.ERROR
    assert causes(found) == ["int.throws", "int.malformed"]


def test_a_script_that_was_refused_was_not_aborted_by_the_page() -> None:
    (found,) = of_text(f"GET {API}/app.js net::ERR_ABORTED 403 (Forbidden)")
    assert "client.aborted" not in causes(found)
    assert not {"auth.iam-no-token", "auth.api-key"} & set(causes(found))
    assert causes(found)[0] == "deploy.wrong-path"


def test_the_status_of_options_alone_is_a_refused_preflight() -> None:
    (found,) = of_text(f"OPTIONS {API} 401 (Unauthorized)")
    assert found.outcome is DiagnosisOutcome.BLOCKED
    assert causes(found)[0].startswith(("preflight.", "httpapi."))


def test_a_status_of_another_request_is_left_to_it() -> None:
    text = (
        "GET https://other.example.com/a 404 (Not Found)\n"
        f"Access to fetch at '{API}' from origin 'https://a.com' has been blocked by CORS policy: {MISSING}"
    )
    (line,) = console_lines(text)
    assert (line.url, line.status) == (API, 0)


def test_the_status_of_a_resource_is_that_of_the_only_blocked_request() -> None:
    text = (
        "Failed to load resource: the server responded with a status of 504 ()\n"
        f"Access to fetch at '{API}' from origin 'https://a.com' has been blocked by CORS policy: {MISSING}"
    )
    (line,) = console_lines(text)
    assert line.status == 504
    (several, *_) = console_lines(
        f"{text}\nFailed to load resource: the server responded with a status of 403 ()"
    )
    assert several.status == 0


def test_a_sentence_without_the_pages_origin_names_the_url() -> None:
    (line,) = console_lines(
        f"Access to XMLHttpRequest at '{API}' from origin has been blocked by CORS policy: {MISSING}"
    )
    assert (line.url, line.origin) == (API, "")


def test_chromiums_old_sentence_about_a_font_names_the_origin_of_the_font() -> None:
    (line,) = console_lines(
        "Font from origin 'https://d111111abcdef8.cloudfront.net' has been blocked from loading by Cross-Origin "
        f"Resource Sharing policy: {MISSING} Origin 'http://example.org' is therefore not allowed access."
    )
    assert (line.url, line.origin) == ("https://d111111abcdef8.cloudfront.net", "http://example.org")


@pytest.mark.parametrize("why", ["content blocking", "tracking protection", "Enhanced Tracking Protection"])
def test_what_firefox_blocks_as_a_tracker_is_blocked_by_the_browser(why: str) -> None:
    url = "https://mobileanalytics.us-east-1.amazonaws.com/2014-06-05/events"
    found = of_text(
        f"The resource at “{url}” was blocked because {why} is enabled.\n"
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{url}. (Reason: CORS request did not succeed). Status code: (null)."
    )
    assert [causes(each) for each in found] == [["client.blocked"]]


def test_firefox_blames_a_connection_for_what_lists_of_blockers_name() -> None:
    words = (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {}. "
    )
    reason = "(Reason: CORS request did not succeed)."
    (blocked,) = of_text(words.format("https://www.google-analytics.com/collect") + reason)
    assert causes(blocked) == ["client.blocked", "deploy.unreachable"]
    (other,) = of_text(words.format("https://api.example.com/collect") + reason)
    assert "client.blocked" not in causes(other)


def test_firefox_gave_no_reason_until_2015() -> None:
    for words in (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://api.example.com/items. This can be fixed by moving the resource to the same domain or enabling CORS.",
        "Запрос из постороннего источника заблокирован: Политика одного источника запрещает чтение удаленного ресурса "
        "на https://api.example.com/items. Это может быть исправлено путем перемещения ресурса в тот же домен или "
        "включением CORS.",
    ):
        (line,) = console_lines(words)
        assert line.url == "https://api.example.com/items"
        assert line.message is not None
        assert line.message.reason is BlockReason.NO_ORIGIN


def test_chromiums_old_sentence_about_a_redirect_is_of_a_request_with_a_preflight() -> None:
    (found,) = of_text(
        "XMLHttpRequest cannot load http://my-bucket.s3.amazonaws.com/. The request was redirected to "
        "'http://my-bucket.s3-us-west-2.amazonaws.com/', which is disallowed for cross-origin requests that require "
        "preflight."
    )
    assert causes(found) == ["preflight.redirect"]


def test_a_status_that_only_proxies_give_is_theirs() -> None:
    text = (
        "Access to Font at 'https://cdn.example.com/a.woff2' from origin 'https://a.com' has been blocked by CORS "
        f"policy: {MISSING}"
    )
    (found,) = of_text(f"{text} The response had HTTP status code 522.")
    assert causes(found) == ["edge.proxy-error"]
