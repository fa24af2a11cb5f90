"""What no update changes is refused in the handler's words, or replaces the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.localcloud.cloudformation.providers.fixed_properties import refusal, replacing

POOL, VPC = "AWS::Cognito::UserPool", "AWS::EC2::VPC"


@pytest.mark.parametrize(
    ("kind", "old", "new", "words"),
    [
        (
            POOL,
            {"UsernameAttributes": ["email"]},
            {},
            "Updates are not allowed for property - UsernameAttributes",
        ),
        (
            POOL,
            {"Schema": [{"Name": "a", "Mutable": True}]},
            {"Schema": [{"Name": "a"}]},
            "cannot be modified or",
        ),
        (POOL, {"Schema": [{"Name": "a"}]}, {}, "Existing schema attributes cannot be modified or deleted"),
        ("AWS::KMS::Key", {}, {"KeySpec": "RSA_2048"}, "identifier 'thing' is not updatable"),
        (
            "AWS::RDS::DBCluster",
            {"MasterUsername": "a"},
            {"MasterUsername": "b"},
            "MasterUsername cannot be changed",
        ),
    ],
)
def test_a_change_that_no_call_makes_is_refused(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], words: str
) -> None:
    message = refusal(kind, "thing", old, new)
    assert message is not None
    assert words in message


def test_a_pool_may_have_another_attribute() -> None:
    assert (
        refusal(POOL, "thing", {"Schema": [{"Name": "a"}]}, {"Schema": [{"Name": "a"}, {"Name": "b"}]})
        is None
    )


def test_a_vpc_is_replaced_to_become_dedicated_and_changed_to_be_shared_again() -> None:
    assert "InstanceTenancy" in replacing(VPC, {"InstanceTenancy": "dedicated"})
    assert "InstanceTenancy" not in replacing(VPC, {"InstanceTenancy": "default"})
