"""Reading Cognito for those who import from it: pools, app clients, identity pools."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.ports.pools import AppClient

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

T = TypeVar("T")
PAGE = 60


class CognitoPools:
    """`ports.Pools` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pools(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every user pool in the region."""
        with translated("list the user pools"):
            pages = self._idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": PAGE})
            return tuple((pool["Id"], pool["Name"]) for page in pages for pool in page["UserPools"])

    def has_pool(self, pool_id: str) -> bool:
        """Whether the pool exists in the region."""
        with translated(f"look at the user pool {pool_id}"):
            return _if_present(lambda: self._idp.describe_user_pool(UserPoolId=pool_id)) is not None

    def clients(self, pool_id: str) -> tuple[tuple[str, str], ...]:
        """Id and name of a pool's app clients."""
        with translated(f"list the app clients of {pool_id}"):
            pages = self._idp.get_paginator("list_user_pool_clients").paginate(
                UserPoolId=pool_id, PaginationConfig={"PageSize": PAGE}
            )
            return tuple(
                (client["ClientId"], client["ClientName"])
                for page in pages
                for client in page["UserPoolClients"]
            )

    def client(self, pool_id: str, client_id: str) -> AppClient | None:
        """One app client, or None if the pool has no such client."""
        with translated(f"look at the app client {client_id}"):
            response = _if_present(
                lambda: self._idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)
            )
        if response is None:
            return None
        client = response["UserPoolClient"]
        flows = _flows(client.get("ExplicitAuthFlows", ()))
        return AppClient(client_id, client.get("ClientName", ""), bool(client.get("ClientSecret")), flows)

    def identity_providers(self, identity_pool_id: str) -> frozenset[tuple[str, str]] | None:
        """Provider name and client id of an identity pool's Cognito providers; None if there is no such pool."""
        client = service_client(self._session, "cognito-identity")
        with translated(f"look at the identity pool {identity_pool_id}"):
            pool = _if_present(lambda: client.describe_identity_pool(IdentityPoolId=identity_pool_id))
        if pool is None:
            return None
        providers = pool.get("CognitoIdentityProviders", ())
        return frozenset((provider["ProviderName"], provider["ClientId"]) for provider in providers)

    @property
    def _idp(self) -> CognitoIdentityProviderClient:
        return service_client(self._session, "cognito-idp")


def _flows(names: Iterable[str]) -> frozenset[str]:
    """The flows that are enabled, under today's names.

    A client without a list, or with one from before the names began with ALLOW_, allows SRP unless it is for
    custom authentication only (API reference, UserPoolClientType.ExplicitAuthFlows).
    """
    flows = frozenset(names)
    if any(flow.startswith("ALLOW_") for flow in flows) or "CUSTOM_AUTH_FLOW_ONLY" in flows:
        return flows
    return flows | {"ALLOW_USER_SRP_AUTH"}


def _if_present(call: Callable[[], T]) -> T | None:
    """The response of a call; None if Cognito reports that there is no such thing."""
    try:
        return call()
    except ClientError as error:
        if error_code(error) in ("ResourceNotFoundException", "InvalidParameterException"):
            return None
        raise
