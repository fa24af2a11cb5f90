"""Availability zones by EC2 and RDS.

Not every zone that an account sees takes Aurora, and the order in which CloudFormation lists them can change:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef

ENGINE, INSTANCE_CLASS = "aurora-postgresql", "db.serverless"
OPEN: Sequence[FilterTypeDef] = [
    {"Name": "state", "Values": ["available"]},
    {"Name": "zone-type", "Values": ["availability-zone"]},  # not a local zone
]


class AwsZones:
    """`ports.Zones` of a session's region."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def usable(self) -> tuple[str, ...]:
        """The open zones that RDS offers the instance class in; all open ones if RDS does not say."""
        with translated("list the availability zones"):
            response = service_client(self._session, "ec2").describe_availability_zones(Filters=OPEN)
        present = {zone["ZoneName"] for zone in response["AvailabilityZones"] if "ZoneName" in zone}
        offered = self._offered()
        return tuple(sorted(present & offered if offered else present))

    def _offered(self) -> set[str]:
        pages = service_client(self._session, "rds").get_paginator("describe_orderable_db_instance_options")
        with translated("list where Aurora can run"):
            return {
                zone["Name"]
                for page in pages.paginate(Engine=ENGINE, DBInstanceClass=INSTANCE_CLASS)
                for option in page["OrderableDBInstanceOptions"]
                for zone in option.get("AvailabilityZones", [])
                if "Name" in zone
            }
