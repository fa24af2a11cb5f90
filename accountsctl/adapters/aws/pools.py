"""Reading Cognito for those who import from it: pools, app clients, identity pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.ports.pools import AppClient

PAGE = 60


class CognitoPools:
    """`ports.Pools` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pools(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every user pool in the region."""
        with translated("list the user pools"):
            pages = self._idp.get_paginator("list_user_pools").paginate(MaxResults=PAGE)
            return tuple((each["Id"], each["Name"]) for page in pages for each in page["UserPools"])

    def has_pool(self, pool_id: str) -> bool:
        """True where the pool exists in the region."""
        with translated(f"look at the user pool {pool_id}"), _absent() as found:
            self._idp.describe_user_pool(UserPoolId=pool_id)
            found.append(pool_id)
        return bool(found)

    def clients(self, pool_id: str) -> tuple[tuple[str, str], ...]:
        """Id and name of a pool's app clients."""
        with translated(f"list the app clients of {pool_id}"):
            pages = self._idp.get_paginator("list_user_pool_clients").paginate(
                UserPoolId=pool_id, MaxResults=PAGE
            )
            return tuple(
                (each["ClientId"], each["ClientName"]) for page in pages for each in page["UserPoolClients"]
            )

    def client(self, pool_id: str, client_id: str) -> AppClient | None:
        """One app client, or None where the pool has no such client."""
        with translated(f"look at the app client {client_id}"), _absent() as found:
            said = self._idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)[
                "UserPoolClient"
            ]
            flows = _flows(said.get("ExplicitAuthFlows", ()))
            found.append(
                AppClient(client_id, said.get("ClientName", ""), bool(said.get("ClientSecret")), flows)
            )
        return found[0] if found else None

    def identity_providers(self, identity_pool_id: str) -> frozenset[tuple[str, str]] | None:
        """Provider name and client id of an identity pool's Cognito providers."""
        with translated(f"look at the identity pool {identity_pool_id}"), _absent() as found:
            client = self._session.client("cognito-identity")
            said = client.describe_identity_pool(IdentityPoolId=identity_pool_id)
            providers = said.get("CognitoIdentityProviders", ())
            found.append(frozenset((each["ProviderName"], each["ClientId"]) for each in providers))
        return found[0] if found else None

    @property
    def _idp(self) -> Any:
        return self._session.client("cognito-idp")


def _flows(said: Iterable[str]) -> frozenset[str]:
    """The flows that are on, in today's names.

    A client without a list, or with one from before the names began with ALLOW_, allows SRP unless it is for
    custom authentication only (API reference, UserPoolClientType.ExplicitAuthFlows).
    """
    flows = frozenset(said)
    if any(each.startswith("ALLOW_") for each in flows) or "CUSTOM_AUTH_FLOW_ONLY" in flows:
        return flows
    return flows | {"ALLOW_USER_SRP_AUTH"}


@contextmanager
def _absent() -> Iterator[list[Any]]:
    """A list to put what is found into; it stays empty where Cognito says that there is no such thing."""
    found: list[Any] = []
    try:
        yield found
    except ClientError as error:
        if error_code(error) not in ("ResourceNotFoundException", "InvalidParameterException"):
            raise
