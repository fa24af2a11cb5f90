"""API Gateway's HTTP methods, in the spelling of OpenAPI."""

from __future__ import annotations

import pytest

from accountsctl.model.http_methods import CALLABLE, METHODS, openapi_method


@pytest.mark.parametrize(
    ("key", "method"),
    [
        ("get", "GET"),
        ("options", "OPTIONS"),
        ("x-amazon-apigateway-any-method", "ANY"),
        ("GET", None),
        ("trace", None),
        ("parameters", None),
        ("summary", None),
        ("any", None),
    ],
)
def test_a_key_of_a_path_item_is_a_method_or_means_something_else(key: str, method: str | None) -> None:
    assert openapi_method(key) == method


def test_clients_call_every_method_but_the_preflights() -> None:
    assert sorted(METHODS) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    assert set(METHODS) - set(CALLABLE) == {"OPTIONS"}
