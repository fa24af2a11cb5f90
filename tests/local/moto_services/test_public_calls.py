"""The region of Cognito's calls that carry no signature."""

import json

import pytest

from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.public_calls import is_public, region_of_unsigned
from accountsctl.localcloud.moto_services.service import Control

DISPATCHED_TO = "us-east-1"
POOL_REGION = "eu-central-1"


def region_of(body: bytes, method: str = "POST") -> str:
    headers = (("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth"),)
    request = Request(method, "/", "", headers, body)
    where = target(request)
    assert (where.scope, where.region) == ("cognito-idp", DISPATCHED_TO)
    return region_of_unsigned(request, where)


@pytest.fixture(scope="module")
def client_id() -> str:
    """An app client of a pool in another region than the one that requests are dispatched to."""
    control = Control(lambda _: None)
    control.prepare(None)
    clients = Clients(lambda request: control.handle(request, target(request)), "http://127.0.0.1")
    cognito = clients("cognito-idp", POOL_REGION)
    pool_id = cognito.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="c")
    return str(client["UserPoolClient"]["ClientId"])


def test_a_call_that_names_a_client_belongs_to_the_region_of_its_pool(client_id: str) -> None:
    assert region_of(json.dumps({"ClientId": client_id}).encode()) == POOL_REGION


@pytest.mark.parametrize("body", [b"{}", b'{"ClientId": "unknown"}', b"[]", b'"text"', b"null", b"not JSON"])
def test_any_other_body_keeps_the_region_that_the_request_was_dispatched_to(
    client_id: str, body: bytes
) -> None:
    assert region_of(body) == DISPATCHED_TO


def test_a_call_that_is_not_a_post_keeps_the_region_too(client_id: str) -> None:
    assert region_of(json.dumps({"ClientId": client_id}).encode(), "GET") == DISPATCHED_TO


@pytest.mark.parametrize(("operation", "public"), [("InitiateAuth", True), ("AdminDeleteUser", False)])
def test_only_the_operations_of_users_need_no_signature(operation: str, public: bool) -> None:
    headers = (("X-Amz-Target", f"AWSCognitoIdentityProviderService.{operation}"),)
    assert is_public(Request("POST", "/", "", headers, b"{}")) is public
