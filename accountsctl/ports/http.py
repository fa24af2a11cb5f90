"""HTTP requests, as a browser's client sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class HttpAnswer:
    """An HTTP answer. Header names keep their spelling; `body` is as received, decoded as UTF-8."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str


class Http(Protocol):
    """Sends requests as a browser's client would (adapter: `adapters.http`)."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """One request, no redirects followed; CloudError where there is no answer at all."""
