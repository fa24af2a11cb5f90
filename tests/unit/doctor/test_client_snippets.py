"""Code to paste in a page: for the library that was seen, with the request's own URL and method."""

from __future__ import annotations

import pytest

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.client_snippets import _SNIPPETS, client_snippet
from accountsctl.doctor.catalogue.parties import _BY_EITHER, _BY_NETWORK, _BY_PAGE, Party, parties_of

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
OPENING = {
    ClientLibrary.FETCH: "await fetch(",
    ClientLibrary.AXIOS: "await axios.request(",
    ClientLibrary.AMPLIFY_5: "await API.post(",
    ClientLibrary.AMPLIFY_6: "await post({",
    ClientLibrary.ANGULAR: "await firstValueFrom(this.http.request(",
    ClientLibrary.JQUERY: "await $.ajax(",
}


def ask(library: ClientLibrary | None) -> PageRequest:
    return PageRequest("https://app.example.com", "/items", "POST", f"{URL}?secret=1", library=library)


@pytest.mark.parametrize("library", list(ClientLibrary))
@pytest.mark.parametrize("cause", sorted(set(_SNIPPETS) - {"client.csp"}))
def test_the_code_is_for_the_library_that_was_seen(library: ClientLibrary, cause: str) -> None:
    text = client_snippet(cause, ask(library))
    assert text.startswith(f"// in the page, with {library}:\n")
    assert OPENING[library] in text
    assert text.count("{") == text.count("}")
    assert text.count("(") == text.count(")")
    assert "secret" not in text


def test_where_no_library_was_seen_the_code_is_for_fetch() -> None:
    assert client_snippet("auth.no-token", ask(None)) == client_snippet(
        "auth.no-token", ask(ClientLibrary.FETCH)
    )


def test_a_policy_of_the_page_lists_the_api_and_needs_no_library() -> None:
    text = client_snippet("client.csp", ask(None))
    assert text.endswith(f"\nContent-Security-Policy: connect-src 'self' {URL.removesuffix('/dev/items')}")


def test_what_the_backend_has_to_fix_gets_no_code_for_the_page() -> None:
    assert client_snippet("preflight.no-options", ask(None)) == ""


def test_every_cause_that_is_listed_exists() -> None:
    assert {*_SNIPPETS, *_BY_PAGE, *_BY_NETWORK, *_BY_EITHER} <= set(BY_ID)
    assert not _BY_PAGE & _BY_NETWORK


@pytest.mark.parametrize(
    ("cause", "party"),
    [
        ("auth.no-token", Party.YOU),
        ("client.csp", Party.YOU),
        ("preflight.no-options", Party.BACKEND),
        ("int.throws", Party.BACKEND),
        ("edge.proxy-error", Party.NETWORK),
    ],
)
def test_a_cause_has_someone_who_fixes_it(cause: str, party: Party) -> None:
    assert parties_of(BY_ID[cause])[0] is party


def test_no_cause_that_code_of_the_page_fixes_is_said_to_be_the_backends_alone() -> None:
    for cause in _SNIPPETS:
        assert Party.YOU in parties_of(BY_ID[cause]), cause


def test_who_acts_agrees_with_the_words_of_the_fix() -> None:
    """A fix that begins with what the client sends or calls is one for the page."""
    of_page = ("Send the ", "Call the ", "Sign ", "Fetch ", "Shorten ", "Call the", "Correct the path")
    for card in CARDS:
        if card.fix.startswith(of_page) and not card.fix.startswith("Send the header"):
            assert parties_of(card) != (Party.BACKEND,), card.id
