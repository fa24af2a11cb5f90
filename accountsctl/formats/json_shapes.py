"""The shape of a JSON text, checked part by part, with a fault for each part that has another one."""

from __future__ import annotations

from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.model.errors import Fault

_KINDS = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}


class JsonShapes:
    """A text that was read, and the faults of its shape so far. Paths are those of `Source`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def has_kind(self, value: object, kind: type, path: JsonPath, what: str) -> bool:
        """Whether a value has a kind; a fault that begins with `what` if it has another one."""
        if isinstance(value, kind):
            return True
        self.add(path, f"{what} must be {_KINDS[kind]}, not {_KINDS.get(type(value), 'null')}.")
        return False

    def add(self, path: JsonPath, what: str, hint: str = "") -> None:
        """Note a fault at a part of the text."""
        self.faults.append(self.source.fault(path, what, hint))
