"""A recording with requests to the page's own origin alone: CORS does not apply, and what failed is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.unit.commands.doctor.recordings import PAGE, entry

ITEMS = f"{PAGE}/api/items"
NOTHING_FAILED = "The doctor looks at what pages ask of other origins."


def bare(recorded: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The entry with these headers alone, as of a page that the user opened, or an image."""
    recorded["request"]["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
    return recorded


def refused(*entries: dict[str, Any]) -> CouldNotLook:
    with pytest.raises(CouldNotLook) as raised:
        from_recording(json.dumps({"log": {"entries": entries}}), "page.har")
    assert raised.value.what == "page.har shows no request to another origin."
    assert raised.value.exit_code == 4
    return raised.value


@pytest.mark.parametrize(
    ("recorded", "seen"),
    [
        (entry("POST", f"{ITEMS}?token=abc", 500), f"POST {ITEMS}?token (500)"),
        (entry(url=ITEMS, status=0, error="net::ERR_CONNECTION_REFUSED"), "(no response, net::ERR_CONNECT"),
        (bare(entry(url=PAGE, status=404, _resourceType="document")), f"GET {PAGE} (404)"),
        (entry(url=ITEMS, status=403, sent={"sec-fetch-site": "same-origin"}), f"GET {ITEMS} (403)"),
    ],
    ids=["error", "no response", "the page itself", "by Sec-Fetch-Site"],
)
def test_a_failed_request_is_named_with_its_status(recorded: dict[str, Any], seen: str) -> None:
    found = refused(entry(url=f"{PAGE}/fine"), recorded)
    assert "CORS does not apply to requests to the page's own origin." in found.why
    assert seen in found.why
    assert "/fine" not in found.why
    assert "abc" not in found.why
    assert PAGE in found.hint


def test_of_many_failed_requests_the_first_are_named_and_each_once() -> None:
    every = [entry(url=f"{ITEMS}/{number}", status=500) for number in range(7)]
    why = refused(*every, *every).why
    assert why.count("(500)") == 5
    assert why.endswith("and 2 more.")


def test_what_went_well_or_to_another_site_is_not_named() -> None:
    image = entry(url="https://cdn.example.com/a.png", status=404, _resourceType="image")
    found = refused(entry(url=ITEMS), bare(image, Referer=f"{PAGE}/"))
    assert found.why == NOTHING_FAILED


def test_the_place_of_a_url_that_cannot_be_read_is_named_where_nothing_else_was_recorded() -> None:
    with pytest.raises(UsageError) as raised:
        from_recording(
            json.dumps({"log": {"entries": [entry(url=ITEMS), entry(url="https://[::1/c")]}}), "page.har"
        )
    assert raised.value.what == "page.har: /log/entries/1/request/url is not a URL."
    assert "http" not in raised.value.what


def test_a_failed_request_goes_before_a_url_that_cannot_be_read() -> None:
    assert "(500)" in refused(entry(url=ITEMS, status=500), entry(url="https://[::1/c")).why
