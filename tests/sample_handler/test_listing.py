"""The accounts function: filter, order and pages of GET /accounts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_handler.handler import RENT, Api, FakeRdsData, faults

ORDERS = [sign + column for column in ("id", "nickname", "balance", "account_number") for sign in ("", "-")]
# What OpenAPI publishes of `after`; each text that matches is taken.
N = "[1-9][0-9]{0,17}"
AFTER = re.compile(
    rf"-?(id:{N}|balance:{N}:-?[0-9]{{1,13}}\.[0-9]{{2}}"
    rf"|(nickname|account_number):{N}:[^\u0000-\u001f\u007f-\u009f]{{1,100}})"
)


def filled(*rows: tuple[str, str, str]) -> Api:
    """An API with an account for each (nickname, balance, type)."""
    return Api(
        FakeRdsData(
            {
                number: {
                    "id": number,
                    "nickname": name,
                    "balance": balance,
                    "type": kind,
                    "account_number": name,
                }
                for number, (name, balance, kind) in enumerate(rows, 1)
            }
        )
    )


def ask(api: Api, **query: str) -> Any:
    return api("GET", queryStringParameters=query or None)


def following(answer: Any) -> dict[str, str] | None:
    """The query of the next page, as a client reads it from the Link."""
    link = answer.headers.get("Link")
    if link is None:
        return None
    found = re.fullmatch(r'<\?([A-Za-z0-9._~%=&-]+)>; rel="next"', link)
    assert found is not None, link
    return dict(parse_qsl(found[1], strict_parsing=True, keep_blank_values=True))


def walk(api: Api, **query: str) -> list[int]:
    """The ids on all pages, from link to link."""
    ids: list[int] = []
    more: dict[str, str] | None = query
    while more is not None:
        answer = ask(api, **more)
        ids += [row["id"] for row in answer.body]
        more = following(answer)
    return ids


def test_without_parameters_a_thousand_accounts_are_the_first_page() -> None:
    api = filled(*((f"n{n}", "1.00", "domestic") for n in range(1, 2502)))
    first = ask(api)
    assert [row["id"] for row in first.body] == list(range(1, 1001))
    assert first.headers["Link"] == '<?after=id%3A1000>; rel="next"'
    assert walk(api) == list(range(1, 2502))


def test_every_page_is_one_statement() -> None:
    api = filled(*((f"n{n}", "1.00", "domestic") for n in range(9)))
    ask(api, limit="3")
    assert len(api.data.requests) == 1


@pytest.mark.parametrize("limit", ["1", "2", "3", "7", "8"])
@pytest.mark.parametrize("order", ORDERS)
def test_pages_are_the_whole_list_cut_in_pieces(order: str, limit: str) -> None:
    api = filled(
        ("B", "1.00", "domestic"),
        ("A", "-10.50", "domestic"),
        ("B", "9.00", "international"),
        ("A & ü/?#+%", "1.00", "domestic"),
        ("B", "1.00", "domestic"),
        (" x:y ", "100.00", "international"),
        ("B", "9.00", "domestic"),
    )
    rows = ask(api, order=order).body
    column = order.removeprefix("-")
    expected = sorted(rows, key=lambda row: (row[column], row["id"]), reverse=order.startswith("-"))
    assert rows == expected
    assert walk(api, order=order, limit=limit) == [row["id"] for row in expected]
    assert walk(api, order=order, limit=limit, type="domestic") == [
        row["id"] for row in expected if row["type"] == "domestic"
    ]


def test_the_link_repeats_what_the_request_named_and_nothing_else() -> None:
    api = filled(*[("N", "1.00", "domestic")] * 3)
    assert following(ask(api, limit="1")) == {"limit": "1", "after": "id:1"}
    asked = {"type": "domestic", "order": "-balance", "limit": "2"}
    assert following(ask(api, **asked)) == {**asked, "after": "-balance:2:1.00"}
    assert following(ask(api, limit="1", after="nickname:1:N")) == {"limit": "1", "after": "nickname:2:N"}
    assert following(ask(api, limit="3")) is None


def test_after_decides_the_order_and_the_one_beside_it_is_not_looked_at() -> None:
    api = filled(("A", "1.00", "domestic"), ("B", "2.00", "domestic"), ("C", "3.00", "domestic"))
    answer = ask(api, after="-balance:3:3.00", order="nickname")
    assert [row["id"] for row in answer.body] == [2, 1]
    assert faults(ask(api, after="-balance:3:3.00", order="size")).keys() == {"order"}


@pytest.mark.parametrize("missing", [None, {}])
def test_an_event_without_one_of_its_two_queries_is_read_by_the_other(missing: Any) -> None:
    api = filled(("A", "1.00", "domestic"), ("B", "2.00", "international"))
    for query in (
        {"queryStringParameters": {"type": "international"}, "multiValueQueryStringParameters": missing},
        {"queryStringParameters": missing, "multiValueQueryStringParameters": {"type": ["international"]}},
    ):
        assert [row["id"] for row in api("GET", **query).body] == [2]
    assert len(api("GET", queryStringParameters=missing, multiValueQueryStringParameters=missing).body) == 2


def test_every_fault_of_a_query_is_named_at_once() -> None:
    api = Api()
    answer = api(
        "GET",
        multiValueQueryStringParameters={
            "type": ["foreign"],
            "order": ["id", "id"],
            "limit": ["0"],
            "after": ["17"],
            "Größe": ["1", "2"],
        },
    )
    assert answer.status == 400
    assert faults(answer) == {
        "type": "must be one of: domestic, international",
        "order": "is given twice",
        "limit": "must be a whole number from 1 to 1000",
        "after": "must be what the Link of a page says",
        "Gr\\xf6\\xdfe": "is not a parameter of this request",
    }
    assert api.data.requests == []


@pytest.mark.parametrize("limit", ["", "0", "-1", "1001", "1.0", "1e2", "01", "9" * 30, "\u0661", " 1"])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    assert faults(ask(Api(), limit=limit)).keys() == {"limit"}


@pytest.mark.parametrize(
    "after",
    [
        "",
        "id:0",
        "id:1:",
        "id:9223372036854775808",
        "balance:1",
        "balance:1:1",
        "balance:1:1.0",
        "balance:1:NaN",
        "balance:1:12345678901234.00",
        "nickname:1",
        "nickname:1:\x00",
        f"nickname:1:{'x' * 101}",
        "type:1:domestic",
        "id:1\n",
        "--id:1",
    ],
)
def test_a_place_that_is_none_is_refused(after: str) -> None:
    assert faults(ask(Api(), after=after)).keys() == {"after"}


@given(st.from_regex(AFTER, fullmatch=True))
def test_whatever_the_published_pattern_allows_is_taken(after: str) -> None:
    assert ask(Api(), after=after).status == 200


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=100)


@given(st.sampled_from(ORDERS), st.integers(1, 10**18 - 2), NAMES, st.decimals(-1000, 1000, places=2))
def test_the_place_in_a_link_leads_back_to_the_row_that_it_was_made_of(
    order: str, number: int, name: str, balance: Any
) -> None:
    """Of any row, also one with a line break or nothing in its nickname: not everybody writes through the API."""
    row = {**RENT, "id": number, "nickname": name, "account_number": name, "balance": f"{balance:.2f}"}
    second = {**row, "id": number + 1}
    api = Api(FakeRdsData({number: row, number + 1: second}))
    assert len(walk(api, order=order, limit="1")) == 2
    parameters = {each["name"]: each["value"] for each in api.data.requests[-1]["parameters"]}
    first = number + 1 if order.startswith("-") else number
    assert parameters["id"] == {"longValue": first}
    if order.removeprefix("-") != "id":
        assert parameters["value"] == {"stringValue": row[order.removeprefix("-")]}


def test_the_other_methods_ignore_a_query() -> None:
    api = Api()
    assert api("POST", body=RENT, queryStringParameters={"colour": "red"}).status == 201
    assert api("GET", "/accounts/1", queryStringParameters={"limit": "0"}).status == 200
