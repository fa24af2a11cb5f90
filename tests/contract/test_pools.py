"""What everyone answers who reads Cognito for an import: `aws.pools` over moto, and the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from accountsctl.adapters.aws.pools import CognitoPools
from accountsctl.model.errors import CloudError
from accountsctl.ports.pools import AppClient, Pools
from tests.fakes.pools import FakePools

REGION = "eu-west-1"
FLOWS = {"native": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], "web": ["ALLOW_USER_SRP_AUTH"]}


class Made:
    """What is a session to `CognitoPools`: boto3 clients, here moto's."""

    def client(self, service: str) -> Any:
        create: Callable[..., Any] = boto3.client  # its overloads take literals only
        return create(service, REGION, aws_access_key_id="a", aws_secret_access_key="a")


@dataclass(frozen=True)
class Stage:
    """A port, and the ids of what it knows: a pool, its clients by name, an identity pool."""

    port: Pools
    pool: str
    clients: Mapping[str, str]
    identity_pool: str
    provider: tuple[str, str]


def _fake() -> Stage:
    apps = tuple(AppClient(name, name, name == "native", frozenset(flows)) for name, flows in FLOWS.items())
    provider = (f"cognito-idp.{REGION}.amazonaws.com/{REGION}_Pool", "web")
    identity_pool = f"{REGION}:identities"
    identities = {identity_pool: frozenset({provider})}
    port = FakePools({f"{REGION}_Pool": "users"}, {f"{REGION}_Pool": apps}, identities)
    return Stage(port, f"{REGION}_Pool", {app.name: app.id for app in apps}, identity_pool, provider)


def _real() -> Stage:
    session: Any = Made()
    idp = session.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="users")["UserPool"]["Id"]
    clients = {
        name: idp.create_user_pool_client(
            UserPoolId=pool, ClientName=name, GenerateSecret=name == "native", ExplicitAuthFlows=flows
        )["UserPoolClient"]["ClientId"]
        for name, flows in FLOWS.items()
    }
    provider = (f"cognito-idp.{REGION}.amazonaws.com/{pool}", clients["web"])
    identity_pool = session.client("cognito-identity").create_identity_pool(
        IdentityPoolName="users",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider[0], "ClientId": provider[1]}],
    )["IdentityPoolId"]
    return Stage(CognitoPools(session), pool, clients, identity_pool, provider)


@pytest.fixture(params=["real", "fake"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with mock_aws():
        yield _real() if request.param == "real" else _fake()


def test_pools_and_their_clients_are_listed_by_id_and_name(stage: Stage) -> None:
    assert stage.port.pools() == ((stage.pool, "users"),)
    assert set(stage.port.clients(stage.pool)) == {(id_, name) for name, id_ in stage.clients.items()}


def test_a_client_is_told_with_its_secret_and_flows(stage: Stage) -> None:
    native = stage.port.client(stage.pool, stage.clients["native"])
    web = stage.port.client(stage.pool, stage.clients["web"])
    assert native is not None
    assert native.secret
    assert web == AppClient(stage.clients["web"], "web", False, frozenset(FLOWS["web"]))


def test_what_is_not_there_is_none_and_no_error(stage: Stage) -> None:
    assert stage.port.has_pool(stage.pool)
    assert not stage.port.has_pool(f"{REGION}_Nosuch123")
    assert stage.port.client(stage.pool, "nosuch") is None
    assert stage.port.identity_providers(f"{REGION}:00000000-0000-0000-0000-000000000000") is None


def test_an_identity_pools_providers_are_told(stage: Stage) -> None:
    assert stage.port.identity_providers(stage.identity_pool) == frozenset({stage.provider})


class Said:
    """A session whose clients all answer alike: with one client's description, or a refusal."""

    def __init__(self, flows: list[str] | None = None, refusal: str = "") -> None:
        self.flows, self.refusal = flows, refusal

    def client(self, _service: str) -> Any:
        return self

    def describe_user_pool_client(self, **_asked: str) -> Mapping[str, Any]:
        flows = {} if self.flows is None else {"ExplicitAuthFlows": self.flows}
        return {"UserPoolClient": {"ClientName": "old", **flows}}

    def describe_user_pool(self, **_asked: str) -> Mapping[str, Any]:
        raise ClientError({"Error": {"Code": self.refusal, "Message": "no"}}, "DescribeUserPool")


@pytest.mark.parametrize(
    ("flows", "allows"),
    [
        (None, True),
        ([], True),
        (["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"], True),
        (["CUSTOM_AUTH_FLOW_ONLY"], False),
        (["ALLOW_USER_PASSWORD_AUTH"], False),
    ],
)
def test_clients_from_before_the_flows_had_todays_names_allow_srp_unless_custom_only(
    flows: list[str] | None, allows: bool
) -> None:
    session: Any = Said(flows)
    client = CognitoPools(session).client("pool", "client")
    assert client is not None
    assert ("ALLOW_USER_SRP_AUTH" in client.flows) is allows


def test_a_refusal_is_no_absence() -> None:
    session: Any = Said(refusal="AccessDeniedException")
    with pytest.raises(CloudError):
        CognitoPools(session).has_pool(f"{REGION}_Pool")
