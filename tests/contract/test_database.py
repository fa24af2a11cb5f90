"""What holds for a database: PostgreSQL behind the embedded cloud's Data API, and the fake.

These are the forms of SQL that the fake understands; the wire format of the Data API, which PostgreSQL does not show,
is held against AWS's model in tests/unit/adapters/aws/test_data_api.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from accountsctl.adapters.aws.data_api import DataApiDatabase
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.model.errors import CloudError
from accountsctl.ports.database import Database, DatabaseAddress, QueryResult
from tests.fakes.database import FakeDatabase

TEMPLATE = {
    "Resources": {
        "Cluster": {
            "Type": "AWS::RDS::DBCluster",
            "Properties": {
                "Engine": "aurora-postgresql",
                "DatabaseName": "contract",
                "MasterUsername": "owner",
                "ManageMasterUserPassword": True,
                "EnableHttpEndpoint": True,
                "ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 1},
            },
        },
        "Instance": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "Engine": "aurora-postgresql",
                "DBInstanceClass": "db.serverless",
                "DBClusterIdentifier": {"Ref": "Cluster"},
            },
        },
    },
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Cluster", "DBClusterArn"]}},
        "SecretArn": {"Value": {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}},
    },
}
LOCK = "SELECT pg_try_advisory_xact_lock(:key) AS locked"


@dataclass(frozen=True)
class Table:
    """A database, and a table of its own for one test. Not created yet."""

    database: Database
    name: str

    def create(self, transaction: str | None = None) -> None:
        columns = "name text PRIMARY KEY, checksum text NOT NULL"
        self.database.execute(f"CREATE TABLE IF NOT EXISTS {self.name} ({columns})", transaction=transaction)

    def insert(self, name: str, checksum: str, transaction: str | None = None) -> None:
        self.database.execute(
            f"INSERT INTO {self.name} (name, checksum) VALUES (:name, :checksum)",
            {"name": name, "checksum": checksum},
            transaction=transaction,
        )

    def select(self, transaction: str | None = None) -> QueryResult:
        return self.database.execute(
            f"SELECT name, checksum FROM {self.name} ORDER BY name",
            transaction=transaction,
        )

    def exists(self) -> bool:
        result = self.database.execute(f"SELECT to_regclass('{self.name}')::text")
        assert result.rows[0][0] in (self.name, None)
        return result.rows[0][0] is not None


@pytest.fixture(scope="module")
def postgres(session: Session) -> Iterator[Database]:
    """A cluster of the embedded cloud, reached through its Data API."""
    stacks = CloudFormationStacks(session, Pace(0.05, 0.2))
    ending = stacks.deploy("contract-database", json.dumps(TEMPLATE), {}, create=True, listen=lambda _: None)
    assert ending is not None
    assert ending.succeeded, ending
    outputs = stacks.outputs("contract-database")
    address = DatabaseAddress(outputs["Arn"], outputs["SecretArn"], "contract")
    yield DataApiDatabase(session.client("rds-data"), address)
    CloudFormationRepairs(session, Pace(0.05, 0.2)).delete("contract-database", (), lambda _: None)


@pytest.fixture(params=["postgres", "fake"])
def table(request: pytest.FixtureRequest) -> Table:
    database = FakeDatabase() if request.param == "fake" else request.getfixturevalue("postgres")
    return Table(database, f"t{uuid4().hex[:12]}")


def test_a_table_exists_once_it_is_created(table: Table) -> None:
    assert not table.exists()
    with pytest.raises(CloudError) as caught:
        table.select()
    assert caught.value.code == "42P01"

    table.create()
    table.create()

    assert table.exists()
    assert table.select().rows == ()


def test_rows_are_read_in_order_with_their_columns(table: Table) -> None:
    table.create()
    table.insert("b", "2")
    table.insert("a", "1")

    assert table.select() == QueryResult(("name", "checksum"), (("a", "1"), ("b", "2")), 0)


def test_a_primary_key_is_taken_once(table: Table) -> None:
    table.create()
    table.insert("a", "1")

    with pytest.raises(CloudError, match="refused the statement") as caught:
        table.insert("a", "2")
    assert caught.value.code == "23505"
    assert table.select().rows == (("a", "1"),)


def test_a_transaction_sees_its_own_work_and_others_only_what_is_committed(table: Table) -> None:
    table.create()
    transaction = table.database.begin()
    table.insert("a", "1", transaction)

    assert table.select(transaction).rows == (("a", "1"),)
    assert table.select().rows == ()

    table.database.commit(transaction)
    assert table.select().rows == (("a", "1"),)


def test_a_transaction_that_is_rolled_back_leaves_nothing(table: Table) -> None:
    transaction = table.database.begin()
    table.create(transaction)
    table.insert("a", "1", transaction)

    table.database.rollback(transaction)

    assert not table.exists()


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_transaction_ends_once(table: Table, end: str) -> None:
    transaction = table.database.begin()
    table.database.commit(transaction)

    end_again = table.database.commit if end == "commit" else table.database.rollback
    with pytest.raises(CloudError) as caught:
        end_again(transaction)
    assert caught.value.code == "TransactionNotFoundException"


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_transactions_lock_is_held_by_one_until_it_ends(table: Table, end: str) -> None:
    database = table.database
    first, second = database.begin(), database.begin()

    assert database.execute(LOCK, {"key": 1}, transaction=first).rows == ((True,),)
    assert database.execute(LOCK, {"key": 1}, transaction=first).rows == ((True,),)
    assert database.execute(LOCK, {"key": 1}, transaction=second).rows == ((False,),)
    if end == "commit":
        database.commit(first)
    else:
        database.rollback(first)
    assert database.execute(LOCK, {"key": 1}, transaction=second).rows == ((True,),)
    database.rollback(second)
