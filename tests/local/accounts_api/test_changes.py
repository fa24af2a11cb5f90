"""Versions of an account: ETag, conditions, PATCH, and writers at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.local.accounts_api.client import AccountsApi, account

pytestmark = pytest.mark.slow

NOWHERE = "/accounts/999999999"
OTHER = '"00000000-0000-4000-8000-000000000000"'


def made(api: AccountsApi, **changes: Any) -> tuple[str, dict[str, Any], str]:
    """A new account: its path, itself, its ETag."""
    response = api.request("POST", "/accounts", account(**changes))
    assert response.status == 201, response.body
    return f"/accounts/{response.json['id']}", response.json, response.etag


def test_every_answer_with_an_account_has_its_etag_and_a_change_gives_another(api: AccountsApi) -> None:
    path, body, etag = made(api)
    assert etag.startswith('"')
    assert api.request("GET", path).etag == etag
    assert api.request("PUT", path, body).etag == etag
    replaced = api.request("PUT", path, {**body, "balance": 13})
    patched = api.request("PATCH", path, {"balance": 14})
    assert len({etag, replaced.etag, patched.etag}) == 3
    assert api.request("GET", path).etag == patched.etag


def test_a_change_that_nobody_made_through_the_api_gives_another_version_too(api: AccountsApi) -> None:
    path, body, etag = made(api)
    (before,) = api.sql(f"select updated_at from accounts where id = {body['id']}")
    api.sql(f"update accounts set balance = balance where id = {body['id']}")
    assert api.request("GET", path).etag == etag
    api.sql(f"update accounts set balance = balance + 1 where id = {body['id']}")
    assert api.request("GET", path).etag != etag
    (after,) = api.sql(f"select updated_at from accounts where id = {body['id']}")
    assert after["updated_at"] > before["updated_at"]


def test_what_the_client_holds_is_not_sent_again(api: AccountsApi) -> None:
    path, body, etag = made(api)
    for held in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        response = api.request("GET", path, headers={"If-None-Match": held})
        assert (response.status, response.body, response.etag) == (304, "", etag)
    api.request("PATCH", path, {"nickname": "Flat"})
    response = api.request("GET", path, headers={"If-None-Match": etag})
    assert (response.status, response.json) == (200, {**body, "nickname": "Flat"})
    assert api.request("GET", NOWHERE, headers={"If-None-Match": "*"}).status == 404


def send(api: AccountsApi, method: str, path: str, if_match: str) -> Any:
    body = None if method == "DELETE" else account(nickname="Flat")
    return api.request(method, path, body, {"If-Match": if_match})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_only_the_version_that_is_wanted_is_changed(api: AccountsApi, method: str) -> None:
    path, body, etag = made(api)
    for wrong in ('"x"', f"W/{etag}", OTHER):
        response = send(api, method, path, wrong)
        assert response.status == 412, wrong
        assert response.json["message"] == "The account has been changed since."
    assert api.request("GET", path).json == body
    assert send(api, method, path, f'"x", {etag}').status in (200, 204)
    assert send(api, method, path, etag).status == (404 if method == "DELETE" else 412)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_any_version_is_a_star_and_needs_an_account(api: AccountsApi, method: str) -> None:
    path, _, _ = made(api)
    assert send(api, method, path, "*").status in (200, 204)
    for wanted in ("*", '"x"', 'W/"x"'):
        assert send(api, method, NOWHERE, wanted).status == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_is_no_list_of_tags_is_refused(api: AccountsApi, method: str) -> None:
    path, body, etag = made(api)
    for malformed in (etag.strip('"'), f"{etag} {etag}", f"*, {etag}", 'w/"x"'):
        response = send(api, method, path, malformed)
        assert (response.status, list(response.faults)) == (400, ["If-Match"]), malformed
    assert api.request("GET", path).json == body


def test_a_patch_changes_what_it_names(api: AccountsApi) -> None:
    path, body, etag = made(api)
    unchanged = api.request("PATCH", path, {})
    assert (unchanged.status, unchanged.json, unchanged.etag) == (200, body, etag)
    for change in (
        {"nickname": "Flat"},
        {"balance": -1},
        {"type": "international"},
        {"account_number": account()["account_number"], "balance": 0.30000000000000004},
        {"id": body["id"]},
    ):
        body = {**body, **change, "balance": round(change.get("balance", body["balance"]), 2)}
        response = api.request("PATCH", path, change, {"Content-Type": "application/merge-patch+json"})
        assert (response.status, response.json) == (200, body)
    assert api.request("GET", path).json == body
    assert api.request("PATCH", NOWHERE, {}).status == 404


def test_a_patch_is_checked_like_a_whole_account(api: AccountsApi) -> None:
    path, body, _ = made(api)
    other = api.create()
    wrong = {"nickname": None, "balance": 1.005, "type": "foreign", "colour": "red", "id": 0}
    response = api.request("PATCH", path, wrong)
    assert response.status == 400
    assert response.faults.keys() == wrong.keys()
    assert response.faults["nickname"] == "cannot be removed"
    assert api.request("PATCH", path, {"account_number": other["account_number"]}).status == 409
    assert api.request("PATCH", path, [1]).status == 400
    assert api.request("GET", path).json == body


def test_a_body_that_is_too_large_is_refused(api: AccountsApi) -> None:
    path, _, _ = made(api)
    for method, where in (("POST", "/accounts"), ("PUT", path), ("PATCH", path)):
        response = api.request(method, where, b" " * 9_999 + b"{}")
        assert (response.status, response.json["message"]) == (413, "The body is too large.")
        assert api.request(method, where, b" " * 9_998 + b"{}").status in (200, 400)


def test_a_browser_may_send_and_see_all_of_this(api: AccountsApi) -> None:
    asked = {
        "Origin": "http://localhost:4200",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,if-match,if-none-match,idempotency-key",
    }
    preflight = api.request("OPTIONS", "/accounts/1", headers=asked)
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower().split(",")
    assert preflight.status == 204
    assert set(asked["Access-Control-Request-Headers"].split(",")) <= set(allowed)
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"].split(",")
    path, _, etag = made(api)
    for response in (api.request("GET", path), api.request("GET", path, headers={"If-None-Match": etag})):
        exposed = set(response.headers["Access-Control-Expose-Headers"].split(","))
        assert {"ETag", "Link", "Location", "Idempotency-Replayed"} <= exposed


def test_of_writers_at_the_same_time_none_loses_what_another_one_wrote(api: AccountsApi) -> None:
    """Eight clients add 1 ten times each, by GET and PUT with If-Match, and try again where they came too late."""
    path, _, _ = made(api, balance=0)

    def add_ten(_: int) -> int:
        done = refused = 0
        while done < 10:
            read = api.request("GET", path)
            changed = {**read.json, "balance": read.json["balance"] + 1}
            status = api.request("PUT", path, changed, {"If-Match": read.etag}).status
            assert status in (200, 412)
            done += status == 200
            refused += status == 412
        return refused

    with ThreadPoolExecutor(8) as clients:
        refused = sum(clients.map(add_ten, range(8)))
    assert api.request("GET", path).json["balance"] == 80
    assert refused > 0, "the clients never met"


def test_patches_of_different_fields_at_the_same_time_are_both_there(api: AccountsApi) -> None:
    path, _, _ = made(api)
    wishes = [{"nickname": f"N{n}"} if n % 2 else {"balance": n} for n in range(16)]
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda wish: api.request("PATCH", path, wish), wishes))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.etag for answer in answers}) == 16
    end = api.request("GET", path).json
    assert end["nickname"] != "Rent"
    assert end["balance"] != 12.5
