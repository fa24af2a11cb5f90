"""Someone else's user pool: the one that a project imports, made here with the ids that the project names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.cognito import find_pool

CLIENT = {
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "PreventUserExistenceErrors": "ENABLED",
}
POOL = {
    "AutoVerifiedAttributes": ["email"],
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
}


def ensure(region: str, wanted: Mapping[str, Any], user: Mapping[str, str]) -> bool:
    """Make what is missing of the pool, its clients, its identity pool and its user; True where that was anything.

    `wanted` has userPoolId, clientId, webClientId, and perhaps userPoolName and identityPoolId. ValueError
    for a pool id of another region: its name says where a pool is.
    """
    pool_id = wanted["userPoolId"]
    if not pool_id.startswith(f"{region}_"):
        raise ValueError(f"the user pool {pool_id} is not in {region}")
    pool = find_pool(pool_id)
    made = pool is None
    if pool is None:
        pool = _make_pool(region, pool_id, wanted.get("userPoolName") or "imported")
    for key in ("clientId", "webClientId"):
        if wanted.get(key) and wanted[key] not in pool.clients:
            made = _make_client(pool, wanted[key], f"{pool.name}_{key}")
    if user["username"] not in pool.users:
        made = _make_user(pool, user)
    if wanted.get("identityPoolId"):
        made = _ensure_identity_pool(region, wanted, pool_id) or made
    return made


def _make_pool(region: str, pool_id: str, name: str) -> Any:
    backend = backends("cognito-idp")[ACCOUNT][region]
    pool = backend.create_user_pool(name, dict(POOL))
    del backend.user_pools[pool.id]
    pool.id = pool_id
    pool.arn = f"{pool.arn.rpartition('/')[0]}/{pool_id}"
    backend.user_pools[pool_id] = pool
    return pool


def _make_client(pool: Any, client_id: str, name: str) -> bool:
    client = pool.backend.create_user_pool_client(pool.id, False, {**CLIENT, "ClientName": name})
    del pool.clients[client.id]
    client.id = client_id
    pool.clients[client_id] = client
    return True


def _make_user(pool: Any, user: Mapping[str, str]) -> bool:
    """A confirmed user with a verified address."""
    email = user.get("email") or f"{user['username']}@example.com"
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    pool.backend.admin_create_user(pool.id, user["username"], "SUPPRESS", user["password"], attributes)
    pool.backend.admin_set_user_password(pool.id, user["username"], user["password"], True)
    return True


def _ensure_identity_pool(region: str, wanted: Mapping[str, Any], pool_id: str) -> bool:
    backend = backends("cognito-identity")[ACCOUNT][region]
    identity_pool_id = wanted["identityPoolId"]
    if identity_pool_id in backend.identity_pools:
        return False
    provider = f"cognito-idp.{region}.amazonaws.com/{pool_id}"
    clients = [wanted[key] for key in ("clientId", "webClientId") if wanted.get(key)]
    providers = [{"ProviderName": provider, "ClientId": client} for client in clients]
    before = set(backend.identity_pools)
    backend.create_identity_pool("imported", False, {}, "", [], providers, [], {})
    (made,) = set(backend.identity_pools) - before
    pool = backend.identity_pools.pop(made)
    pool.identity_pool_id = identity_pool_id
    backend.identity_pools[identity_pool_id] = pool
    backend.pools_identities.pop(made)
    backend.pools_identities[identity_pool_id] = {"IdentityPoolId": identity_pool_id, "Identities": []}
    return True
