"""What moto reads on import, and what is read when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from accountsctl.localcloud.moto_services.late_tables import LateRows

PROGRAM = """
from accountsctl.localcloud.moto_services import apps, late_tables

apps.configure()
late_tables.import_late()
import moto.ec2.models.instance_types as types

offered = types.INSTANCE_TYPE_OFFERINGS
print(all(rows._rows is None for regions in offered.values() for rows in regions.values()))
rows = offered["availability-zone"]["eu-west-1"]
print({row["LocationType"] for row in rows}, {row["Location"][:9] for row in rows}, rows[0] in rows)
print(offered["region"]["eu-west-1"]._rows is None)
late_tables.import_late()
print(offered["availability-zone"]["eu-west-1"]._rows is None)
backend = types.InstanceTypeBackend()
print(backend.instance_types._rows is None, len(types.INSTANCE_TYPES))
found = backend.describe_instance_types(["t3.micro"])
print([row["VCpuInfo"]["DefaultVCpus"] for row in found], len(backend.describe_instance_types()) > 1000)
"""


@pytest.mark.slow
def test_types_and_the_offerings_of_a_region_are_read_when_they_are_used() -> None:
    """In a process of its own: this one may have imported moto.ec2 already."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, text=True, capture_output=True)
    assert done.stdout.splitlines() == [
        *("True", "{'availability-zone'} {'eu-west-1'} True", "True", "False"),
        *("True 0", "[2] True"),
    ]


@pytest.mark.parametrize("used", [len, list, lambda rows: rows[0], lambda rows: rows[:1]])
def test_rows_are_read_once_and_none_before_they_are_opened(used: object) -> None:
    reads: list[int] = []

    def read() -> list[dict[str, object]]:
        reads.append(1)
        return [{"InstanceType": "t3.micro"}]

    rows = LateRows(read)
    assert list(rows) == []
    rows.open()
    assert callable(used)
    for _ in range(2):
        used(rows)
    assert reads == [1]


PREPARED = """
import sys

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.service import Control

control = Control(lambda resource_id, keep_as: None)
control.prepare(None)
print("moto.moto_server.werkzeug_app" in sys.modules)
where = ServiceTarget("control", "eu-west-1", "sts", "AKID")
answer = control.handle(Request("POST", "/", "", (), b"Action=GetCallerIdentity&Version=2011-06-15"), where)
print(answer.status, "moto.moto_server.werkzeug_app" in sys.modules)
print("moto.iam.aws_managed_policies" in sys.modules)
"""


@pytest.mark.slow
def test_applications_are_built_when_they_are_called_and_the_text_of_policies_is_not_kept() -> None:
    done = subprocess.run([sys.executable, "-c", PREPARED], check=True, text=True, capture_output=True)
    assert done.stdout.splitlines() == ["False", "200 True", "False"]
