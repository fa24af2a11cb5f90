"""Libraries by which programs reach the Data API and Cognito: each runs a program that does what its users do."""

from __future__ import annotations

import json
import shutil
import uuid
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.clients.tools import PROGRAMS, Client, Shell, exercises
from tests.local.conftest import service_clients

pytestmark = pytest.mark.slow

NODE_PACKAGES = {
    "data-api-client": "1.3.1",
    "aws-sdk": "2.1693.0",  # what data-api-client calls
    "drizzle-orm": "0.45.4",
    "kysely": "0.27.6",  # the newest one that kysely-data-api takes
    "kysely-data-api": "2.0.0",
    "@aws-sdk/client-rds-data": "3.1143.0",
}
NODE = Client("node-libraries", tuple(f"{name}@{version}" for name, version in NODE_PACKAGES.items()))
DATA_API_CLIENT = Client("data-api-client", (f"data-api-client@{NODE_PACKAGES['data-api-client']}",), NODE)
DRIZZLE = Client("drizzle-orm", (f"drizzle-orm@{NODE_PACKAGES['drizzle-orm']}",), NODE)
KYSELY = Client("kysely", (f"kysely@{NODE_PACKAGES['kysely']}",), NODE)
PYTHON = Client(
    "python-libraries",
    (
        "aurora-data-api==0.5.0",
        "sqlalchemy-aurora-data-api==0.5.0",
        "SQLAlchemy==2.1.9",
        "pycognito==2024.5.1",
    ),
)
AURORA_DATA_API = Client("aurora-data-api", ("aurora-data-api==0.5.0",), PYTHON)
SQLALCHEMY = Client("SQLAlchemy", ("SQLAlchemy==2.1.9",), PYTHON)
PYCOGNITO = Client("pycognito", ("pycognito==2024.5.1",), PYTHON)
MISSING = 'ERROR: relation "nowhere" does not exist; Position: 15; SQLState: 42P01'
SECONDS = "2026-01-02T03:04:05.000Z"


@pytest.fixture(scope="module")
def database(cloud: LocalCloudClient) -> dict[str, str]:
    """The variables that name a database to a program."""
    rds, name = service_clients(cloud)("rds"), f"clients-{uuid.uuid4().hex[:6]}"
    engine: dict[str, Any] = {"DBClusterIdentifier": name, "Engine": "aurora-postgresql"}
    owner = {"MasterUsername": "boss", "ManageMasterUserPassword": True}
    made = rds.create_db_cluster(**engine, **owner, DatabaseName="shop", EnableHttpEndpoint=True)["DBCluster"]
    rds.create_db_instance(**engine, DBInstanceIdentifier=f"{name}-1", DBInstanceClass="db.serverless")
    secret = made["MasterUserSecret"]["SecretArn"]
    return {"CLUSTER": made["DBClusterArn"], "SECRET": secret, "DATABASE": "shop"}


def result(shell: Shell, client: Client, program: str, variables: dict[str, str]) -> dict[str, Any]:
    """What a program prints last, which is JSON."""
    folder = client.installed()
    shutil.copy(PROGRAMS / program, folder)  # Node.js looks for packages from the program's own folder
    runner = str(folder / "bin/python") if program.endswith(".py") else "node"
    printed = shell.run(runner, str(folder / program), expect=0, **variables).out
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


@exercises(
    DATA_API_CLIENT, "rows, batches, types, a transaction that fails and one that is committed, an error"
)
def test_data_api_client(shell: Shell, database: dict[str, str]) -> None:
    found = result(shell, DATA_API_CLIENT, "data_api_client.cjs", database)
    assert found["inserted"] == [{"id": 1}]
    assert [row["name"] for row in found["records"]] == ["a", "b", "c", "kept"]
    assert found["records"][0] == {"name": "a", "price": "1.5", "at": None}
    assert found["rolledBack"] == "DatabaseErrorException"
    assert found["error"] == {"name": "DatabaseErrorException", "message": MISSING}


@exercises(
    DRIZZLE, "`aws-data-api/pg`: typed rows, conditions, `returning`, a transaction rolled back, an error"
)
def test_drizzle(shell: Shell, database: dict[str, str]) -> None:
    found = result(shell, DRIZZLE, "drizzle.mjs", database)
    (row,) = found["returned"]
    assert {name: row[name] for name in ("amount", "price", "paid", "tags", "at")} == {
        "amount": 7,
        "price": "1.50",
        "paid": True,
        "tags": {"list": [1, 2]},
        "at": SECONDS,
    }
    assert (found["rolledBack"], found["found"]) == ("changed my mind", [{"name": "b", "amount": 1}])
    assert found["error"]["name"] == "DatabaseErrorException"
    assert found["error"]["message"].endswith("violates not-null constraint; SQLState: 23502")


@exercises(
    KYSELY,
    "with kysely-data-api 2.0.0: tables, rows, `returning`, a transaction rolled back, counts, an error",
)
def test_kysely(shell: Shell, database: dict[str, str]) -> None:
    found = result(shell, KYSELY, "kysely.mjs", database)
    assert found["rows"] == [
        {"id": 1, "name": "a", "weight": 1.5, "tame": True},
        {"id": 2, "name": "b", "weight": 2, "tame": False},
    ]
    assert (found["inserted"], found["rolledBack"], found["updated"]) == (
        [{"id": 1}, {"id": 2}],
        "changed my mind",
        1,
    )
    assert found["error"] == {"name": "DatabaseErrorException", "message": MISSING}


@exercises(
    SQLALCHEMY, "with sqlalchemy-aurora-data-api 0.5.0: tables, rows, types, a transaction rolled back"
)
@exercises(
    AURORA_DATA_API, "rows, types, arrays, `executemany` of 2,000 rows, a transaction rolled back, an error"
)
def test_python_programs(shell: Shell, database: dict[str, str]) -> None:
    found = result(shell, AURORA_DATA_API, "data_api.py", database)
    moment = "datetime.datetime(2026, 1, 2, 3, 4, 5)"
    price = "Decimal('1.50')"
    assert found["dbapi"] == {
        "first": ["1", price, moment, "datetime.date(2026, 1, 2)", "['a', 'b']"],
        "described": ["id", "price", "at", "day", "tags"],
        "count": 2001,
        "error": f"ER_UNDEF_TABLE: {MISSING}",
    }
    assert found["sqlalchemy"] == {"made": [1], "rows": [["1", "'a'", price, moment]]}


@exercises(
    PYCOGNITO,
    "SRP, a new password at the first sign-in, refresh, attributes, change of password, sign-out; its keys by "
    "`COGNITO_JWKS`, because it reads them from AWS's own host",
)
def test_pycognito(shell: Shell) -> None:
    assert result(shell, PYCOGNITO, "sign_in.py", {}) == {
        "first": "has to change the password",
        "wrong": "NotAuthorizedException",
        "renewed": True,
        "team": "accounts",
        "verified": "ada",
        "out": "NotAuthorizedException",
    }
