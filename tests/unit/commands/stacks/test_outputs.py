"""What commands read from the outputs of a deployed environment."""

from __future__ import annotations

from accountsctl.commands.stacks.outputs import function_names, root_urls

OUTPUTS = {
    "api/shop": {"RootUrl": "https://x/dev", "ApiId": "x"},
    "function/shop": {"Name": "shop-dev"},
    "function/other": {"Arn": "arn:other"},
    "rds/db": {"Name": "not-a-function"},
}


def test_functions_are_known_by_their_deployed_names() -> None:
    assert function_names(OUTPUTS) == {"function/shop": "shop-dev"}


def test_apis_are_known_by_their_urls() -> None:
    assert root_urls(OUTPUTS) == {"api/shop": "https://x/dev"}
