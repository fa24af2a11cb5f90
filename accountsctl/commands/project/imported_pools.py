"""Whether the user pools that an environment imports are still what was imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError
from accountsctl.ports.pools import Pools

CLIENT_KEYS = ("AppClientID", "AppClientIDWeb")


def problems(ids: Mapping[str, str], pools: Pools) -> tuple[str, ...]:
    """Why Cognito does not confirm a link, as sentences. Checked before importing, and again by every push."""
    pool = ids["UserPoolId"]
    if not pools.has_pool(pool):
        return (f"The user pool {pool} does not exist in this region.",)
    clients = {key: ids[key] for key in CLIENT_KEYS if ids.get(key)}
    sentences = [
        sentence for key, client in clients.items() for sentence in _client_problems(key, client, pool, pools)
    ]
    if ids.get("IdentityPoolId"):
        sentences += _identity_problems(ids["IdentityPoolId"], pool, frozenset(clients.values()), pools)
    return tuple(dict.fromkeys(sentences))


def import_problems(environment: Environment, pools: Pools | None) -> tuple[str, ...] | None:
    """What has changed in the pools that the environment imports, as sentences; None without Cognito."""
    if pools is None:
        return None
    tables = environment.imported.get("auth", {})
    return tuple(sentence for ids in tables.values() for sentence in _problems_or_note(ids, pools))


def _problems_or_note(ids: Mapping[str, str], pools: Pools) -> tuple[str, ...]:
    """`problems`, or why they are not known: whoever deploys need not have the right to read another team's pool."""
    try:
        return problems(ids, pools)
    except CloudError as error:
        return (f"The user pool {ids['UserPoolId']} was not checked: {error.why}",)


def _client_problems(key: str, client_id: str, pool: str, pools: Pools) -> Iterator[str]:
    client = pools.client(pool, client_id)
    if client is None:
        yield f"The app client {client_id} does not belong to {pool}."
        return
    if key == "AppClientIDWeb" and client.secret:
        yield f"The web client {client_id} has a secret, which a browser cannot keep: choose one without."


def _identity_problems(identity_pool: str, pool: str, clients: frozenset[str], pools: Pools) -> Iterator[str]:
    providers = pools.identity_providers(identity_pool)
    if providers is None:
        yield f"The identity pool {identity_pool} does not exist in this region."
    elif not any(name.endswith(f"/{pool}") and client in clients for name, client in providers):
        yield f"The identity pool {identity_pool} does not name {pool} with one of these clients."
