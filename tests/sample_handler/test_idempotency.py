"""The accounts function: POST with an Idempotency-Key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_handler.handler import RENT, Api, faults


@pytest.fixture
def api() -> Api:
    return Api()


def post(api: Api, key: str, body: Any = RENT, sub: str | None = "ann", **event: Any) -> Any:
    claims = {"authorizer": {"claims": {"sub": sub}}} if sub else {}
    context = {"path": "/dev/accounts", **claims}
    return api("POST", body=body, headers={"idempotency-key": key}, requestContext=context, **event)


def test_a_repeated_request_gets_the_same_answer_and_makes_nothing(api: Api) -> None:
    first = post(api, "k")
    again = post(api, "k")
    assert (first.status, first.body) == (201, {"id": 1, **RENT})
    assert (again.status, again.text) == (first.status, first.text)
    assert {**again.headers, "Idempotency-Replayed": None} == {**first.headers, "Idempotency-Replayed": None}
    assert first.headers["Location"] == "accounts/1"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.data.rows) == 1
    assert len(api.data.requests) == 2


def test_it_does_so_also_when_the_account_is_another_one_since_or_none(api: Api) -> None:
    first = post(api, "k")
    api("PATCH", "/accounts/1", {"balance": 0})
    assert post(api, "k").text == first.text
    api("DELETE", "/accounts/1")
    again = post(api, "k")
    assert (again.status, again.text, again.headers["ETag"]) == (201, first.text, first.headers["ETag"])
    assert api("GET").body == []


def test_the_same_account_written_otherwise_is_the_same_request(api: Api) -> None:
    first = post(api, "k")
    turned = dict(reversed(RENT.items()))
    body = json.dumps({**turned, "nickname": " Rent "}, indent=1).replace("12.5", "1250e-2")
    assert post(api, "k", body).text == first.text


@pytest.mark.parametrize(
    "other", [{"nickname": "rent"}, {"balance": 12.51}, {"type": "international"}, {"account_number": "DE02"}]
)
def test_a_key_with_another_account_is_refused(api: Api, other: dict[str, Any]) -> None:
    post(api, "k")
    answer = post(api, "k", {**RENT, **other})
    assert answer.status == 422
    assert answer.body["message"] == "This Idempotency-Key was used for another request."
    assert len(api.data.rows) == 1


def test_another_callers_key_is_another_key(api: Api) -> None:
    assert [
        post(api, "k", {**RENT, "account_number": str(sub)}, sub).body["id"] for sub in ("ann", "bob", None)
    ] == [1, 2, 3]
    assert [caller for caller, _ in api.data.keys] == ["ann", "bob", ""]


def test_a_key_that_made_nothing_can_be_used_again(api: Api) -> None:
    api("POST", body=RENT)
    assert post(api, "k").status == 409
    assert post(api, "k", {**RENT, "account_number": "DE02"}).status == 201


@pytest.mark.parametrize("key", ["", " ", " k", "k ", "k" * 256, "a\tb", "\u00fc", "a\x7f"])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    answer = post(api, key)
    assert (answer.status, list(faults(answer))) == (400, ["Idempotency-Key"])
    assert api.data.requests == []


@pytest.mark.parametrize("key", ["k", "k" * 255, "a b", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "~!"])
def test_any_printable_key_is_taken(api: Api, key: str) -> None:
    assert post(api, key).status == 201


def test_neither_key_nor_caller_is_logged(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    post(api, "secret-key", sub="secret-sub")
    assert "secret" not in capsys.readouterr().out


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.text(st.characters(categories=["L"]), min_size=1))
def test_the_answer_is_the_account_as_it_is_read_afterwards(cents: int, nickname: str) -> None:
    """It is made from what was sent, since the row may be another one when the request comes again."""
    api = Api()
    answer = post(api, "k", {**RENT, "nickname": nickname[:100], "balance": cents / 100})
    assert answer.status == 201
    assert answer.text == api("GET", "/accounts/1").text
