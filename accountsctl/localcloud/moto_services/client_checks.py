"""What a client of a user pool may do: its flows, its secret, its refresh tokens. moto checks little of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import models

if TYPE_CHECKING:
    from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, CognitoIdpUserPoolClient

DEFAULT_FLOWS = ("ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
FLOWS = {
    "USER_PASSWORD_AUTH": ("ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"),
    "USER_SRP_AUTH": ("ALLOW_USER_SRP_AUTH", "USER_SRP_AUTH"),
    "CUSTOM_AUTH": ("ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"),
    "REFRESH_TOKEN_AUTH": ("ALLOW_REFRESH_TOKEN_AUTH", "*legacy*"),
    "REFRESH_TOKEN": ("ALLOW_REFRESH_TOKEN_AUTH", "*legacy*"),
    "ADMIN_USER_PASSWORD_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"),
    "ADMIN_NO_SRP_AUTH": ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"),
}


def find_client(
    backend: CognitoIdpBackend, client_id: str
) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient]:
    """The client and its pool; raises ResourceNotFoundException if there is no such client."""
    for pool in backend.user_pools.values():
        if client_id in pool.clients:
            return pool, pool.clients[client_id]
    raise models("cognito-idp").ResourceNotFoundError(f"User pool client {client_id} does not exist.")


def check_flow(pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, flow: str) -> None:
    """Refuse a flow that the client's ExplicitAuthFlows do not list."""
    invalid = models("cognito-idp").InvalidParameterException
    allowed = client.extended_config.get("ExplicitAuthFlows") or DEFAULT_FLOWS
    legacy = not any(name.startswith("ALLOW_") for name in allowed)
    names = FLOWS.get(flow)
    if names is None:
        return  # not a flow at all: moto itself refuses it
    if not (set(names) & set(allowed) or (legacy and "*legacy*" in names)):
        if flow.startswith("ADMIN_"):
            raise invalid("Auth flow not enabled for this client")
        raise invalid(f"{flow} flow not enabled for this client")
    if flow == "CUSTOM_AUTH" and "DefineAuthChallenge" not in (
        pool.extended_config.get("LambdaConfig") or {}
    ):
        raise invalid("Custom auth lambda trigger is not configured for the user pool.")


def check_secret(client: CognitoIdpUserPoolClient, flow: str, parameters: Mapping[str, str]) -> None:
    """A client with a secret must prove that it has it; moto demands that in some flows only."""
    if not client.generate_secret or flow.startswith("REFRESH_TOKEN"):
        return
    moto = models("cognito-idp")
    sent = parameters.get("SECRET_HASH")
    if not sent:
        raise moto.NotAuthorizedError(
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    if not moto.check_secret_hash(client.secret, client.id, parameters.get("USERNAME", ""), sent):
        raise moto.NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")


def check_refresh(pool: CognitoIdpUserPool, client_id: str, token: str | None) -> None:
    moto = models("cognito-idp")
    if token is None or token not in pool.refresh_tokens:
        raise moto.NotAuthorizedError("Invalid Refresh Token")
    owner = pool.refresh_tokens[token]
    if owner is None:
        raise moto.NotAuthorizedError("Refresh Token has been revoked")
    if owner[0] != client_id:
        raise moto.NotAuthorizedError("Invalid Refresh Token")
