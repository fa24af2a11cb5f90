"""Whose credentials these are: STS of the embedded cloud, and the fake."""

from __future__ import annotations

import re

import pytest

from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from accountsctl.ports.identity import Identity
from tests.fakes.stacks import FakeIdentity


@pytest.fixture(params=["embedded", "fake"])
def identity(request: pytest.FixtureRequest) -> Identity:
    port: Identity = request.getfixturevalue("session") if request.param == "embedded" else FakeIdentity()
    return port


def test_the_caller_has_an_account_an_arn_of_it_and_the_region(identity: Identity) -> None:
    caller = identity.caller()

    assert re.fullmatch(r"\d{12}", caller.account)
    assert caller.arn.startswith("arn:aws:")
    assert f":{caller.account}:" in caller.arn
    assert caller.region == "eu-west-1"


def test_the_caller_is_the_same_every_time(identity: Identity) -> None:
    assert identity.caller() == identity.caller()


def test_the_region_is_known_without_a_call() -> None:
    assert Session("eu-west-1", endpoint="http://127.0.0.1:1").region == FakeIdentity().region == "eu-west-1"


def test_a_profile_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(CloudError) as caught:
        Session("eu-west-1", profile="no-such-profile-here").caller()
    assert caught.value.code == "ProfileNotFound"
    assert caught.value.hint


def test_an_endpoint_that_does_not_respond_is_an_error() -> None:
    session = Session("eu-west-1", endpoint="http://127.0.0.1:1")
    with pytest.raises(CloudError) as caught:
        session.caller()
    assert caught.value.code == "EndpointConnectionError"
