"""What the Data API refuses before any SQL runs, and what botocore makes of its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from accountsctl.localcloud.contracts.messages import Request
from tests.local.rds_data.conftest import (
    ARN,
    DATABASE,
    PASSWORD,
    REGION,
    SECRET,
    Caller,
    Clock,
    FakeLookups,
    Refused,
)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"http_endpoint_enabled": False}, 400, "HttpEndpointNotEnabledException"),
        ({"region": "us-east-1"}, 400, "HttpEndpointNotEnabledException"),
        ({"status": "creating"}, 400, "InvalidResourceStateException"),
        ({"status": "stopped"}, 400, "InvalidResourceStateException"),
        ({"has_instance": False}, 404, "DatabaseNotFoundException"),
        ({"engine": "aurora-mysql"}, 400, "BadRequestException"),
    ],
)
def test_a_cluster_that_does_not_serve_is_refused(
    call: Caller, lookups: FakeLookups, change: dict[str, Any], status: int, code: str
) -> None:
    lookups.change(**change)
    with pytest.raises(Refused) as refused:
        call.sql("SELECT 1")
    assert (refused.value.status, refused.value.code) == (status, code)


def test_an_arn_in_another_case_has_no_endpoint(call: Caller) -> None:
    with pytest.raises(Refused, match="HttpEndpoint is not enabled for cluster accountsCluster"):
        call.sql("SELECT 1", resourceArn=ARN.replace("accountscluster", "accountsCluster"))


def test_a_secret_that_is_missing_or_holds_no_login_is_refused(call: Caller, lookups: FakeLookups) -> None:
    with pytest.raises(Refused, match="SecretsErrorException"):
        call.sql("SELECT 1", secretArn=f"{SECRET}x")
    for text in ("plain", "[]", '{"username": "u"}', '{"username": 1, "password": "p"}'):
        lookups.secrets[SECRET] = text
        with pytest.raises(Refused, match="InvalidSecretException") as refused:
            call.sql("SELECT 1")
        assert text not in refused.value.message


def test_a_wrong_password_is_the_databases_refusal(call: Caller, lookups: FakeLookups) -> None:
    lookups.secrets[SECRET] = json.dumps({"username": "postgresadmin", "password": "wrong"})
    with pytest.raises(Refused) as refused:
        call.sql("SELECT 1")
    assert (refused.value.status, refused.value.code) == (400, "DatabaseErrorException")
    assert refused.value.message == (
        'FATAL: password authentication failed for user "postgresadmin"; SQLState: 28P01'
    )


def test_our_own_superuser_is_closed_to_callers(call: Caller, lookups: FakeLookups) -> None:
    lookups.secrets[SECRET] = json.dumps({"username": "rdsadmin", "password": ""})
    with pytest.raises(Refused, match="SQLState: 28P01"):
        call.sql("SELECT 1")


def test_a_rotated_password_works_and_the_old_one_no_longer(call: Caller, lookups: FakeLookups) -> None:
    old = lookups.secrets[SECRET]
    lookups.change(master_password="rotated")
    lookups.secrets[SECRET] = json.dumps({"username": "postgresadmin", "password": "rotated"})
    assert call.value("1") == {"longValue": 1}
    lookups.secrets[SECRET] = old
    with pytest.raises(Refused, match="28P01"):
        call.sql("SELECT 1", database="postgres")
    lookups.change(master_password=PASSWORD)
    assert call.value("1", database="postgres") == {"longValue": 1}


def test_without_a_database_the_users_name_is_taken(call: Caller) -> None:
    with pytest.raises(Refused) as refused:
        call.sql("SELECT 1", database=None)
    assert refused.value.message == 'ERROR: database "postgresadmin" does not exist; SQLState: 3D000'


def test_a_databases_name_is_case_sensitive(call: Caller) -> None:
    assert call.value("current_database()") == {"stringValue": DATABASE}
    with pytest.raises(Refused, match='database "accountsdatabase" does not exist; SQLState: 3D000'):
        call.sql("SELECT 1", database=DATABASE.lower())


def test_every_fault_of_a_request_is_named_at_once(call: Caller) -> None:
    with pytest.raises(Refused) as refused:
        call("/Execute", secretArn="short", formatRecordsAs="XML")
    assert refused.value.code == "ValidationException"
    for word in ("3 validation errors", "'sql'", "'secretArn'", "'formatRecordsAs'"):
        assert word in refused.value.message


@pytest.mark.parametrize(
    ("path", "members", "said"),
    [
        ("/Execute", {"sql": "SELECT 1", "schema": "public"}, "The schema parameter isn't supported"),
        ("/Execute", {"sql": "x" * 65537}, "length less than or equal to 65536"),
        ("/Execute", {"sql": 1}, "sql is not a string"),
        ("/Execute", {"sql": "SELECT 1", "parameters": {}}, "parameters is not a list"),
        ("/Execute", {"sql": "SELECT 1", "parameters": [1]}, "not an object"),
        ("/CommitTransaction", {}, "'transactionId'"),
        ("/ExecuteSql", {}, "deprecated"),
        ("/Nothing", {}, "No operation"),
    ],
)
def test_a_malformed_request_is_refused(call: Caller, path: str, members: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        call(path, **members)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(call: Caller, body: bytes) -> None:
    answer = call.api.handle(Request("POST", "/Execute", body=body), REGION)
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (400, "SerializationException")


def test_a_request_over_four_megabytes_is_refused(call: Caller) -> None:
    answer = call.api.handle(Request("POST", "/Execute", body=b" " * (4 * 1024 * 1024 + 1)), REGION)
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (400, "BadRequestException")


def test_a_paused_cluster_resumes_after_the_first_call(call: Caller, clock: Clock) -> None:
    call.api.pause(ARN, 15)
    clock.now += 100
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            call.sql("SELECT 1")
        assert (refused.value.status, refused.value.code) == (400, "DatabaseResumingException")
        assert f"{ARN} is resuming after being auto-paused" in refused.value.message
        clock.now += 7
    clock.now += 2
    assert call.value("1") == {"longValue": 1}


@pytest.fixture
def client(make: Callable[..., Caller]) -> Iterator[Any]:
    """boto3's client, over a socket."""
    api = make().api

    class Shell(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = api.handle(
                Request("POST", self.path, headers=tuple(self.headers.items()), body=body), REGION
            )
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shell)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    client = boto3.client(
        "rds-data",
        region_name=REGION,
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


WHO = {"resourceArn": ARN, "secretArn": SECRET, "database": DATABASE}


def test_boto3_reads_every_kind_of_answer(client: Any) -> None:
    answer = client.execute_statement(
        **WHO,
        sql="SELECT 1, :b, ARRAY['x'], 1.5::float8, NULL",
        parameters=[{"name": "b", "value": {"blobValue": b"\x00\xff"}}],
        includeResultMetadata=True,
    )
    assert answer["records"] == [
        [
            {"longValue": 1},
            {"blobValue": b"\x00\xff"},
            {"arrayValue": {"stringValues": ["x"]}},
            {"doubleValue": 1.5},
            {"isNull": True},
        ]
    ]
    assert [column["typeName"] for column in answer["columnMetadata"]] == [
        "int4",
        "bytea",
        "_text",
        "float8",
        "text",
    ]
    assert answer["ResponseMetadata"]["RequestId"]


def test_boto3_runs_a_transaction_with_a_batch(client: Any, table: str) -> None:
    name = client.begin_transaction(**WHO)["transactionId"]
    answer = client.batch_execute_statement(
        **WHO,
        transactionId=name,
        sql="INSERT INTO accounts (number) VALUES (:n)",
        parameterSets=[[{"name": "n", "value": {"stringValue": text}}] for text in "ab"],
    )
    assert [result["generatedFields"] for result in answer["updateResults"]] == [[], []]
    ended = client.commit_transaction(resourceArn=ARN, secretArn=SECRET, transactionId=name)
    assert ended["transactionStatus"] == "Transaction Committed"


def test_boto3_raises_the_modelled_exceptions(client: Any) -> None:
    with pytest.raises(client.exceptions.DatabaseErrorException, match="SQLState: 42P01"):
        client.execute_statement(**WHO, sql="SELECT * FROM nowhere")
    with pytest.raises(client.exceptions.TransactionNotFoundException):
        client.commit_transaction(resourceArn=ARN, secretArn=SECRET, transactionId="none")
    with pytest.raises(client.exceptions.UnsupportedResultException):
        client.execute_statement(**WHO, sql="SELECT 1::money")
    with pytest.raises(ClientError, match="Multistatements") as refused:
        client.execute_statement(**WHO, sql="SELECT 1; SELECT 2")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
