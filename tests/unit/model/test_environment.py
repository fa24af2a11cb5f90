"""Which environments share a stack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.model.environment import Cloud, Environment

LOCAL = Environment("dev", Cloud.LOCAL, "eu-west-1", "shop")
AWS = replace(LOCAL, cloud=Cloud.AWS)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LOCAL, LOCAL, True),
        (LOCAL, AWS, False),
        (LOCAL, replace(LOCAL, region="eu-central-1"), False),
        (LOCAL, replace(LOCAL, stack_name="shop-2"), False),
        (LOCAL, replace(LOCAL, account_id="1" * 12, profile="x"), True),
        (AWS, AWS, True),
        (AWS, replace(AWS, profile="team"), False),
        (AWS, replace(AWS, account_id="1" * 12), True),
        (replace(AWS, account_id="1" * 12), replace(AWS, account_id="2" * 12), False),
        (
            replace(AWS, account_id="1" * 12, profile="a"),
            replace(AWS, account_id="1" * 12, profile="b"),
            True,
        ),
    ],
)
def test_a_stack_is_one_by_its_name_in_one_region_of_one_account(
    one: Environment, other: Environment, *, same: bool
) -> None:
    assert one.same_stack(other) is same
    assert other.same_stack(one) is same
