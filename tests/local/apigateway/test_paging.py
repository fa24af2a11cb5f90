"""Pages of the lists of API Gateway."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, GatewayFault
from accountsctl.localcloud.moto_services.rest_apis.paging import page

ITEMS = [{"id": name} for name in "abcde"]


def listed(items: list[dict[str, str]], **query: str) -> Any:
    model: Any = SimpleNamespace(input_shape=SimpleNamespace(members={"limit": None, "position": None}))
    call = ControlCall(model, {}, {name: [value] for name, value in query.items()}, {}, "eu-west-1")
    return page(call, {"item": items})


def test_a_caller_that_deletes_what_a_page_has_misses_nothing_of_the_next() -> None:
    first = listed(ITEMS, limit="2")
    second = listed(ITEMS[2:], limit="2", position=first["position"])
    third = listed(ITEMS[4:], limit="2", position=second["position"])
    assert [first["item"], second["item"], third] == [ITEMS[:2], ITEMS[2:4], {"item": ITEMS[4:]}]


@pytest.mark.parametrize("text", ["2", "[1]", '["a", "z"]', "nope", '[null, ""]'])
def test_a_position_that_no_page_has_given_is_refused(text: str) -> None:
    with pytest.raises(GatewayFault, match="Invalid position parameter"):
        listed(ITEMS, position=base64.b64encode(text.encode()).decode())


def test_no_page_begins_before_the_first_item() -> None:
    assert listed(ITEMS, position=base64.b64encode(b'[-3, ""]').decode()) == {"item": ITEMS}
