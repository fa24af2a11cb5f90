"""What the page shows when its backend is not well: an API that a test scripts, behind the real Cognito."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accountsctl.adapters.page_server import built_page, listening
from accountsctl.formats.frontend.page import BuiltPage
from accountsctl.ports.page_server import PageAddress
from tests.local.browser import Browser, read_user
from tests.local.project import LocalProject
from tests.local.stub_api import Says, StubApi, serving, stub_api

pytestmark = pytest.mark.slow

RENT = {"id": 1, "nickname": "Rent", "balance": 12.5, "type": "domestic", "account_number": "DE01"}
VILLA = {"id": 2, "nickname": "Villa", "balance": -1, "type": "international", "account_number": "FR01"}
WAKING = Says(503, {"message": "The database is waking up."}, {"Retry-After": "3"})

FREE = PageAddress("localhost", 0)


@pytest.fixture(scope="module")
def outputs(deployed: LocalProject) -> dict[str, Any]:
    """What `export` writes."""
    exported: dict[str, Any] = deployed.run("export").json
    return exported


@pytest.fixture
def api() -> Iterator[StubApi]:
    with stub_api() as made:
        yield made


@pytest.fixture
def cors() -> dict[str, Any]:
    """What the deployed API is said to allow."""
    return {}


@pytest.fixture
def origin(tab: Browser, outputs: dict[str, Any], api: StubApi, cors: dict[str, Any]) -> Iterator[str]:
    """The page for the scripted API, as a new visitor meets it."""
    rest = {"accountsAPI": {"endpoint": api.url, "region": "eu-west-1"}}
    custom = {"API": [{"name": "accountsAPI", "cors": cors}]}
    site = BuiltPage(built_page(), {**outputs, "API": {"REST": rest}, "custom": custom})
    with listening(site, FREE) as server, serving(server):
        url = f"http://localhost:{server.server_port}"
        tab.open(url)
        tab.screen.reset()
        tab.open(url)
        yield url
        tab.open("about:blank")


@pytest.fixture
def visitor(tab: Browser, origin: str, deployed: LocalProject) -> Browser:
    """Whoever is about to sign in; the accounts are asked for only after that."""
    tab.find("input[name=username]")
    return tab


def test_a_database_that_wakes_up_is_waited_for(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    api.answers = [WAKING, Says(504), Says(200, [RENT, VILLA])]
    visitor.sign_in(read_user(deployed.root))
    visitor.see("The database is not awake yet.")
    visitor.see("The database is waking up.")
    visitor.see("This page asks again by itself.")
    visitor.see("(attempt 2)")
    visitor.screen.picture("asleep")
    visitor.until(lambda: len(visitor.rows()) == 4)
    assert len(api.asked) == 3


def test_waiting_can_be_cut_short(visitor: Browser, api: StubApi, deployed: LocalProject) -> None:
    api.answers = [Says(503, None, {"Retry-After": "600"}), Says(200, [RENT])]
    visitor.sign_in(read_user(deployed.root))
    visitor.see("Asking again in")
    visitor.screen.looks_right("waiting")
    visitor.press("Try now")
    visitor.until(visitor.rows)
    assert visitor.keyboard.focused() == "Accounts"


def test_an_answer_without_cors_headers_points_at_the_doctor(
    visitor: Browser, api: StubApi, origin: str, deployed: LocalProject
) -> None:
    api.cors = {}
    visitor.sign_in(read_user(deployed.root))
    visitor.see("The browser got no answer that it may show to this page.")
    visitor.see(f"accountsctl doctor cors --origin {origin}")
    assert any("CORS policy" in each for each in visitor.screen.complaints())


@pytest.mark.parametrize(
    ("answer", "shown", "detail"),
    [
        (
            Says(500, {"message": "It broke.", "requestId": "r-1"}),
            ["The API failed.", "It broke."],
            "Status 500, request r-1",
        ),
        (Says(403, {"message": "Forbidden"}), ["The API refuses this request.", "Forbidden"], "Status 403"),
        (
            Says(404, {"message": "Not Found"}),
            ["The API has no accounts to list.", "Not Found"],
            "Status 404",
        ),
        (Says(502, None), ["The API failed.", "No reason was given."], "Status 502"),
        (
            Says(200, {"accounts": []}),
            [
                "The API gave a response that this page cannot read.",
                "The response is not a list of accounts.",
            ],
            "",
        ),
        (
            Says(200, [{**RENT, "balance": None}]),
            ['This is not an account: {"id":1,"nickname":"Rent","balance":null'],
            "",
        ),
    ],
)
def test_the_real_error_is_told(
    visitor: Browser, api: StubApi, deployed: LocalProject, answer: Says, shown: list[str], detail: str
) -> None:
    api.answers = [answer]
    visitor.sign_in(read_user(deployed.root))
    for text in shown:
        visitor.see(text)
    if detail:
        visitor.find("summary").click()
        visitor.see(detail)
    visitor.screen.looks_right(f"error-{answer.status}")


def test_a_throttled_request_is_sent_again(visitor: Browser, api: StubApi, deployed: LocalProject) -> None:
    api.answers = [Says(429, {"message": "Too Many Requests"}, {"Retry-After": "2"}), Says(200, [RENT])]
    visitor.sign_in(read_user(deployed.root))
    visitor.see("Too many requests just now.")
    visitor.until(visitor.rows)


def test_currencies_are_named_and_never_summed(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    euro = {**RENT, "currency": "EUR"}
    api.answers = [Says(200, [euro]), Says(200, [euro, {**VILLA, "type": "domestic", "currency": "NOK"}])]
    visitor.sign_in(read_user(deployed.root))
    visitor.see("Balance (EUR)")
    assert visitor.rows()[:2] == ["Domestic | 1 account | 12.50", "Rent | DE01 | 12.50"]
    visitor.press("Reload")
    visitor.until(lambda: "Villa | FR01 | -1.00 NOK" in visitor.rows())
    assert "Rent | DE01 | 12.50 EUR" in visitor.rows()
    assert [each.text for each in visitor.all(".group .sum")][:2] == ["12.50 EUR", "-1.00 NOK"]
    api.replies = [Says(200, {**euro, "currency": "CHF"})]
    visitor.press("Edit Rent")
    visitor.fill("currency", "chf")
    visitor.press("Save")
    visitor.see("Three capital letters, such as EUR.")
    visitor.screen.looks_right("currency")
    visitor.fill("currency", "CHF")
    visitor.press("Save")
    visitor.until(lambda: "Rent | DE01 | 12.50 CHF" in visitor.rows())
    assert api.changes[0].body["currency"] == "CHF"


def test_a_currency_that_the_api_misses_can_be_given(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    fault = {"field": "currency", "problem": "is missing"}
    api.replies = [
        Says(400, {"message": "Not valid.", "faults": [fault]}),
        Says(201, {**RENT, "currency": "EUR"}),
    ]
    visitor.sign_in(read_user(deployed.root))
    visitor.press("Add account")
    visitor.fill("nickname", "Rent")
    visitor.fill("account_number", "DE01")
    assert visitor.all("input[name=currency]") == []
    visitor.press("Add")
    visitor.see("The currency is missing.")
    visitor.fill("currency", "EUR")
    visitor.press("Add")
    visitor.see("Balance (EUR)")


def test_a_slow_answer_is_excused_and_a_reload_takes_nothing_away(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    api.answers = [Says(200, [RENT, VILLA])]
    visitor.sign_in(read_user(deployed.root))
    visitor.until(lambda: len(visitor.rows()) == 4)
    visitor.all("mat-tree-node.group")[0].click()
    visitor.until(lambda: len(visitor.rows()) == 3)
    visitor.screen.slow_down(4000)
    try:
        visitor.press("Reload")
        visitor.see("A database that was paused needs up to half a minute to wake up.")
        assert len(visitor.rows()) == 3
        assert visitor.keyboard.focused() == "Reload"
        visitor.screen.looks_right("slow")
        visitor.gone("This takes a while.")
    finally:
        visitor.screen.slow_down(0)
    assert len(visitor.rows()) == 3


def test_what_was_shown_stays_below_an_error_and_is_said_to_be_old(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    api.answers = [Says(200, [RENT, VILLA]), Says(500, {"message": "It broke."}), Says(200, [RENT])]
    visitor.sign_in(read_user(deployed.root))
    visitor.until(lambda: len(visitor.rows()) == 4)
    visitor.press("Reload")
    visitor.see("The accounts below are as they were before.")
    assert len(visitor.rows()) == 4
    visitor.press("Try now")
    visitor.until(lambda: len(visitor.rows()) == 3)


@pytest.mark.parametrize(
    ("cors", "sent"),
    [
        ({}, ("PUT", {"nickname": "House", "balance": 12.5, "type": "domestic", "account_number": "DE01"})),
        ({"/accounts/{id}": {"allowMethods": ["PATCH", "PUT"]}}, ("PATCH", {"nickname": "House"})),
    ],
)
def test_an_edit_is_a_patch_where_that_is_allowed(
    visitor: Browser, api: StubApi, deployed: LocalProject, sent: tuple[str, Any]
) -> None:
    api.answers = [Says(200, [RENT])]
    api.replies = [Says(200, {**RENT, "nickname": "House"})]
    visitor.sign_in(read_user(deployed.root))
    visitor.press("Edit Rent")
    visitor.fill("nickname", "House")
    visitor.press("Save")
    visitor.see("House was saved.")
    assert [(each.method, each.body) for each in api.changes] == [sent]


@pytest.mark.parametrize("cors", [{"/accounts": {"allowHeaders": ["Idempotency-Key"]}}])
def test_an_account_whose_answer_was_lost_is_asked_for_again_under_the_same_key(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    api.replies = [WAKING, WAKING, Says(201, VILLA)]
    visitor.sign_in(read_user(deployed.root))
    visitor.press("Add account")
    visitor.fill("nickname", "Vila")
    visitor.fill("account_number", "FR01")
    visitor.press("Add")
    visitor.see("Try again in 3 s.")
    visitor.screen.looks_right("add-asleep")
    visitor.press("Add")
    visitor.until(lambda: len(api.changes) == 2)
    visitor.fill("nickname", "Villa")
    visitor.press("Add")
    visitor.see("Villa was added.")
    first, again, other = (each.key for each in api.changes)
    assert first
    assert first == again != other


def test_all_pages_of_an_api_that_pages_are_read(
    visitor: Browser, api: StubApi, deployed: LocalProject
) -> None:
    api.answers = [
        Says(200, [RENT], {"Link": '</dev/accounts?limit=1&after=1>; rel="next"'}),
        Says(200, [VILLA]),
    ]
    visitor.sign_in(read_user(deployed.root))
    visitor.until(lambda: len(visitor.rows()) == 4)
    assert api.asked == ["/dev/accounts", "/dev/accounts?limit=1&after=1"]
