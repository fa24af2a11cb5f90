"""The console's sentence is that of the browser and of what sent the request."""

from __future__ import annotations

import pytest

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.browser.initiators import initiator_of
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import Phase, Verdict

URL = "https://api.example.com/items"
PAGE = "https://app.example.com"


def shown(code: str, parameter: str = "", status: int = 0, **request: object) -> str:
    ask = PageRequest(PAGE, "/items", url=URL, **request)  # type: ignore[arg-type]
    phase = Phase.PREFLIGHT if "Preflight" in code else Phase.ACTUAL
    return console_text(Verdict(ok=False, code=code, phase=phase, parameter=parameter), ask, status)


@pytest.mark.parametrize(
    ("kind", "destination", "word"),
    [
        ("xhr", "empty", "XMLHttpRequest"),
        ("fetch", None, "fetch"),
        ("font", "font", "font"),
        ("stylesheet", None, "CSS stylesheet"),
        ("eventsource", None, "resource"),
        # Firefox and Safari have no type; of media the destination says more.
        (None, "style", "CSS stylesheet"),
        ("media", "audio", "audio"),
        # A script's request, of which nothing says by which of the two.
        (None, "empty", ""),
        ("preflight", None, ""),
    ],
)
def test_a_recording_tells_what_sent_a_request(kind: str | None, destination: str | None, word: str) -> None:
    assert initiator_of(kind, destination) == word


@pytest.mark.parametrize(
    ("sent_by", "library", "word"),
    [
        ("font", ClientLibrary.AXIOS, "font"),
        ("", ClientLibrary.AXIOS, "XMLHttpRequest"),
        ("", ClientLibrary.ANGULAR, "XMLHttpRequest"),
        ("", ClientLibrary.AMPLIFY_6, "fetch"),
        ("", None, "fetch"),
    ],
)
def test_chromium_names_what_sent_the_request(sent_by: str, library: ClientLibrary | None, word: str) -> None:
    said = shown("MissingAllowOriginHeader", sent_by=sent_by, library=library)
    assert said.startswith(f"Access to {word} at '{URL}' from origin '{PAGE}' has been blocked")


@pytest.mark.parametrize(
    ("code", "parameter", "status", "reason"),
    [
        (
            "MissingAllowOriginHeader",
            "",
            403,
            "CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 403.",
        ),
        (
            "PreflightMissingAllowOriginHeader",
            "",
            0,
            "CORS header \u2018Access-Control-Allow-Origin\u2019 missing).",
        ),
        (
            "AllowOriginMismatch",
            "https://a.com",
            200,
            "CORS header \u2018Access-Control-Allow-Origin\u2019 does not match \u2018https://a.com\u2019). "
            "Status code: 200.",
        ),
        (
            "PreflightInvalidStatus",
            "",
            500,
            "CORS preflight response did not succeed). Status code: 500.",
        ),
        (
            "HeaderDisallowedByPreflightResponse",
            "x-tenant",
            204,
            "header \u2018x-tenant\u2019 is not allowed according to header \u2018Access-Control-Allow-Headers\u2019 "
            "from CORS preflight response). Status code: 204.",
        ),
    ],
)
def test_firefox_has_its_own_words(code: str, parameter: str, status: int, reason: str) -> None:
    assert shown(code, parameter, status, profile=Profile.FIREFOX) == (
        f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {URL}. "
        f"(Reason: {reason}"
    )
