"""The stages of API Gateway in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.model.errors import CloudError

DOCUMENT: Mapping[str, Any] = {"openapi": "3.0.1", "paths": {"/a": {"get": {"responses": {}}}}}
"""One path with a GET."""


@dataclass
class FakeApiExports:
    """`ports.ApiExports`: a document for each API and stage, by default one; records its calls."""

    documents: Mapping[tuple[str, str], Mapping[str, Any]] = field(
        default_factory=lambda: {("abc", "dev"): DOCUMENT}
    )
    asked: list[tuple[str, str]] = field(default_factory=list)

    def export(self, api: str, stage: str) -> Mapping[str, Any]:
        self.asked.append((api, stage))
        if (api, stage) not in self.documents:
            raise CloudError(
                f"AWS refused to export the API {api}.",
                why="Invalid stage identifier specified",
                code="NotFoundException",
            )
        return self.documents[api, stage]
