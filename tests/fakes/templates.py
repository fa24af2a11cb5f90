"""Templates in memory: the fake of `ports.templates.Templates`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.model.edit import Change


class FakeTemplates:
    """Holds the package's templates by path; changes YAML that is flat: comments, and ``key: scalar`` lines."""

    def __init__(self, originals: Mapping[str, str]) -> None:
        self._originals = dict(originals)

    def original(self, path: str) -> str | None:
        return self._originals.get(path)

    def rewritten(self, text: str, change: Change) -> str:
        lines = text.splitlines()
        members = [line.split(": ", 1) for line in lines if not line.startswith("#")]
        value: dict[str, Any] = {key: json.loads(scalar) for key, scalar in members}
        change(value)
        kept = [line for line in lines if line.startswith("#") or line.split(": ", 1)[0] in value]
        written = [
            line if line.startswith("#") else self._member(line.split(": ", 1)[0], value) for line in kept
        ]
        old = {key for key, _ in members}
        return "\n".join([*written, *(self._member(key, value) for key in value if key not in old), ""])

    @staticmethod
    def _member(key: str, value: Mapping[str, Any]) -> str:
        return f"{key}: {json.dumps(value[key])}"
