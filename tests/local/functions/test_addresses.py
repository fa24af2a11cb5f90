"""The addresses in Lambda's answers can be opened: those of function URLs, and of the code."""

from __future__ import annotations

import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator

import pytest

from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients
from tests.local.lambdas.conftest import zipped

CODE = zipped({"index.py": "def handler(event, context): return event['rawPath']"})


@pytest.fixture
def name(client: ServiceClients) -> Iterator[str]:
    """A function."""
    made = f"opened-{uuid.uuid4().hex[:8]}"
    role = client("iam").create_role(RoleName=made, AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    client("lambda").create_function(
        FunctionName=made, Role=role, Runtime="python3.14", Handler="index.handler", Code={"ZipFile": CODE}
    )
    yield made
    client("lambda").delete_function(FunctionName=made)
    client("iam").delete_role(RoleName=made)


def opened(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        content: bytes = response.read()
        return content


def test_a_function_url_is_open_at_the_address_that_lambda_reports(client: ServiceClients, name: str) -> None:
    lambdas = client("lambda")
    for number, action in enumerate(("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")):
        lambdas.add_permission(FunctionName=name, StatementId=f"s{number}", Action=action, Principal="*")
    made = lambdas.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    shown = lambdas.get_function_url_config(FunctionName=name)["FunctionUrl"]
    assert made == shown
    assert opened(f"{made}x?y=1") == b"/x"


def test_the_code_is_at_its_location_for_whoever_knows_its_hash(client: ServiceClients, name: str) -> None:
    found = client("lambda").get_function(FunctionName=name)["Code"]
    assert opened(found["Location"]) == CODE
    with pytest.raises(urllib.error.HTTPError, match="404"):
        opened(found["Location"][:-64] + "0" * 64)
