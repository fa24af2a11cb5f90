"""The accounts function: the fields that a client sends."""

from __future__ import annotations

import base64
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_handler.handler import RENT, Api, faults


@pytest.fixture
def api() -> Api:
    return Api()


def test_every_fault_is_named_at_once(api: Api) -> None:
    answer = api("POST", body={"nickname": " ", "balance": "12", "type": "foreign", "colour": 1, "id": 3})
    assert answer.status == 400
    assert faults(answer) == {
        "nickname": "must not be empty",
        "balance": "must be a number",
        "type": "must be one of: domestic, international",
        "account_number": "is missing",
        "colour": "is not a field of an account",
        "id": "cannot be set: the server gives it",
    }
    assert api.data.requests == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nickname", 5),
        ("nickname", None),
        ("nickname", "a" * 101),
        ("nickname", "a\u0000b"),
        ("nickname", "\ud800"),
        ("account_number", ["DE"]),
        ("account_number", "1" * 35),
        ("balance", True),
        ("balance", None),
        ("balance", 1.005),
        ("balance", 10**13),
        ("balance", -(10**13)),
        ("balance", 10**400),
        ("type", []),
        ("type", "Domestic"),
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_name(api: Api, field: str, value: Any) -> None:
    answer = api("POST", body={**RENT, field: value})
    assert (answer.status, list(faults(answer))) == (400, [field])


@pytest.mark.parametrize(
    "number",
    ["1e99", "1e99999999999999999999", "1E+13", "-1e400", "0.001", "1.0050000000000001", "9999999999999.999"],
)
def test_a_number_that_no_column_holds_is_refused(api: Api, number: str) -> None:
    body = json.dumps(RENT).replace("12.5", number)
    assert list(faults(api("POST", body=body))) == ["balance"]


@pytest.mark.parametrize("body", [None, "", "{", "NaN", '{"balance": NaN}', "[]", "3", '"x"', "[" * 9_999])
def test_a_body_that_is_no_json_object_is_refused(api: Api, body: str | None) -> None:
    answer = api("POST", body=body)
    assert answer.status == 400
    assert list(faults(answer)) == [""]


@pytest.mark.parametrize(
    ("number", "taken"),
    [
        ("0.30000000000000004", 0.3),
        ("-0.30000000000000004", -0.3),
        ("1234567890123.1201", 1234567890123.12),
        ("1234567890123.125", 1234567890123.13),  # (1234567890123.125).toPrecision(15) in JavaScript
        ("12.50", 12.5),
        ("1E+3", 1000),
        ("-0.00", 0),
        ("1e-9999999999999999999", 0),
    ],
)
def test_a_balance_is_taken_at_the_digits_that_a_double_keeps(api: Api, number: str, taken: float) -> None:
    answer = api("POST", body=json.dumps(RENT).replace("12.5", number))
    assert (answer.status, answer.body["balance"]) == (201, taken)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 2))
def test_a_balance_is_what_javascript_would_make_of_it(cents: int, ulps: int) -> None:
    """A double that is some steps beside an amount is the amount, where 15 digits cannot tell them apart."""
    near = cents / 100
    for _ in range(ulps):
        near = math.nextafter(near, math.inf)
    to_precision_15 = f"{near:.15g}"
    whole = Decimal(to_precision_15) == round(Decimal(to_precision_15), 2)
    answer = Api()("POST", body=json.dumps({**RENT, "balance": near}))
    assert answer.status == (201 if whole and abs(Decimal(to_precision_15)) < 10**13 else 400)
    if answer.status == 201:
        assert answer.body["balance"] == float(to_precision_15)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("is_base64", [False, True])
