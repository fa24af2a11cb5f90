"""Which zones are usable, by what EC2 and RDS answer."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.adapters.aws.zones import AwsZones


class TwoServices:
    """A session whose EC2 and RDS answer these names."""

    def __init__(self, present: str, offered: str) -> None:
        self._present, self._offered = present, offered
        self.filters: list[Any] = []

    def client(self, service: str) -> Any:
        assert service in ("ec2", "rds")
        return self

    def describe_availability_zones(self, Filters: Any) -> dict[str, Any]:
        self.filters = Filters
        return {"AvailabilityZones": [{"ZoneName": name} for name in self._present.split()]}

    def get_paginator(self, operation: str) -> TwoServices:
        assert operation == "describe_orderable_db_instance_options"
        return self

    def paginate(self, **request: str) -> list[dict[str, Any]]:
        assert request == {"Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless"}
        options = [{"AvailabilityZones": [{"Name": name}]} for name in self._offered.split()]
        return [{"OrderableDBInstanceOptions": options[:1]}, {"OrderableDBInstanceOptions": options[1:]}]


@pytest.mark.parametrize(
    ("present", "offered", "usable"),
    [
        ("c a b", "a c d", ("a", "c")),
        ("b a", "", ("a", "b")),
        ("a b", "c", ()),
    ],
    ids=["in both", "RDS does not say", "none in both"],
)
def test_zones_are_usable_that_are_open_and_offer_the_instance_class(
    present: str, offered: str, usable: tuple[str, ...]
) -> None:
    session = TwoServices(present, offered)
    assert AwsZones(session).usable() == usable  # type: ignore[arg-type]
    assert {"Name": "zone-type", "Values": ["availability-zone"]} in session.filters
