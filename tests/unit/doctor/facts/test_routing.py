"""Which route takes a path: the same as comparing all of them, whatever their number."""

from __future__ import annotations

import pytest

from accountsctl.doctor.facts.routing import RouteTable

ROUTES = ("/", "/items", "/items/{id}", "/items/new", "/items/{id}/parts", "/{proxy+}", "/files/{path+}")


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/items", "/items"),
        ("/items/new", "/items/new"),
        ("/items/7", "/items/{id}"),
        ("/items/new/parts", "/items/{id}/parts"),
        ("/items/7/other", "/{proxy+}"),
        ("/files", "/{proxy+}"),
        ("/files/a/b", "/files/{path+}"),
        ("/items/", "/{proxy+}"),
    ],
)
def test_literal_parts_go_before_variables_and_those_before_greedy_ones(path: str, route: str) -> None:
    assert RouteTable(ROUTES).find(path) == route


def test_a_rest_api_leaves_out_a_slash_at_the_end_of_a_path() -> None:
    assert RouteTable(ROUTES, strict=False).find("/items/") == "/items"
    assert RouteTable(ROUTES, strict=False).find("/items/7/") == "/items/{id}"


def test_without_a_greedy_route_a_path_may_have_none() -> None:
    assert RouteTable(("/items", "/{proxy+}")).find("/") is None
    assert RouteTable(("/items",)).find("/items/") is None
    assert RouteTable(()).find("/") is None
