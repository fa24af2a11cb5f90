"""Identity pools: identities by verified logins, the roles that they get, and credentials of those roles.

moto gives everyone the same public constants. Here a login's token is verified with the key of its user pool, the
role is chosen as the pool's role attachment states, and the role's trust policy must let the pool assume it:
https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from accountsctl.localcloud.contracts.keys import IDENTITY, Keys
from accountsctl.localcloud.contracts.lookups import CognitoIdentity
from accountsctl.localcloud.moto_services import identity_roles, identity_sessions
from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.identity_logins import Login, not_authorized, verified
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.cognitoidentity.models import CognitoIdentityBackend as MotoBackend
    from moto.cognitoidentity.models import CognitoIdentityPool as MotoPool
    from moto.cognitoidentity.responses import CognitoIdentityResponse

    class IdentityPool(MotoPool):
        """moto's pool, with what SetIdentityPoolRoles sets, which we add."""

        roles: identity_roles.RoleAttachment

    class IdentityBackend(MotoBackend):
        """moto's backend, with the pool and the login of each identity, which we add."""

        identities: dict[str, tuple[str, str]]


def install(keys: Keys) -> None:
    """Replace what moto does with identities. Once per process."""
    moto = models("cognito-identity")
    responses = importlib.import_module("moto.cognitoidentity.responses").CognitoIdentityResponse
    responses.get_id = _get_id
    responses.get_credentials_for_identity = lambda operation: _get_credentials(operation, keys)
    responses.set_identity_pool_roles = _set_roles
    responses.get_identity_pool_roles = _get_roles
    wrap(moto.CognitoIdentityBackend, "update_identity_pool", _rename)


def region_for(body: Mapping[str, object]) -> str | None:
    """The region of the pool or identity that the body of an unsigned call names: both ids begin with it."""
    named = body.get("IdentityPoolId") or body.get("IdentityId")
    region = str(named).partition(":")[0] if named else ""
    known = any(region in regions for regions in backends("cognito-identity").values())
    return region if known else None


def _get_id(operation: CognitoIdentityResponse) -> str:
    pool_id = operation._get_param("IdentityPoolId")
    pool = _pool(operation, pool_id)
    login = verified(pool, operation._get_param("Logins") or {})
    if login is None and not pool.allow_unauthenticated_identities:
        raise not_authorized("Unauthenticated access is not supported for this identity pool.")
    backend = _backend(operation)
    key = login.key if login else ""
    for identity, owner in backend.identities.items():
        if key and owner == (pool_id, key):
            return json.dumps({"IdentityId": identity})
    identity = importlib.import_module("moto.cognitoidentity.utils").get_random_identity_id(
        backend.region_name
    )
    backend.identities[identity] = (pool_id, key)
    shown = {"IdentityId": identity, "Logins": [login.provider] if login else []}
    backend.pools_identities[pool_id]["Identities"].append(shown)
    return json.dumps({"IdentityId": identity})


def _get_credentials(operation: CognitoIdentityResponse, keys: Keys) -> str:
    identity = operation._get_param("IdentityId")
    owner = _backend(operation).identities.get(identity)
    if owner is None:
        raise _not_found(f"Identity '{identity}' not found.")
    pool = _pool(operation, owner[0])
    login = verified(pool, operation._get_param("Logins") or {})
    if (login.key if login else "") != owner[1]:
        raise not_authorized(f"Access to Identity '{identity}' is forbidden.")
    caller = _caller(pool.identity_pool_id, identity, login)
    if "roles" not in vars(pool) and "imported" in vars(pool):
        # Its roles are someone else's: its credentials may call every API, as the account may.
        given = identity_sessions.own_key(IDENTITY, keys.secret(IDENTITY) or "")
    else:
        custom = operation._get_param("CustomRoleArn")
        role = identity_roles.choose(_roles(pool), login, custom)
        given = identity_sessions.assume(role, caller, operation.region)
    return json.dumps({"IdentityId": identity, "Credentials": given})


def _caller(pool_id: str, identity: str, login: Login | None) -> CognitoIdentity:
    kind = "authenticated" if login else "unauthenticated"
    provider = f"{login.provider},{login.provider}:CognitoSignIn:{login.subject}" if login else None
    return CognitoIdentity(pool_id, identity, kind, provider)


def _set_roles(operation: CognitoIdentityResponse) -> str:
    pool = _pool(operation, operation._get_param("IdentityPoolId"))
    pool.roles = {
        "Roles": operation._get_param("Roles") or {},
        "RoleMappings": operation._get_param("RoleMappings") or {},
    }
    return "{}"


def _get_roles(operation: CognitoIdentityResponse) -> str:
    pool = _pool(operation, operation._get_param("IdentityPoolId"))
    return json.dumps({"IdentityPoolId": pool.identity_pool_id, **_roles(pool)})


def _rename(
    original: Callable[..., str], backend: MotoBackend, identity_pool_id: str, *args: object, **named: object
) -> str:
    """UpdateIdentityPool: moto keeps the old name, and fails with a 500 if there is no such pool."""
    backend.describe_identity_pool(identity_pool_id)
    pool = backend.identity_pools[identity_pool_id]
    pool.identity_pool_name = str(named.get("identity_pool_name") or pool.identity_pool_name)
    return original(backend, identity_pool_id, *args, **named)


def _roles(pool: IdentityPool) -> identity_roles.RoleAttachment:
    # A pool has none before the first call of SetIdentityPoolRoles.
    return pool.roles if "roles" in vars(pool) else {"Roles": {}, "RoleMappings": {}}


def _pool(operation: CognitoIdentityResponse, pool_id: str) -> IdentityPool:
    pools: Mapping[str, IdentityPool] = vars(operation.backend)["identity_pools"]
    if pool_id not in pools:
        raise _not_found(f"IdentityPool '{pool_id}' not found.")
    return pools[pool_id]


def _backend(operation: CognitoIdentityResponse) -> IdentityBackend:
    backend = operation.backend
    vars(backend).setdefault("identities", {})
    return cast("IdentityBackend", backend)


def _not_found(message: str) -> Exception:
    error: type[Exception] = importlib.import_module("moto.cognitoidentity.exceptions").ResourceNotFoundError
    return error(message)
