"""The URL of a function: its configuration, as the data plane reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from accountsctl.localcloud.contracts.lookups import FunctionConfig


@dataclass(frozen=True)
class FunctionUrl:
    """`auth`: NONE or AWS_IAM; `cors`: the configuration's Cors, None without."""

    id: str
    auth: str
    cors: Mapping[str, Any] | None
    function: FunctionConfig

    @property
    def host(self) -> str:
        """AWS's name for the endpoint."""
        return f"{self.id}.lambda-url.{self.function.region}.on.aws"


class FunctionUrls(Protocol):
    def function_url(self, url_id: str) -> FunctionUrl | None:
        """The URL of an id; None if there is none."""
