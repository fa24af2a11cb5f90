"""Cognito user pools, read by the one who imports them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class AppClient:
    """An app client of a user pool: whether it has a secret, and the sign-in flows that are on."""

    id: str
    name: str
    secret: bool
    flows: frozenset[str]


class Pools(Protocol):
    """Cognito, as the one who imports from it (adapter: `adapters.aws.pools`). Reads only."""

    def pools(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every user pool in the region."""

    def has_pool(self, pool_id: str) -> bool:
        """True if the pool exists in the region."""

    def clients(self, pool_id: str) -> tuple[tuple[str, str], ...]:
        """Id and name of a pool's app clients."""

    def client(self, pool_id: str, client_id: str) -> AppClient | None:
        """One app client of a pool, or None if the pool has no such client."""

    def identity_providers(self, identity_pool_id: str) -> frozenset[tuple[str, str]] | None:
        """Provider name and client id of an identity pool's Cognito providers; None if there is no such pool."""
