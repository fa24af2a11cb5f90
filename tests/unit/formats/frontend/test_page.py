"""The page's answers and its content security policy, as pure functions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from accountsctl.formats.frontend.page import (
    BuiltPage,
    allows,
    content_security_policy,
    page_address,
)

FILES = {
    "index.html": b'<app-root ngcspnonce=""></app-root><script src="main-ABCDEFGH.js"></script>',
    "main-ABCDEFGH.js": b"let a;",
    "favicon.svg": b"<svg/>",
}
LOCAL = {
    "Auth": {"Cognito": {"userPoolId": "eu-west-1_A", "userPoolEndpoint": "http://127.0.0.1:4566"}},
    "API": {"REST": {"a": {"endpoint": "http://127.0.0.1:4566/_aws/execute-api/x/dev"}}},
}
AWS = {
    "Auth": {"Cognito": {"userPoolId": "eu-west-1_A", "identityPoolId": "cn-north-1:b"}},
    "API": {"REST": {"a": {"endpoint": "https://x.execute-api.eu-west-1.amazonaws.com/dev"}}},
}


def rules(outputs: dict[str, Any]) -> dict[str, str]:
    policy = content_security_policy(outputs, "n")
    return dict(each.split(" ", 1) for each in policy.split("; "))


def test_the_page_may_call_its_own_backend_and_nothing_else() -> None:
    assert rules(LOCAL)["connect-src"] == "'self' http://127.0.0.1:4566"
    assert rules(AWS)["connect-src"].split() == [
        "'self'",
        "https://cognito-identity.cn-north-1.amazonaws.com.cn",
        "https://cognito-idp.eu-west-1.amazonaws.com",
        "https://x.execute-api.eu-west-1.amazonaws.com",
    ]
    assert rules({})["connect-src"] == "'self'"


def test_no_inline_script_and_no_foreign_one_is_allowed() -> None:
    assert (rules(AWS)["default-src"], rules(AWS)["script-src"]) == ("'none'", "'self'")
    assert "unsafe" not in content_security_policy(AWS, "n")


def test_the_index_carries_the_nonce_that_its_policy_names() -> None:
    answer = BuiltPage(FILES, LOCAL).answer("/", "abc")
    assert b'ngcspnonce="abc"' in answer.body
    assert "style-src 'self' 'nonce-abc'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_configuration_is_the_environments_whatever_was_built() -> None:
    answer = BuiltPage({**FILES, "amplify_outputs.json": b"{}"}, LOCAL).answer("/amplify_outputs.json", "n")
    assert json.loads(answer.body) == LOCAL
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [("/main-ABCDEFGH.js", "text/javascript", "immutable"), ("/favicon.svg", "image/svg+xml", "no-cache")],
)
def test_a_file_whose_name_tells_its_content_is_kept(path: str, kind: str, caching: str) -> None:
    answer = BuiltPage(FILES, LOCAL).answer(path, "n")
    assert (answer.status, answer.headers["Content-Type"], answer.compressible) == (200, kind, True)
    assert re.search(caching, answer.headers["Cache-Control"])


@pytest.mark.parametrize("path", ["/../setup.cfg", "/nothing", "//index.html", "/%2e%2e/setup.cfg"])
def test_there_is_nothing_but_the_page(path: str) -> None:
    assert BuiltPage(FILES, LOCAL).answer(path, "n").status == 404


@pytest.mark.parametrize(
    ("allowed", "port", "origin"),
    [
        (["*"], 4200, "http://localhost:4200"),
        (["https://app.example"], 4200, "http://localhost:4200"),
        (["https://app.example", "http://localhost:3000"], 3000, "http://localhost:3000"),
        (["http://127.0.0.1:3000"], 3000, "http://127.0.0.1:3000"),
        (["http://[::1]:3000"], 3000, "http://[::1]:3000"),
        (["http://127.0.0.1:4200", "http://localhost:4200"], 4200, "http://localhost:4200"),
        (["http://localhost"], 80, "http://localhost"),
        (["https://localhost:3000", "http://LOCALHOST:3000", "http://[::1"], 4200, "http://localhost:4200"),
        (["http://localhost:3000", "http://localhost:4200"], 4200, "http://localhost:4200"),
    ],
)
def test_the_page_is_served_at_an_origin_that_the_api_allows(
    allowed: list[str], port: int, origin: str
) -> None:
    address = page_address(allowed)
    assert (address.port, address.origin) == (port, origin)
    assert page_address(allowed, port) == address


def test_a_star_allows_every_origin() -> None:
    assert allows(["*"], "http://localhost:1")
    assert not allows(["http://localhost:2"], "http://localhost:1")
