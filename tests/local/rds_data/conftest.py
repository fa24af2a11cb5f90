"""One real PostgreSQL for the whole run, and a Data API over it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from accountsctl.localcloud.contracts.lookups import Cluster, FunctionConfig, Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.rds_data import DataApi
from accountsctl.localcloud.rds_data.postgres.servers import Postgres

REGION = "eu-central-1"
ARN = f"arn:aws:rds:{REGION}:123456789012:cluster:accountscluster"
SECRET = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:rds!cluster-1-AbCdEf"
DATABASE = "accountsDatabase"
PASSWORD = "it's \\ a % secret"

CLUSTER = Cluster(
    arn=ARN,
    identifier="accountscluster",
    resource_id="cluster-DATAAPI",
    region=REGION,
    engine="aurora-postgresql",
    status="available",
    http_endpoint_enabled=True,
    has_instance=True,
    database=DATABASE,
    master_username="postgresadmin",
    master_password=PASSWORD,
)


class FakeLookups:
    """The account's clusters and secrets, to be changed by tests."""

    def __init__(self, cluster: Cluster = CLUSTER) -> None:
        self.found = {cluster.arn: cluster}
        login = {"username": cluster.master_username, "password": cluster.master_password}
        self.secrets = {SECRET: json.dumps(login)}

    def change(self, **members: Any) -> None:
        self.found[ARN] = dataclasses.replace(self.found[ARN], **members)

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None:
        return None

    def cluster(self, arn: str) -> Cluster | None:
        return self.found.get(arn)

    def secret(self, arn_or_name: str, region: str) -> str | None:
        return self.secrets.get(arn_or_name)

    def signer(self, access_key_id: str, token: str | None = None) -> Signer | None:
        return None

    def jwks(self, user_pool_id: str) -> Mapping[str, Any] | None:
        return None

    def clusters(self) -> list[Cluster]:
        return list(self.found.values())


class Refused(Exception):
    """The Data API answered with an error."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.code = response.header("x-amzn-ErrorType")
        self.body = json.loads(response.body)
        self.message = self.body["message"]
        super().__init__(f"{self.code}: {self.message}")


class Caller:
    """Calls the Data API as a client does, with the members that every call has."""

    def __init__(self, api: DataApi) -> None:
        self.api = api

    def __call__(self, path: str, **members: Any) -> dict[str, Any]:
        body = {"resourceArn": ARN, "secretArn": SECRET, "database": DATABASE, **members}
        kept = {name: value for name, value in body.items() if value is not None}
        answer = self.api.handle(Request("POST", path, body=json.dumps(kept).encode()), REGION)
        if answer.status != 200:
            raise Refused(answer)
        answered: dict[str, Any] = json.loads(answer.body)
        return answered

    def sql(self, sql: str, *parameters: dict[str, Any], **members: Any) -> dict[str, Any]:
        return self("/Execute", sql=sql, parameters=list(parameters), **members)

    def value(self, expression: str, *parameters: dict[str, Any], **members: Any) -> dict[str, Any]:
        """The one Field that ``SELECT expression`` returns."""
        ((field,),) = self.sql(f"SELECT {expression}", *parameters, **members)["records"]
        value: dict[str, Any] = field
        return value


def param(name: str, hint: str | None = None, **value: Any) -> dict[str, Any]:
    return {"name": name, "value": value, **({"typeHint": hint} if hint else {})}


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path_factory.mktemp("postgres"))
    yield postgres
    postgres.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lookups() -> FakeLookups:
    return FakeLookups()


@pytest.fixture
def make(servers: Postgres, lookups: FakeLookups, clock: Clock) -> Iterator[Callable[..., Caller]]:
    made: list[DataApi] = []

    def build(**options: Any) -> Caller:
        made.append(DataApi(lookups, servers, clock=clock, **options))
        return Caller(made[-1])

    yield build
    for api in made:
        api.close()


@pytest.fixture
def call(make: Callable[..., Caller]) -> Caller:
    return make()


@pytest.fixture
def table(call: Caller) -> Iterator[str]:
    """An empty table of accounts."""
    call.sql('DROP TABLE IF EXISTS "accounts"')
    call.sql(
        "CREATE TABLE accounts (id serial PRIMARY KEY, number text UNIQUE NOT NULL, balance numeric(12,2))"
    )
    yield "accounts"
    call.sql("DROP TABLE accounts")
