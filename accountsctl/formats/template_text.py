"""The values of a template that another tool or a person wrote, whatever its format: what all readers of it share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.model.errors import Fault


@dataclass(frozen=True)
class TemplateText:
    """A template that was read. `lines` are those of the JSON pointers into `value`, from 1.

    `complete` is False if the text could not be read to its end, so that nothing follows from what is missing.
    """

    value: Any  # its readers check the shape themselves, section by section
    lines: Mapping[str, int]
    faults: tuple[Fault, ...]
    complete: bool = True


def unreadable(fault: Fault) -> TemplateText:
    """A text of which nothing could be read."""
    return TemplateText(None, {}, (fault,), complete=False)


def long_form(value: dict[str, Any]) -> dict[str, Any]:
    """``Fn::GetAtt: a.b`` as a list, everything else as it is."""
    target = value.get("Fn::GetAtt")
    if len(value) == 1 and isinstance(target, str):
        return {"Fn::GetAtt": target.split(".", 1)}
    return value
