"""A command's result has two renderings: text for people, and JSON whose keys are a contract.

Each kind of result registers both, side by side, in a module of `ui.results`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

from accountsctl.ui.screen import Screen

JsonObject = dict[str, object]


@singledispatch
def to_json(result: object) -> object:
    """A command's result as a JSON value."""
    raise TypeError(f"{type(result).__name__} has no JSON")


@singledispatch
def to_text(result: object, _screen: Screen) -> None:
    """Show a command's result to a person."""
    raise TypeError(f"{type(result).__name__} has no text")


@dataclass(frozen=True)
class FormattedText:
    """A result that is a text already, in a format that was chosen (CSV, OpenAPI, SARIF).

    `texts` are written as they come, so a large one need not be in memory; `live` ones reach their reader at once.
    With ``--json`` a text that is not valid JSON becomes ``{"text": ...}``; not where it `is_value`, so that each line
    has its own. `messages` follow on stderr.
    """

    texts: Iterable[str] = ()
    messages: tuple[str, ...] = ()
    exit_code: int = 0
    live: bool = False
    is_value: bool = False
