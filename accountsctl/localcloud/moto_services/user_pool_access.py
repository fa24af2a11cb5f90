"""Moto's user pools as triggers read and change them (see `contracts.user_pools`)."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.token_reading import claims_of
from accountsctl.localcloud.contracts.user_pools import NewClaims, PoolTriggers, PoolUser
from accountsctl.localcloud.moto_services import tokens
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.cognito import find_pool
from accountsctl.localcloud.moto_services.startup import Startup

if TYPE_CHECKING:
    from moto.cognitoidp.models import CognitoIdpUser

    from accountsctl.localcloud.moto_services.tokens import KeyedUserPool


class MotoUserPools:
    """Implements `UserPoolAccess`; every call waits until moto is loaded."""

    def __init__(self, startup: Startup) -> None:
        self._startup = startup

    def pool(self, client_id: str | None, pool_id: str | None) -> PoolTriggers | None:
        self._startup.wait()
        with self._startup.lock:
            found = find_pool(pool_id) if pool_id else _pool_of(client_id)
            return None if found is None else _triggers(found)

    def user(self, pool_id: str, name: str) -> PoolUser | None:
        with self._startup.lock:
            user = _pool(pool_id)._get_user(name)
            return None if user is None else _user(user)

    def confirm(self, pool_id: str, name: str) -> None:
        with self._startup.lock:
            pool = _pool(pool_id)
            pool.backend.admin_confirm_sign_up(pool_id, name)

    def verify(self, pool_id: str, name: str, attributes: tuple[str, ...]) -> None:
        with self._startup.lock:
            verified = [{"Name": f"{attribute}_verified", "Value": "true"} for attribute in attributes]
            _pool(pool_id).backend.admin_get_user(pool_id, name).update_attributes(verified)

    def migrate(self, pool_id: str, name: str, password: str, attributes: Mapping[str, str]) -> None:
        with self._startup.lock:
            backend = _pool(pool_id).backend
            given = [{"Name": key, "Value": str(value)} for key, value in attributes.items()]
            user = backend.admin_create_user(pool_id, name, "SUPPRESS", password, given)
            backend.admin_set_user_password(pool_id, user.username, password, True)

    def sign_in(self, pool_id: str, client_id: str, name: str) -> dict[str, Any]:
        with self._startup.lock:
            pool = _pool(pool_id)
            user = pool.backend.admin_get_user(pool_id, name)
            result = pool.backend._log_user_in(pool, pool.clients[client_id], user.username)
            return dict(result["AuthenticationResult"])

    def change_token(self, pool_id: str, token: str, claims: NewClaims) -> str:
        with self._startup.lock:
            pool = _pool(pool_id)
            kept = {name: value for name, value in claims_of(token).items() if name not in claims.removed}
            header = {"kid": pool.key_id, "alg": "RS256"}
            jwt = importlib.import_module("joserfc.jwt")
            changed: str = jwt.encode(header, {**kept, **claims.added}, pool.json_web_key)
            if token in pool.access_tokens:
                pool.access_tokens[changed] = pool.access_tokens.pop(token)
            return changed


def _pool(pool_id: str) -> KeyedUserPool:
    pool = find_pool(pool_id)
    if pool is None:
        raise KeyError(f"user pool {pool_id} was deleted")
    return pool


def _pool_of(client_id: str | None) -> KeyedUserPool | None:
    for regions in backends("cognito-idp").values():
        for backend in regions.values():
            for pool in backend.user_pools.values():
                if client_id in pool.clients:
                    found: KeyedUserPool = pool
                    return found
    return None


def _triggers(pool: KeyedUserPool) -> PoolTriggers:
    config: Mapping[str, Any] = pool.extended_config.get("LambdaConfig") or {}
    functions = {name: arn for name, arn in config.items() if isinstance(arn, str) and arn}
    tokens_config = config.get("PreTokenGenerationConfig") or {}
    if tokens_config:
        functions["PreTokenGeneration"] = tokens_config["LambdaArn"]
    version = tokens_config.get("LambdaVersion", "V1_0")
    return PoolTriggers(pool.id, pool.arn, pool.region, functions, version)


def _user(user: CognitoIdpUser) -> PoolUser:
    attributes = {attribute["Name"]: str(attribute["Value"]) for attribute in user.attributes}
    claimed: Mapping[str, Any] = tokens.roles_of(user)
    return PoolUser(
        name=user.username,
        attributes={
            "sub": user.id,
            "cognito:user_status": str(getattr(user.status, "value", user.status)),
            **attributes,
        },
        groups=tuple(sorted(group.group_name for group in user.groups)),
        roles=tuple(claimed.get("cognito:roles", ())),
        preferred_role=claimed.get("cognito:preferred_role"),
    )
