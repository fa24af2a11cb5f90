"""An output that is named without its resource is answered with both."""

from __future__ import annotations

import pytest

from accountsctl.commands.stacks.outputs import named_resource
from accountsctl.model.errors import UsageError

OUTPUTS = {"api/web": {"RootUrl": "u", "ApiId": "i"}, "function/web": {"Name": "n"}, "rds/db": {"Arn": "a"}}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("RootUrl", 'Did you mean "api/web RootUrl"?'),
        ("rooturi", 'Did you mean "api/web RootUrl"?'),
        ("rds/bd", 'Did you mean "rds/db"?'),
        ("web", "Name one of these."),
        ("zzz", "Name one of these."),
    ],
)
def test_what_is_meant_is_suggested(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        named_resource(OUTPUTS, text)
    assert refused.value.hint == hint


@pytest.mark.parametrize("text", ["rds/db", "db"])
def test_a_resource_is_found_by_its_bare_name_too(text: str) -> None:
    assert named_resource(OUTPUTS, text) == "rds/db"
