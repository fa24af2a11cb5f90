"""Functions that Lambda does not create: names that are paths, code that fills the disk."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients


def zipped(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("index.py", "w") as entry:
        for start in range(0, size, 1 << 20):
            entry.write(bytes(min(1 << 20, size - start)))
    return out.getvalue()


def spec(name: str, code: bytes) -> dict[str, Any]:
    return {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": "arn:aws:iam::123456789012:role/r",
        "Code": {"ZipFile": code},
    }


@pytest.mark.parametrize("name", ["../../../evil", "a/b", "a b", "x" * 65, "a.b"])
def test_a_name_that_is_no_functions_name_is_refused(client: ServiceClients, name: str) -> None:
    lambdas = client("lambda")
    with pytest.raises(ClientError) as refused:
        lambdas.create_function(**spec(name, zipped(10)))
    wanted = "InvalidParameterValueException" if len(name) == 65 else "ValidationException"
    assert refused.value.response["Error"]["Code"] == wanted  # as recorded on AWS
    assert "functionName" in refused.value.response["Error"]["Message"]


@pytest.mark.slow
def test_code_that_is_too_large_unzipped_is_refused_when_created_and_when_updated(
    client: ServiceClients,
) -> None:
    lambdas, large = client("lambda"), zipped(262_144_000)
    client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA_TRUST)
    with pytest.raises(ClientError, match="Unzipped size must be smaller than 262144000 bytes"):
        lambdas.create_function(**spec("bomb", large))
    digest = lambdas.create_function(**spec("fits", zipped(10)))["CodeSha256"]
    with pytest.raises(ClientError, match="Unzipped size must be smaller than 262144000 bytes"):
        lambdas.update_function_code(FunctionName="fits", ZipFile=large)
    assert lambdas.get_function_configuration(FunctionName="fits")["CodeSha256"] == digest
    lambdas.delete_function(FunctionName="fits")
    client("iam").delete_role(RoleName="r")


def test_a_function_that_is_too_large_with_its_layers_is_refused_when_it_gets_code_or_layers(
    client: ServiceClients,
) -> None:
    lambdas, iam = client("lambda"), client("iam")
    half = zipped(140_000_000)
    layer = lambdas.publish_layer_version(LayerName="half", Content={"ZipFile": half})["LayerVersionArn"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA_TRUST)
    message = "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes"
    with pytest.raises(ClientError, match=f"{message}. The actual size is 280000000 bytes"):
        lambdas.create_function(**spec("both", half), Layers=[layer])
    lambdas.create_function(**spec("both", half))
    with pytest.raises(ClientError, match=message):
        lambdas.update_function_configuration(FunctionName="both", Layers=[layer])
    assert not lambdas.get_function_configuration(FunctionName="both").get("Layers")
    digest = lambdas.update_function_code(FunctionName="both", ZipFile=zipped(10))["CodeSha256"]
    lambdas.update_function_configuration(FunctionName="both", Layers=[layer])
    with pytest.raises(ClientError, match=message):
        lambdas.update_function_code(FunctionName="both", ZipFile=half)
    assert lambdas.get_function_configuration(FunctionName="both")["CodeSha256"] == digest
    lambdas.delete_function(FunctionName="both")
    lambdas.delete_layer_version(LayerName="half", VersionNumber=1)
    iam.delete_role(RoleName="r")


@pytest.mark.slow
def test_code_that_is_sent_in_the_call_has_at_most_50_mb(client: ServiceClients) -> None:
    lambdas, iam = client("lambda"), client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA_TRUST)
    with pytest.raises(ClientError, match="Request must be smaller than 69905067 bytes for the") as refused:
        lambdas.create_function(**spec("sent", bytes(52_428_800)))
    assert refused.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    iam.delete_role(RoleName="r")
