"""What a stage of API Gateway serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class ApiExports(Protocol):
    """What a stage of API Gateway serves (adapter: `adapters.aws.api_exports`)."""

    def export(self, api: str, stage: str) -> Mapping[str, Any]:
        """The deployed snapshot as OpenAPI 3.0 with API Gateway's extensions; CloudError where it is refused."""
