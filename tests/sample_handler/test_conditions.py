"""The accounts function: ETag, If-Match and If-None-Match."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_handler.handler import RENT, Api, conditions, faults, version

OTHER = version(99)


@pytest.fixture
def api() -> Api:
    api = Api()
    api("POST", body=RENT)
    return api


def change(api: Api, method: str, **headers: str) -> Any:
    body = None if method == "DELETE" else {**RENT, "nickname": "Flat"}
    return api(method, "/accounts/1", body, headers=headers)


def test_every_answer_with_an_account_has_its_etag(api: Api) -> None:
    first = f'"{version(1)}"'
    assert api("GET", "/accounts/1").headers["ETag"] == first
    assert api("PUT", "/accounts/1", RENT).headers["ETag"] == first
    changed = api("PUT", "/accounts/1", {**RENT, "balance": 1}).headers["ETag"]
    assert changed == api("GET", "/accounts/1").headers["ETag"] != first
    assert api("PATCH", "/accounts/1", {"balance": 2}).headers["ETag"] not in (first, changed)
    assert api("POST", body={**RENT, "account_number": "DE02"}).headers["ETag"] != first
    assert "ETag" not in api("GET").headers


@pytest.mark.parametrize("held", ["*", '"{}"', 'W/"{}"', '"x", "{}"', ' , "a,b",W/"{}",', '\t"{}"\t'])
def test_a_version_that_the_client_holds_is_304_without_a_body(api: Api, held: str) -> None:
    answer = api("GET", "/accounts/1", headers={"if-none-match": held.format(version(1))})
    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["ETag"] == f'"{version(1)}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("held", ['"x"', f'"{OTHER}"', 'W/"x"', "", version(1), '"a" "b"'])
def test_any_other_version_is_answered_with_the_account(api: Api, held: str) -> None:
    answer = api("GET", "/accounts/1", headers={"If-None-Match": held})
    assert (answer.status, answer.body) == (200, {"id": 1, **RENT})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("wanted", ["*", '"{}"', '"x", "{}"', '"{}",W/"y"'])
def test_the_version_that_is_wanted_is_changed(api: Api, method: str, wanted: str) -> None:
    assert change(api, method, **{"If-Match": wanted.format(version(1))}).status in (200, 204)
    assert api.data.rows.get(1, {"nickname": "Flat"})["nickname"] == "Flat"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("wanted", [f'"{OTHER}"', f'W/"{version(1)}"', '""', '"x"', f'"{version(1)}_"'])
def test_no_other_version_is_changed(api: Api, method: str, wanted: str) -> None:
    answer = change(api, method, **{"If-Match": wanted})
    assert (answer.status, answer.body["message"]) == (412, "The account has been changed since.")
    assert api.data.rows[1]["nickname"] == "Rent"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("wanted", ["*", f'"{OTHER}"', 'W/"x"'])
def test_an_account_that_is_not_there_is_404_whatever_version_is_wanted(method: str, wanted: str) -> None:
    assert change(Api(), method, **{"If-Match": wanted}).status == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "malformed", ["", ",", version(1), "'x'", '"x', 'w/"x"', '"a" "b"', '*, "x"', '"a b"']
)
def test_an_if_match_that_is_no_list_of_tags_is_refused(api: Api, method: str, malformed: str) -> None:
    answer = change(api, method, **{"If-Match": malformed})
    assert (answer.status, list(faults(answer))) == (400, ["If-Match"])
    assert api.data.rows[1]["nickname"] == "Rent"


def test_a_list_that_came_in_two_lines_is_one_list(api: Api) -> None:
    lines = [f'"{version(1)}"', '"x"']
    event = {"headers": {"If-Match": lines[-1]}, "multiValueHeaders": {"If-Match": lines}}
    assert api("PUT", "/accounts/1", RENT, **event).status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_account_that_goes_while_it_is_changed_is_not_found(api: Api, method: str) -> None:
    """The row was there for the statement's snapshot, and gone when its turn came: neither condition nor change."""
    api.data._change = lambda *_: [{}]  # type: ignore[method-assign]
    api.data._remove = lambda *_: [{}]  # type: ignore[method-assign]
    assert change(api, method).status == 404
    assert change(api, method, **{"If-Match": "*"}).status == 404
    assert change(api, method, **{"If-Match": f'"{version(1)}"'}).status == 412


OPAQUE = st.text(st.characters(exclude_characters='"\x7f', min_codepoint=0x21), max_size=20)
TAGS = st.lists(st.tuples(st.booleans(), OPAQUE), min_size=1, max_size=6)
GAPS = st.text(" \t,", max_size=4)


@given(TAGS, st.data())
def test_a_list_of_tags_is_read_however_it_is_spaced(written: list[tuple[bool, str]], data: Any) -> None:
    text = ",".join(
        f'{data.draw(GAPS)}{"W/" if weak else ""}"{opaque}"{data.draw(st.text(" ", max_size=2))}'
        for weak, opaque in written
    )
    found = conditions.tags(text + data.draw(GAPS))
    assert found is not None
    assert [(tag.weak, tag.opaque) for tag in found] == written


@given(st.text(' ,"W/a\t', max_size=12))
def test_what_is_read_as_a_list_is_one_when_it_is_written_again(text: str) -> None:
    found = conditions.tags(text)
    if found is not None:
        again = ", ".join(f'{"W/" if tag.weak else ""}"{tag.opaque}"' for tag in found)
        assert conditions.tags(again) == found
        assert text.count('"') == 2 * len(found)
