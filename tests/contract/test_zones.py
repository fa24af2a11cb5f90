"""Where databases can run: EC2 and RDS of the embedded cloud, and the fake."""

from __future__ import annotations

import re

import pytest

from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.zones import AwsZones
from accountsctl.model.errors import CloudError
from accountsctl.ports.zones import Zones
from tests.contract.conftest import REGION
from tests.fakes.zones import FakeZones


@pytest.fixture(params=["embedded", "fake"])
def zones(request: pytest.FixtureRequest) -> Zones:
    return AwsZones(request.getfixturevalue("session")) if request.param == "embedded" else FakeZones()


def test_there_are_two_zones_of_the_region_in_a_fixed_order(zones: Zones) -> None:
    found = zones.usable()
    assert len(found) >= 2
    assert list(found) == sorted(found)
    assert all(re.fullmatch(rf"{REGION}[a-z]", name) for name in found)


def test_an_account_that_cannot_be_asked_is_an_error() -> None:
    with pytest.raises(CloudError):
        AwsZones(Session(REGION, endpoint="http://127.0.0.1:1")).usable()