def test_a_body_of_ten_thousand_bytes_is_read_and_a_longer_one_is_not(
    api: Api, method: str, is_base64: bool
) -> None:
    api("POST", body=RENT)
    text = json.dumps({**RENT, "nickname": "B\u00fccher", "account_number": "DE02"}, ensure_ascii=False)
    path = "/accounts" if method == "POST" else "/accounts/1"
    for size, fits in ((10_000, True), (10_001, False)):
        raw = text.encode().ljust(size)
        body = base64.b64encode(raw).decode() if is_base64 else raw.decode()
        answer = api(method, path, body, isBase64Encoded=is_base64)
        assert (answer.status in (200, 201)) is fits
        if not fits:
            assert (answer.status, answer.body["message"]) == (413, "The body is too large.")


def test_a_field_given_twice_is_refused(api: Api) -> None:
    answer = api("POST", body=json.dumps(RENT).replace("{", '{"nickname": "A", ', 1))
    assert faults(answer) == {"nickname": "is given twice"}


def test_a_base64_body_is_read_and_a_broken_one_refused(api: Api) -> None:
    encoded = base64.b64encode(json.dumps({**RENT, "nickname": "Bücher"}).encode()).decode()
    assert api("POST", body=encoded, isBase64Encoded=True).body["nickname"] == "Bücher"
    assert api("POST", body="%%%", isBase64Encoded=True).status == 400
    assert api("POST", body=base64.b64encode(b"\xff").decode(), isBase64Encoded=True).status == 400


@given(st.decimals(min_value="-9999999999999.99", max_value="9999999999999.99", places=2))
def test_every_balance_comes_back_digit_by_digit(balance: Decimal) -> None:
    api = Api()
    added = api("POST", body=json.dumps(RENT).replace("12.5", f"{balance:f}"))
    assert Decimal(json.loads(added.text, parse_float=str, parse_int=str)["balance"]) == balance


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({}, {}),
        ({"nickname": "Flat"}, {"nickname": "Flat"}),
        ({"balance": -3, "type": "international"}, {"balance": -3, "type": "international"}),
        ({"id": 1, "account_number": " DE02 "}, {"account_number": "DE02"}),
        (RENT, {}),
    ],
)
def test_a_patch_changes_the_fields_that_it_names(api: Api, change: Any, result: Any) -> None:
    before = api("POST", body=RENT)
    answer = api("PATCH", "/accounts/1", change)
    assert (answer.status, answer.body) == (200, {"id": 1, **RENT, **result})
    assert api("GET", "/accounts/1").body == answer.body
    assert (answer.headers["ETag"] == before.headers["ETag"]) is (result == {})


def test_a_patch_names_every_fault_at_once(api: Api) -> None:
    body = '{"nickname": null, "balance": "1", "type": null, "type": "domestic", "colour": null, "id": 2}'
    answer = api("PATCH", "/accounts/1", body)
    assert answer.status == 400
    assert faults(answer) == {
        "type": "is given twice",
        "nickname": "cannot be removed",
        "balance": "must be a number",
        "colour": "is not a field of an account",
        "id": "cannot be set: the server gives it",
    }
    assert api.data.requests == []


def test_a_patch_that_takes_another_accounts_number_is_a_conflict(api: Api) -> None:
    api("POST", body=RENT)
    api("POST", body={**RENT, "account_number": "DE02"})
    assert api("PATCH", "/accounts/2", {"account_number": "DE01"}).status == 409


FIELDS = {
    "nickname": st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=100),
    "balance": st.integers(-(10**13) + 1, 10**13 - 1),
    "type": st.sampled_from(["domestic", "international"]),
    "account_number": st.text("ABC0123456789", min_size=1, max_size=34),
}
PATCHES = st.fixed_dictionaries({}, optional=FIELDS)


@given(st.lists(PATCHES, max_size=4))
def test_patches_come_to_what_merging_them_comes_to(patches: list[dict[str, Any]]) -> None:
    api = Api()
    merged = api("POST", body=RENT).body
    for patch in patches:
        merged = {**merged, **patch}
        assert api("PATCH", "/accounts/1", patch).body == merged
