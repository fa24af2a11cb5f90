"""Settings of a REST API that moto loses, kept from the control-plane calls that set them.

moto's CreateRestApi drops binaryMediaTypes, its UpdateRestApi adds an empty type where AWS reads the type
from the path, and it takes the text "false" for true.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..messages import Request, Response

BINARY = "binaryMediaTypes"
DISABLED = "disableExecuteApiEndpoint"


class Settings:
    """What was seen, by API."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, Any]] = {}

    def created(self, request: Request, response: Response) -> None:
        """CreateRestApi was answered."""
        asked = json.loads(request.body or b"{}")
        api_id = json.loads(response.body)["id"]
        self._seen[api_id] = {BINARY: asked.get(BINARY) or [], DISABLED: bool(asked.get(DISABLED))}

    def patched(self, api_id: str, request: Request) -> None:
        """UpdateRestApi was answered."""
        seen = dict(self._seen.get(api_id, {}))
        for patch in json.loads(request.body or b"{}").get("patchOperations") or []:
            _, setting, *rest = patch["path"].split("/", 2)
            if setting == BINARY:
                named = rest[0].replace("~1", "/").replace("~0", "~") if rest else None
                seen[BINARY] = _types(seen.get(BINARY, []), patch["op"], named, patch.get("value"))
            elif setting == DISABLED:
                seen[DISABLED] = str(patch.get("value")).lower() == "true"
        self._seen[api_id] = seen

    def over(self, api_id: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """The control plane's own answer, with what was seen laid over it."""
        return {**told, **self._seen.get(api_id, {})}

    def forget(self, api_id: str) -> None:
        """The API is gone."""
        self._seen.pop(api_id, None)

    def dump(self) -> dict[str, Any]:
        """Everything seen, as JSON."""
        return {api: dict(seen) for api, seen in self._seen.items()}

    def load(self, state: Mapping[str, Any]) -> None:
        """What `dump` gave."""
        self._seen = {api: dict(seen) for api, seen in state.items()}


def _types(types: list[str], operation: str, named: str | None, value: str | None) -> list[str]:
    """One patch: AWS names the type in the path; `replace` gives the new one as its value."""
    kept = [each for each in types if operation == "add" or each != named]
    new = {"add": named or value, "replace": value}.get(operation)
    return kept if new is None or new in kept else [*kept, new]
