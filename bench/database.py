"""One row by its key: by the Data API over plain HTTP, and by psycopg on the same server."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.clouds import Cloud
from bench.figures import Figures, Rate
from bench.load import Load, load, request, tree

SQL = "SELECT id, nickname FROM accounts WHERE id = {}"
DATABASE = "accountsDatabase"


def by_http(seconds: float) -> Callable[[Cloud, int], Load]:
    """ExecuteStatement, signed once: a signature is good for five minutes."""

    def measure(cloud: Cloud, connections: int) -> Load:
        url = f"{_endpoint(cloud)}/Execute"
        return load(url, _signed(cloud, url), connections, seconds, cloud.process)

    return measure


def _endpoint(cloud: Cloud) -> str:
    return (cloud.environment or {})["AWS_ENDPOINT_URL"]


def _session(cloud: Cloud) -> Any:
    import boto3

    environment = cloud.environment or {}
    return boto3.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name="eu-west-1"
    )


def _cluster(cloud: Cloud) -> dict[str, Any]:
    clusters = _session(cloud).client("rds", endpoint_url=_endpoint(cloud)).describe_db_clusters()
    found: dict[str, Any] = clusters["DBClusters"][0]
    return found


def _signed(cloud: Cloud, url: str) -> bytes:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    cluster = _cluster(cloud)
    body = json.dumps(
        {
            "resourceArn": cluster["DBClusterArn"],
            "secretArn": cluster["MasterUserSecret"]["SecretArn"],
            "database": DATABASE,
            "sql": SQL.format(":id"),
            "parameters": [{"name": "id", "value": {"longValue": 1}}],
        }
    ).encode()
    unsigned = AWSRequest("POST", url, {"Content-Type": "application/json"}, body)
    SigV4Auth(_session(cloud).get_credentials(), "rds-data", "eu-west-1").add_auth(unsigned)
    return request(url, list(unsigned.headers.items()), "POST", body)


def by_psycopg(cloud: Cloud, seconds: float, figures: Figures) -> None:
    """Print the rates of psycopg's own connections."""
    from psycopg import Connection

    secret = _cluster(cloud)["MasterUserSecret"]["SecretArn"]
    client = _session(cloud).client("secretsmanager", endpoint_url=_endpoint(cloud))
    login = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])
    host, user = _socket_folder(cloud.process), login["username"]
    for number in (1, 8):
        connections = [
            Connection.connect(
                host=host, user=user, password=login["password"], dbname=DATABASE, autocommit=True
            )
            for _ in range(number)
        ]
        end = time.perf_counter() + seconds
        with ThreadPoolExecutor(number) as threads:
            rate = sum(threads.map(_queries, connections, [end] * number)) / seconds
        print(f"{'psycopg':<20} {number:2} {'':<20} {'':<27} {rate:7.0f}/s", flush=True)
        figures.rates.append(Rate.of("Data API", "psycopg", number, Load(0.0, 0.0, rate)))
        for connection in connections:
            connection.close()


def _queries(connection: Any, end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        connection.execute(SQL.format("%s"), (1,)).fetchall()
        count += 1
    return count


def _socket_folder(process: int) -> str:
    """Where the PostgreSQL server of a cloud listens: it is started with ``-k FOLDER``."""
    for child in tree(process):
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "-k" in words:
            return words[words.index("-k") + 1]
    raise SystemExit("The cloud has no PostgreSQL server.")
