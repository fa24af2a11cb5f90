"""What is left of a console's sentence in a post: other quotes or none, no URL, no beginning, or a library's words."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.model.errors import UsageError
from tests.unit.commands.doctor.recordings import PAGE, causes

OPENING = ("\u2018",)
API = "https://api.example.com/items"
METHOD = "Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response."
HEADER = "Request header field baggage is not allowed by Access-Control-Allow-Headers in preflight response."
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def named(text: str) -> list[str]:
    (found, *_) = from_recording(text, "pasted.txt").diagnoses
    return causes(found)


@pytest.mark.parametrize(
    ("first", "last"), [("", ""), ('"', '"'), ("`", "`"), ("\u2018", "\u2019"), ("**", "**"), ("<", ">")]
)
def test_the_urls_of_a_sentence_are_read_in_any_quotes_or_none(first: str, last: str) -> None:
    apostrophe = last if first in OPENING else "'"
    text = (
        f"Access to fetch at {first}{API}{last} from origin {first}{PAGE}{last} has been blocked by CORS policy: "
        f"Response to preflight request doesn{apostrophe}t pass access control check: {MISSING}"
    )
    (line,) = console_lines(text)
    assert (line.url, line.origin) == (API, PAGE)
    assert line.message is not None
    assert line.message.preflight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Access to fetch at 'xyz' has been blocked by CORS policy: {HEADER}", "acah.custom"),
        (f"blocked by CORS policy: {METHOD}", "acam.missing"),
        (
            "(Reason: Multiple CORS header \u2018Access-Control-Allow-Origin\u2019 not allowed).",
            "acao.duplicate",
        ),
        ("Request header field X-Foo is not allowed by Access-Control-Allow-Headers", "acah.custom"),
        (f"My request fails:\n{MISSING}", "acao.missing-actual"),
    ],
)
def test_a_sentence_without_its_url_still_tells_the_cause(text: str, expected: str) -> None:
    assert named(text)[0] == expected


def test_a_part_of_a_sentence_gives_the_page_and_its_own_line() -> None:
    (line,) = console_lines(f"It fails.\nfrom origin '{PAGE}' has been blocked by CORS policy: {METHOD}")
    assert (line.origin, line.line) == (PAGE, 2)


@pytest.mark.parametrize(
    "text", ["It works without the Content Security Policy.", "Mixed content is not it.", "My page is slow."]
)
def test_what_people_write_themselves_is_no_console(text: str) -> None:
    assert console_lines(text) == []


@pytest.mark.parametrize(
    "words",
    [
        "AxiosError: Network Error  code: ERR_NETWORK",
        "TypeError: Failed to fetch",
        "TypeError: NetworkError when attempting to fetch resource.",
        "TypeError: Load failed",
        f"Http failure response for {API}: 0 Unknown Error",
        "Error: XMLHttpRequest error.",
    ],
)
def test_a_librarys_words_alone_are_refused_with_where_the_reason_stands(words: str) -> None:
    with pytest.raises(UsageError, match="that it failed") as error:
        from_recording(words, "pasted.txt")
    assert "console" in str(error.value.hint)
    assert named(f"{words}\nblocked by CORS policy: {METHOD}") == ["acam.missing"]


RESOURCE = "items:1  Failed to load resource: the server responded with a status of {} ()"


@pytest.mark.parametrize(
    ("text", "url", "method"),
    [
        (RESOURCE.format(502), "", "GET"),
        (f"The API is {API}\n{RESOURCE.format(502)}", API, "GET"),
        (f"XHR POST {API} [HTTP/2 502 Bad Gateway 120ms]", API, "POST"),
        (f"XHRPOST{API}\n[HTTP/1.1 502  9ms]", API, "POST"),
    ],
)
def test_a_line_of_a_response_alone_is_an_error_that_the_page_reads(text: str, url: str, method: str) -> None:
    (found,) = from_recording(text, "pasted.txt").diagnoses
    assert (found.outcome, found.ask.url, found.ask.method) == (DiagnosisOutcome.ERROR, url, method)
    assert causes(found) == ["int.throws", "int.malformed"]


@pytest.mark.parametrize(
    "text",
    [
        f"XHR POST {API} [HTTP/2 200 OK 120ms]",
        RESOURCE.format(304),
        f"{RESOURCE.format(502)}\n{RESOURCE.format(404)}",
    ],
)
def test_lines_of_responses_that_succeed_or_cannot_be_told_apart_name_nothing(text: str) -> None:
    with pytest.raises(UsageError):
        from_recording(text, "pasted.txt")
