"""Where compiled templates are kept from one command to the next."""

from __future__ import annotations

from typing import Protocol


class TemplateCache(Protocol):
    """Where compiled templates are kept from one command to the next (adapter: `adapters.template_cache`)."""

    def __hash__(self) -> int:
        """By identity: Jinja's environments are cached by their store."""

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`; None if nothing is, or nothing can be read."""

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`, if that is possible: a cache that cannot be written costs time only."""
