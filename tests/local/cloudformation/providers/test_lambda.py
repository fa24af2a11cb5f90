from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers.base import Properties, ProviderError
from tests.local.cloudformation.providers.conftest import TRUST, Bench

FUNCTION = "AWS::Lambda::Function"


@pytest.fixture
def properties(bench: Bench) -> dict[str, Any]:
    role = bench.create("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}).attributes["Arn"]
    return {
        "Role": role,
        "Runtime": "python3.14",
        "Handler": "index.handler",
        "Timeout": "20",
        "Code": {"ZipFile": "def handler(event, context): return 1"},
        "Environment": {"Variables": {"STAGE": "dev"}},
    }


def archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as files:
        files.writestr("index.py", text)
    return buffer.getvalue()


def test_a_function_with_inline_code_exists_and_forgets_what_its_template_drops(
    bench: Bench, properties: Properties
) -> None:
    made = bench.create(FUNCTION, properties)
    assert (
        made.attributes["Arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:demo-Thing-ABCDEFGHIJKL"
    )
    client = bench.client("lambda")
    shown = client.get_function_configuration(FunctionName=made.physical_id)
    assert (shown["Timeout"], shown["Environment"]["Variables"]) == (20, {"STAGE": "dev"})

    new = {key: value for key, value in properties.items() if key not in ("Timeout", "Environment")}
    assert bench.update(FUNCTION, made, properties, new) == made
    shown = client.get_function_configuration(FunctionName=made.physical_id)
    assert (shown["Timeout"], shown.get("Environment", {}).get("Variables", {})) == (3, {})
    bench.delete(FUNCTION, made, new)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        client.get_function(FunctionName=made.physical_id)


def test_code_from_a_bucket_is_replaced_in_place(bench: Bench, properties: Properties) -> None:
    s3 = bench.client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for key in ("one", "two"):
        s3.put_object(Bucket="code", Key=key, Body=archive(key))
    old = {**properties, "Code": {"S3Bucket": "code", "S3Key": "one"}}
    new = {**properties, "Code": {"S3Bucket": "code", "S3Key": "two"}}
    made = bench.create(FUNCTION, old)
    client = bench.client("lambda")
    before = client.get_function_configuration(FunctionName=made.physical_id)["CodeSha256"]
    bench.update(FUNCTION, made, old, new)
    assert client.get_function_configuration(FunctionName=made.physical_id)["CodeSha256"] != before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Timeout": 901}, "Value '901' at 'timeout' .* less than or equal to 900"),
        ({"MemorySize": 64}, "Value '64' at 'memorySize' .* greater than or equal to 128"),
        ({"Code": {"ImageUri": "x"}}, "ImageUri"),
    ],
)
def test_what_lambda_refuses_is_refused_and_nothing_is_made(
    bench: Bench, properties: Properties, change: Properties, words: str
) -> None:
    with pytest.raises(ProviderError, match=words):
        bench.create(FUNCTION, {**properties, **change})
    assert bench.client("lambda").list_functions()["Functions"] == []


def test_a_permission_is_a_statement_of_the_functions_policy(bench: Bench, properties: Properties) -> None:
    function = bench.create(FUNCTION, properties)
    statement = {
        "FunctionName": function.attributes["Arn"],
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:abc/*/GET/accounts",
    }
    made = bench.create("AWS::Lambda::Permission", statement)
    assert made.attributes == {"Id": made.physical_id}
    client = bench.client("lambda")
    assert made.physical_id in client.get_policy(FunctionName=function.physical_id)["Policy"]
    bench.delete("AWS::Lambda::Permission", made, statement)


def test_versions_and_aliases_are_known_by_their_arns(bench: Bench, properties: Properties) -> None:
    function = bench.create(FUNCTION, properties)
    version = bench.create("AWS::Lambda::Version", {"FunctionName": function.physical_id})
    assert version.physical_id.endswith(":demo-Thing-ABCDEFGHIJKL:1")
    assert version.attributes["Version"] == "1"
    alias = {"FunctionName": function.physical_id, "Name": "live", "FunctionVersion": "1"}
    made = bench.create("AWS::Lambda::Alias", alias)
    assert made.physical_id == made.attributes["AliasArn"]
    assert made.physical_id.endswith(":live")
    bench.update("AWS::Lambda::Alias", made, alias, {**alias, "Description": "now"})
    bench.delete("AWS::Lambda::Alias", made, alias)
    bench.delete("AWS::Lambda::Version", version, {"FunctionName": function.physical_id})
