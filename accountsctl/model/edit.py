"""An edit: everything that one command changes in a project's files, applied completely or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]
"""The content of a project's JSON file, with the keys that Amplify and this tool define."""
Change = Callable[[JsonObject], None]
"""Changes a JSON object in place."""


@dataclass(frozen=True)
class Edit:
    """Paths are relative to the project's root, with ``/``.

    `json` are committed JSON files to change in place, keeping order, indentation and unknown keys; one that
    does not exist starts as ``{}``. `files` are written as they are. `folders` are created with all their
    files; a folder that exists already must contain exactly these. `moves` take a file or folder to a path
    that must not exist; the special target "" deletes it.
    """

    json: Mapping[str, Change] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    folders: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
