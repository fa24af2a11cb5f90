"""POST /accounts: where the new account is, and a request that is sent again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.local.accounts_api.client import AccountsApi, Response, account

pytestmark = pytest.mark.slow


def post(api: AccountsApi, key: str, body: Any) -> Response:
    return api.request("POST", "/accounts", body, {"Idempotency-Key": key})


def told(response: Response) -> tuple[int, str, str, str]:
    """What a client gets that must be the same each time."""
    return response.status, response.body, str(response.headers["Location"]), response.etag


@pytest.mark.parametrize("path", ["/accounts", "/accounts/"])
def test_the_location_leads_to_the_new_account(api: AccountsApi, path: str) -> None:
    made = api.request("POST", path, account())
    place = urljoin(path, made.headers["Location"])
    assert api.request("GET", place).json == made.json


def test_a_request_that_is_sent_again_makes_nothing_and_gets_the_same_answer(empty: AccountsApi) -> None:
    wish = account(nickname=" Rent ", balance=0.30000000000000004)
    first = post(empty, "k", wish)
    path = f"/accounts/{first.json['id']}"
    assert (first.status, first.headers["Idempotency-Replayed"]) == (201, None)
    assert first.json == {**wish, "id": first.json["id"], "nickname": "Rent", "balance": 0.3}
    assert empty.request("GET", path).etag == first.etag
    again = post(empty, "k", {**dict(reversed(wish.items())), "nickname": "Rent", "balance": 0.3})
    assert told(again) == told(first)
    assert again.headers["Idempotency-Replayed"] == "true"
    empty.request("PATCH", path, {"balance": 7})
    assert told(post(empty, "k", wish)) == told(first)
    assert empty.request("GET", path).json["balance"] == 7
    empty.request("DELETE", path)
    assert told(post(empty, "k", wish)) == told(first)
    assert empty.request("GET", "/accounts").json == []


def test_a_key_with_another_account_is_refused(empty: AccountsApi) -> None:
    wish = account()
    post(empty, "k", wish)
    for other in (account(), {**wish, "balance": 12.51}):
        response = post(empty, "k", other)
        assert response.status == 422
        assert response.json["message"] == "This Idempotency-Key was used for another request."
    assert empty.sql("select count(*) as n from accounts") == [{"n": 1}]


def test_a_refused_request_leaves_no_key_behind(empty: AccountsApi) -> None:
    taken = empty.create()["account_number"]
    assert post(empty, "k", account(account_number=taken)).status == 409
    assert post(empty, "k", account(nickname="")).status == 400
    assert empty.sql("select count(*) as n from idempotency_keys") == [{"n": 0}]
    assert post(empty, "k", account()).status == 201


def test_keys_belong_to_the_one_who_is_signed_in(empty: AccountsApi) -> None:
    wish = account()
    post(empty, "k", wish)
    (row,) = empty.sql("select caller, key, digest from idempotency_keys")
    assert (row["key"], len(row["digest"])) == ("k", 64)
    assert len(row["caller"]) == 36, "the user's sub"
    empty.sql("update idempotency_keys set caller = 'another'")
    assert post(empty, "k", wish).status == 409, "not a replay"
    assert post(empty, "k", account()).status == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb", "\u00fc"])
def test_a_key_that_is_none_is_refused(api: AccountsApi, key: str) -> None:
    response = post(api, key, account())
    assert (response.status, list(response.faults)) == (400, ["Idempotency-Key"])


def test_each_new_key_sweeps_up_a_hundred_that_are_older_than_a_day(empty: AccountsApi) -> None:
    wish = account()
    first = post(empty, "mine", wish)
    empty.sql(
        "insert into idempotency_keys (caller, key, digest, account, version, created_at)"
        " select 'x', n::text, '', 1, gen_random_uuid(),"
        " now() - case when n <= 150 then interval '25 hours' else interval '23 hours' end"
        " from generate_series(1, 160) n"
    )
    empty.sql("update idempotency_keys set created_at = now() - interval '26 hours' where key = 'mine'")
    assert told(post(empty, "mine", wish)) == told(first), "its own key is not swept from under a request"
    left = "select count(*) as n from idempotency_keys where caller = 'x'"
    assert empty.sql(left) == [{"n": 60}]
    post(empty, "new", account())
    assert empty.sql(left) == [{"n": 10}]


@pytest.mark.parametrize(
    ("clients", "creations"), [(12, 120), pytest.param(32, 1000, marks=pytest.mark.slow)]
)
def test_creations_of_many_clients_with_one_key_make_one_account(
    empty: AccountsApi, clients: int, creations: int
) -> None:
    wish = account()
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda _: post(empty, "k", wish), range(creations)))
    assert len({told(answer) for answer in answers}) == 1
    assert answers[0].status == 201
    assert sum(answer.headers["Idempotency-Replayed"] is None for answer in answers) == 1
    rows = empty.sql("select id, version from accounts")
    assert [(row["id"], f'"{row["version"]}"') for row in rows] == [(answers[0].json["id"], answers[0].etag)]


def test_of_many_accounts_with_one_number_one_is_made_whatever_their_keys(empty: AccountsApi) -> None:
    wish = account()
    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(lambda n: post(empty, f"k{n % 8}", wish), range(64)))
    assert {answer.status for answer in answers} == {201, 409}
    assert len({told(answer) for answer in answers if answer.status == 201}) == 1
    assert empty.sql("select count(*) as n from accounts") == [{"n": 1}]
    assert empty.sql("select count(*) as n from idempotency_keys") == [{"n": 1}]
