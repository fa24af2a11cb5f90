"""GET /accounts: filter, order, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.local.accounts_api.client import AccountsApi

pytestmark = pytest.mark.slow

ORDERS = [sign + column for column in ("id", "nickname", "balance", "account_number") for sign in ("", "-")]
AWKWARD = ["Rent", "rent", "Änne", "A+B & C/d?e=f%20#", " x:y ", "日本", "🏦 = “bank”", "Zoë", "it's"]


def ids(accounts: list[dict[str, Any]]) -> list[int]:
    return [each["id"] for each in accounts]


def fill(api: AccountsApi, count: int, nickname: str = "'N' || n % 4", balance: str = "n % 3 - 1.25") -> None:
    """Accounts with many ties in nickname and balance. The ids do not follow the account numbers."""
    api.sql(
        "insert into accounts (nickname, balance, type, account_number)"
        f" select {nickname}, {balance}, case n % 2 when 0 then 'domestic' else 'international' end,"
        f" md5(n::text) from generate_series(1, {count}) n"
    )


def ordered(api: AccountsApi, order: str) -> list[int]:
    """What PostgreSQL says itself."""
    column, direction = order.removeprefix("-"), "desc" if order.startswith("-") else "asc"
    return ids(api.sql(f"select id from accounts order by {column} {direction}, id {direction}"))


def test_an_empty_table_is_an_empty_array_without_a_link(empty: AccountsApi) -> None:
    response = empty.request("GET", "/accounts")
    assert (response.status, response.body, response.headers["Link"]) == (200, "[]", None)


def test_a_type_is_filtered_by(empty: AccountsApi) -> None:
    fill(empty, 5)
    for kind, expected in (("domestic", [2, 4]), ("international", [1, 3, 5])):
        found = empty.request("GET", f"/accounts?type={kind}").json
        assert ids(found) == expected
        assert {each["type"] for each in found} == {kind}


def test_every_order_goes_both_ways_with_ties_broken_by_the_id_and_pages_are_its_pieces(
    empty: AccountsApi,
) -> None:
    fill(empty, 20)
    for nickname in AWKWARD:
        empty.create(nickname=nickname)
    for order in ORDERS:
        expected = ordered(empty, order)
        assert ids(empty.request("GET", f"/accounts?order={order}").json) == expected, order
        assert ids(empty.walk(f"?order={order}&limit=3")) == expected, order


def test_pages_of_one_type_in_an_order(empty: AccountsApi) -> None:
    fill(empty, 20)
    whole = empty.request("GET", "/accounts?order=-balance&type=domestic").json
    assert empty.walk("?type=domestic&order=-balance&limit=3") == whole
    assert len(whole) == 10


def test_a_walk_meets_every_account_once_while_others_come_and_go(empty: AccountsApi) -> None:
    """The last account of each page goes, one behind it goes, and others come on both sides of it."""
    fill(empty, 60)
    there = set(ordered(empty, "nickname"))
    for order in ("id", "nickname", "-balance"):
        seen: list[int] = []
        gone: set[int] = set()
        for page in empty.pages(f"?order={order}&limit=7"):
            seen += ids(page)
            ahead = sorted(there - set(seen) - gone)
            for each in {page[-1]["id"], *ahead[:1]}:
                assert empty.request("DELETE", f"/accounts/{each}").status == 204
                gone.add(each)
            empty.create(nickname="A", balance=-1000)
            empty.create(nickname="N2", balance=1000)
        assert len(seen) == len(set(seen)), order
        assert there - gone <= set(seen), order
        there = set(ordered(empty, "id"))


def test_a_walk_goes_on_over_rows_that_nobody_wrote_through_the_api(empty: AccountsApi) -> None:
    fill(empty, 6, nickname="(array['', E'line\\nbreak', E'\\u0001', repeat('🏦', 100), ' ', '\\'])[n]")
    for order in ("nickname", "-nickname"):
        assert ids(empty.walk(f"?order={order}&limit=1")) == ordered(empty, order)


def test_a_thousand_of_the_longest_accounts_are_a_page_and_the_link_leads_to_the_rest(
    empty: AccountsApi,
) -> None:
    empty.sql(
        "insert into accounts (nickname, balance, type, account_number) select repeat('🏦', 100),"
        " -9999999999999.99, 'international', repeat('💶', 30) || n from generate_series(1001, 2001) n"
    )
    first, second = empty.pages()
    assert (len(first), len(second)) == (1000, 1)
    assert ids(empty.walk("?order=nickname")) == list(range(1, 1002))


def test_a_link_names_what_was_named_and_is_right_below_any_path(empty: AccountsApi) -> None:
    fill(empty, 3)
    link = empty.request("GET", "/accounts?limit=1").headers["Link"]
    assert link == '<?limit=1&after=id%3A1>; rel="next"'
    again = empty.request("GET", "/accounts/?limit=1&order=-id&after=id:1")
    assert ids(again.json) == [2]
    assert again.headers["Link"].startswith("<?")


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?colour=red", {"colour"}),
        ("?type=foreign&order=size&limit=0&after=17", {"type", "order", "limit", "after"}),
        ("?limit=1001", {"limit"}),
        ("?limit=1&limit=1", {"limit"}),
        ("?type=&order=&limit=&after=", {"type", "order", "limit", "after"}),
        ("?after=balance:1:1e5", {"after"}),
        ("?after=" + quote("id:1 or 1=1"), {"after"}),
        ("?Type=domestic", {"Type"}),
    ],
)
def test_what_a_query_may_not_say_is_refused_by_name(api: AccountsApi, query: str, faults: set[str]) -> None:
    response = api.request("GET", f"/accounts{query}")
    assert response.status == 400
    assert response.faults.keys() == faults


def test_a_parameter_given_twice_says_so(api: AccountsApi) -> None:
    assert api.request("GET", "/accounts?limit=1&limit=2").faults == {"limit": "is given twice"}


def test_a_list_shows_exactly_what_the_account_itself_does(empty: AccountsApi) -> None:
    made = empty.create(balance=0.1)
    assert empty.request("GET", "/accounts").json == [made]
    assert empty.request("GET", f"/accounts/{made['id']}?colour=red").json == made
    assert made.keys() == {"id", "nickname", "balance", "type", "account_number"}
