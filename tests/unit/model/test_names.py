"""Names that are composed of others."""

from __future__ import annotations

import pytest

from accountsctl.model.names import object_url
from accountsctl.synth.imported import SHAPES


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("eu-west-1", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("eusc-de-east-1", "amazonaws.eu"),
    ],
)
def test_an_object_is_addressed_in_its_regions_own_partition(region: str, suffix: str) -> None:
    assert object_url("b", region, "k") == f"https://b.s3.{region}.{suffix}/k"


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-east-1", "eusc-de-east-1", "ap-southeast-12"])
def test_pools_of_every_region_can_be_imported(region: str) -> None:
    assert SHAPES["UserPoolId"].fullmatch(f"{region}_Abc123")
    assert SHAPES["IdentityPoolId"].fullmatch(f"{region}:{'0' * 8}-1111-2222-3333-{'4' * 12}")
    assert not SHAPES["UserPoolId"].fullmatch(f"{region}Abc")
