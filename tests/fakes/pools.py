"""Cognito with the pools that it is given, for those who import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.ports.pools import AppClient


@dataclass
class FakePools:
    """`names` are pools by id, `apps` their clients, `identities` the providers of identity pools."""

    names: Mapping[str, str]
    apps: Mapping[str, tuple[AppClient, ...]] = field(default_factory=dict)
    identities: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def pools(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.names.items())

    def has_pool(self, pool_id: str) -> bool:
        return pool_id in self.names

    def clients(self, pool_id: str) -> tuple[tuple[str, str], ...]:
        return tuple((each.id, each.name) for each in self.apps.get(pool_id, ()))

    def client(self, pool_id: str, client_id: str) -> AppClient | None:
        return next((each for each in self.apps.get(pool_id, ()) if each.id == client_id), None)

    def identity_providers(self, identity_pool_id: str) -> frozenset[tuple[str, str]] | None:
        return self.identities.get(identity_pool_id)
