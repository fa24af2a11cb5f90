"""Safari's words of a response that it blocked, as far as they tell a response."""

from __future__ import annotations

import pytest

from accountsctl.doctor.observed.webkit_errors import blocked_response, needs_credentials, refuses_preflight

ORIGIN = "https://app.example.com"


@pytest.mark.parametrize(
    ("words", "status", "origin", "of_preflight"),
    [
        (
            f"Origin {ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 502",
            502,
            None,
            False,
        ),
        ("Preflight response is not successful. Status code: 403", 403, None, True),
        ("Request header field X-Api-Key is not allowed by Access-Control-Allow-Headers.", 200, ORIGIN, True),
        ("Method PUT is not allowed by Access-Control-Allow-Methods.", 200, ORIGIN, True),
        (
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
            200,
            "*",
            False,
        ),
        (
            "Access-Control-Allow-Origin cannot contain more than one origin.",
            200,
            f"{ORIGIN}, {ORIGIN}",
            False,
        ),
    ],
)
def test_words_tell_a_status_or_a_header(
    words: str, status: int, origin: str | None, of_preflight: bool
) -> None:
    response = blocked_response(words, ORIGIN, "PUT", ["x-api-key", "accept"])
    assert response is not None
    assert (response.status, response.value("access-control-allow-origin")) == (status, origin)
    assert refuses_preflight(words) is of_preflight


def test_only_the_refused_header_is_missing_from_the_list() -> None:
    words = "Request header field X-Api-Key is not allowed by Access-Control-Allow-Headers."
    response = blocked_response(words, ORIGIN, "PUT", ["x-api-key", "x-other"])
    assert response is not None
    assert response.value("access-control-allow-headers") == "x-other"


def test_other_words_tell_no_response() -> None:
    assert blocked_response("The network connection was lost.", ORIGIN, "GET", []) is None


def test_only_words_of_credentials_show_that_the_page_asked_for_them() -> None:
    assert needs_credentials('Credentials flag is true, but Access-Control-Allow-Credentials is not "true".')
    assert not needs_credentials(f"Origin {ORIGIN} is not allowed by Access-Control-Allow-Origin.")
