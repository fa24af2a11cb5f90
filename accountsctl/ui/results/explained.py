"""The result of `explain`."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.formats.template_head import ParameterKey
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class ExplainedKeys:
    """Keys of a kind's parameters.json."""

    kind: str
    keys: tuple[ParameterKey, ...]


@to_text.register
def explained_text(result: ExplainedKeys, screen: Screen) -> None:
    """A table of the keys."""
    screen.table(("key", "meaning"), [(key.name, " ".join(key.meaning)) for key in result.keys])


@to_json.register
def explained_json(result: ExplainedKeys) -> JsonObject:
    """The keys with their meanings."""
    return {key.name: " ".join(key.meaning) for key in result.keys}
