"""An edit: everything that one command changes in a project's files, to happen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Change = Callable[[dict[str, Any]], None]
"""Changes a JSON object in place."""


@dataclass(frozen=True)
class Edit:
    """Paths are relative to the project's root, with ``/``.

    `json` are committed JSON files to change in place, keeping order, indentation and unknown keys; one that
    is not there starts as ``{}``. `files` are written as they are. `folders` are made whole, from the files
    below them; a folder that is there already must hold exactly these. `moves` take a file or folder from
    one place to another that must be free; the special target "" deletes.
    """

    json: Mapping[str, Change] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    folders: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
