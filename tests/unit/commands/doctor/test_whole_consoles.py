"""A whole console, copied as it is: several requests, an application's own lines, and words that only warn."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.console_words import BlockReason
from tests.unit.commands.doctor.recordings import PAGE, causes

API = "https://api.example.com/items"
BLOCKED = f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: "
PREFLIGHT = f"{BLOCKED}Response to preflight request doesn't pass access control check: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
CSP = "Content Security Policy directive: \"connect-src 'self'\"."


@pytest.mark.parametrize(
    "lines",
    [
        (
            f"{BLOCKED}{MISSING}",
            f"GET {API} net::ERR_FAILED 200 (OK)",
            f"{PREFLIGHT}{MISSING}",
            f"PUT {API} net::ERR_FAILED",
        ),
        (
            f"GET {API} net::ERR_FAILED 200 (OK)",
            f"{BLOCKED}{MISSING}",
            f"PUT {API} net::ERR_FAILED",
            f"{PREFLIGHT}{MISSING}",
        ),
        (
            f"{BLOCKED}{MISSING}",
            f"{PREFLIGHT}{MISSING}",
            f"GET {API} net::ERR_FAILED 200 (OK)",
            f"PUT {API} net::ERR_FAILED",
        ),
    ],
)
def test_requests_of_one_url_keep_their_own_methods_and_statuses(lines: tuple[str, ...]) -> None:
    found = console_lines("\n".join(lines))
    assert [(line.method, line.status) for line in found] == [("GET", 200), ("PUT", 0)]


@pytest.mark.parametrize(
    "after",
    [
        "The Content Security Policy directive 'frame-ancestors' is ignored when delivered via a <meta> element.",
        "AxiosError: Request failed with status code 500",
        f"Failed to delete {API}",
        "Mixed Content: 3 of them",
    ],
)
def test_what_an_application_writes_after_a_sentence_is_not_taken_for_it(after: str) -> None:
    (line,) = console_lines(f"{BLOCKED}{MISSING}\n{after}\n")
    assert line.message is not None
    assert (line.message.reason, line.status, line.method) == (BlockReason.NO_ORIGIN, 0, "")


@pytest.mark.parametrize(
    "words",
    [
        f"[Report Only] Refused to connect to '{API}' because it violates the following {CSP}",
        f"Connecting to '{API}' violates the following {CSP} The policy is report-only, so the violation has been "
        "logged but no further action has been taken.",
        f"Mixed Content: The page at '{PAGE}/' was loaded over HTTPS, but requested an insecure element "
        "'http://img.example.com/a.png'. This request was automatically upgraded to HTTPS",
        f"Mixed Content: The page at '{PAGE}/' was loaded over HTTPS, but requested an insecure image "
        "'http://img.example.com/a.png'. This content should also be served over HTTPS.",
        f"GET {API} 200 (OK)",
    ],
)
def test_what_the_console_only_warns_of_is_not_blocked(words: str) -> None:
    assert console_lines(words) == []


@pytest.mark.parametrize(
    ("words", "url"),
    [
        (
            f"Access to fetch at '{API}/by('id')/x' from origin '{PAGE}' has been blocked by CORS policy: {MISSING}",
            f"{API}/by('id')/x",
        ),
        ("\x1b[31m" + BLOCKED.replace("at ", "at \x1b[4m") + MISSING + "\x1b[0m", API),
        (f"{BLOCKED}\r\n{MISSING}\r\n", API),
        (
            f"Refused to connect to {API} because it does not appear in the connect-src directive of the Content "
            "Security Policy.",
            API,
        ),
    ],
)
def test_quotes_colours_and_line_ends_hide_no_line(words: str, url: str) -> None:
    assert [line.url for line in console_lines(words)] == [url]


@pytest.mark.parametrize("error", ["CONNECTION_REFUSED", "CONNECTION_TIMED_OUT"])
def test_a_server_that_does_not_listen_is_named(error: str) -> None:
    (found,) = from_recording(f"GET {API} net::ERR_{error}", "stdin").diagnoses
    assert (found.exit_code, causes(found)) == (1, ["deploy.unreachable"])


def test_what_the_console_calls_blocked_is_never_passed() -> None:
    words = BLOCKED.replace(API, "file:///items.json").replace(PAGE, "null") + MISSING
    (found,) = from_recording(words, "stdin").diagnoses
    assert found.exit_code == 4


def test_the_method_of_a_preflight_is_not_that_of_the_request() -> None:
    words = (
        f"OPTIONS {API} 403 (Forbidden)\nFailed to load {API}: {PREFLIGHT.partition('policy: ')[2]}{MISSING}"
    )
    (line,) = console_lines(words)
    assert (line.method, line.status) == ("", 403)


def test_a_url_is_stated_with_its_query() -> None:
    words = f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin."
    (found,) = from_recording(words, "stdin", query=Query(url=f"{API}?token=secret")).diagnoses
    assert found.ask.url == f"{API}?token"


def test_lines_are_numbered_as_in_the_text() -> None:
    found = console_lines(f"first\n{BLOCKED}{MISSING}\n\n{BLOCKED.replace(API, f'{API}/2')}{MISSING}")
    assert [line.line for line in found] == [2, 4]


@pytest.mark.parametrize(("stated", "shown"), [("put", "PUT"), ("PATCH", "patch")])
def test_a_method_is_stated_in_any_letters(stated: str, shown: str) -> None:
    words = f"{BLOCKED}{MISSING}\n{shown} {API} net::ERR_FAILED"
    (found,) = from_recording(words, "stdin", query=Query(method=stated)).diagnoses
    assert found.ask.method == shown
