"""What a stage of API Gateway serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

OpenApiDocument = Mapping[str, Any]
"""An OpenAPI 3.0 document with API Gateway's extensions."""


class ApiExports(Protocol):
    """What a stage of API Gateway serves (adapter: `adapters.aws.api_exports`)."""

    def export(self, api: str, stage: str) -> OpenApiDocument:
        """The deployed snapshot as OpenAPI 3.0 with API Gateway's extensions; CloudError if it is refused."""
