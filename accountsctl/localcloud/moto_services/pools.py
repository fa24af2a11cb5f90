"""An imported user pool: someone else's, created here with the ids that the project names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.apps import JsonObject, backends
from accountsctl.localcloud.moto_services.cognito import find_pool

if TYPE_CHECKING:
    from moto.cognitoidentity.models import CognitoIdentityBackend
    from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool

CLIENT: JsonObject = {
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "PreventUserExistenceErrors": "ENABLED",
}
POOL: JsonObject = {
    "AutoVerifiedAttributes": ["email"],
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
}

PoolIds = Mapping[str, str | None]
"""userPoolId, clientId, webClientId, and optionally userPoolName and identityPoolId."""


def ensure(region: str, pool_ids: PoolIds, user: Mapping[str, str]) -> bool:
    """Create what is missing of the pool, its clients, its identity pool and its user; whether anything was.

    Raises ValueError for a pool id of another region: the id says where a pool is.
    """
    pool_id = pool_ids["userPoolId"] or ""
    if not pool_id.startswith(f"{region}_"):
        raise ValueError(f"the user pool {pool_id} is not in {region}")
    existing = find_pool(pool_id)
    created = existing is None
    pool = existing or _create_pool(region, pool_id, pool_ids.get("userPoolName") or "imported")
    for key in ("clientId", "webClientId"):
        client_id = pool_ids.get(key)
        if client_id and client_id not in pool.clients:
            _create_client(pool, client_id, f"{pool.name}_{key}")
            created = True
    if user["username"] not in pool.users:
        _create_user(pool, user)
        created = True
    identity_pool_id = pool_ids.get("identityPoolId")
    if identity_pool_id:
        created = _ensure_identity_pool(region, identity_pool_id, pool_ids) or created
    return created


def _create_pool(region: str, pool_id: str, name: str) -> CognitoIdpUserPool:
    backend: CognitoIdpBackend = backends("cognito-idp")[ACCOUNT][region]
    pool = backend.create_user_pool(name, dict(POOL))
    # moto chooses an id of its own; the pool is filed again under the one that the project names.
    del backend.user_pools[pool.id]
    pool.id = pool_id
    pool.arn = f"{pool.arn.rpartition('/')[0]}/{pool_id}"
    backend.user_pools[pool_id] = pool
    return pool


def _create_client(pool: CognitoIdpUserPool, client_id: str, name: str) -> None:
    client = pool.backend.create_user_pool_client(pool.id, False, {**CLIENT, "ClientName": name})
    del pool.clients[client.id]
    client.id = client_id
    pool.clients[client_id] = client


def _create_user(pool: CognitoIdpUserPool, user: Mapping[str, str]) -> None:
    """A confirmed user with a verified address."""
    email = user.get("email") or f"{user['username']}@example.com"
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    pool.backend.admin_create_user(pool.id, user["username"], "SUPPRESS", user["password"], attributes)
    pool.backend.admin_set_user_password(pool.id, user["username"], user["password"], True)


def _ensure_identity_pool(region: str, identity_pool_id: str, pool_ids: PoolIds) -> bool:
    """Create the identity pool; False if it is there already."""
    backend: CognitoIdentityBackend = backends("cognito-identity")[ACCOUNT][region]
    if identity_pool_id in backend.identity_pools:
        return False
    provider = f"cognito-idp.{region}.amazonaws.com/{pool_ids['userPoolId']}"
    clients = [client_id for key in ("clientId", "webClientId") if (client_id := pool_ids.get(key))]
    providers = [{"ProviderName": provider, "ClientId": client_id} for client_id in clients]
    before = set(backend.identity_pools)
    backend.create_identity_pool("imported", True, {}, "", [], providers, [], {})
    (chosen_id,) = set(backend.identity_pools) - before
    pool = backend.identity_pools.pop(chosen_id)
    pool.identity_pool_id = identity_pool_id
    vars(pool)["imported"] = True
    backend.identity_pools[identity_pool_id] = pool
    backend.pools_identities.pop(chosen_id)
    backend.pools_identities[identity_pool_id] = {"IdentityPoolId": identity_pool_id, "Identities": []}
    return True
