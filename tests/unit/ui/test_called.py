"""A response on a terminal is easy to read, in a pipe it is what came, and as JSON its parts are values."""

from __future__ import annotations

import io
import json

import pytest

from accountsctl.ports.http import HttpAnswer
from accountsctl.ui.rendering import to_json, to_text
from accountsctl.ui.results.users import Called
from accountsctl.ui.screen import Screen

BODY = '{"a":[1,{"b":"\u00e9"}]}'


class TerminalOutput(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def answer(body: str = BODY) -> HttpAnswer:
    headers = (("Content-Type", "application/json"), ("Vary", "a"), ("vary", "b"))
    return HttpAnswer(status=200, reason="OK", headers=headers, body=body)


def shown(out: io.StringIO, called: Called) -> str:
    to_text(called, Screen(out, io.StringIO()))
    return out.getvalue()


def test_json_is_indented_on_a_terminal_only() -> None:
    assert (
        shown(TerminalOutput(), Called(answer(), include=False))
        == json.dumps(json.loads(BODY), indent=2, ensure_ascii=False) + "\n"
    )
    assert shown(io.StringIO(), Called(answer(), include=False)) == BODY + "\n"


def test_with_the_head_the_body_is_what_came() -> None:
    assert shown(TerminalOutput(), Called(answer(), include=True)).endswith(f"\n{BODY}\n")


@pytest.mark.parametrize(
    ("body", "value"), [(BODY, json.loads(BODY)), ("plain", "plain"), ("", ""), ("null", "null")]
)
def test_as_json_the_body_is_a_value_and_headers_are_an_object(body: str, value: object) -> None:
    assert to_json(Called(answer(body), include=False)) == {
        "status": 200,
        "headers": {"content-type": "application/json", "vary": "a, b"},
        "body": value,
    }
