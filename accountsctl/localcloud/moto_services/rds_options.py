"""Where an instance class can run: moto lists the zones of the region that it was recorded in, whatever the region."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.rds.models import RDSBackend


def install() -> None:
    """Fix moto.rds. Once per process."""
    wrap(models("rds").RDSBackend, "describe_orderable_db_instance_options", _of_the_region)


def _of_the_region(
    original: Callable[..., list[JsonObject]], backend: RDSBackend, *args: object, **named: object
) -> list[JsonObject]:
    ec2 = backends("ec2")[backend.account_id][backend.region_name]
    zones = [{"Name": zone.name} for zone in ec2.describe_availability_zones()]
    return [{**option, "AvailabilityZones": zones} for option in original(backend, *args, **named)]
