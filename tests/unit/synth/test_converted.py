"""Which deployed resource a rendered one becomes, and how its template then names it."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.synth.converted import conversion

Json = dict[str, Any]


def template(**resources: str | Json) -> Json:
    entries = {
        name: {"Type": entry} if isinstance(entry, str) else entry for name, entry in resources.items()
    }
    return {"Resources": entries}


ROLE, TABLE, API = "AWS::IAM::Role", "AWS::DynamoDB::Table", "AWS::ApiGateway::RestApi"
BODY: Json = {"Type": API, "Properties": {"Body": {}}}


@pytest.mark.parametrize(
    ("old", "new", "ids"),
    [
        (
            template(Role=ROLE, Table=TABLE),
            template(Role=ROLE, Table=TABLE),
            {"Role": "Role", "Table": "Table"},
        ),
        (template(ExecutionRole=ROLE), template(Role=ROLE), {"Role": "ExecutionRole"}),
        (
            template(Default4XX1a2b3c4d=ROLE, Default5XX1a2b3c4d=ROLE),
            template(Default4XX5e6f7a8b=ROLE, Default5XX99999999=ROLE),
            {"Default4XX5e6f7a8b": "Default4XX1a2b3c4d", "Default5XX99999999": "Default5XX1a2b3c4d"},
        ),
        (template(One=ROLE, Two=ROLE), template(Three=ROLE), {}),
        (template(One=ROLE), template(One=TABLE), {"One": "OneConverted"}),
        (template(One=BODY), template(Two=API), {}),
        (template(One=BODY), template(Two=BODY), {"Two": "One"}),
        (template(One="AWS::ApiGateway::Deployment"), template(Two="AWS::ApiGateway::Deployment"), {}),
    ],
)
def test_a_resource_becomes_the_one_that_it_can_become(old: Json, new: Json, ids: dict[str, str]) -> None:
    assert conversion(old, new, {}).logical_ids == ids


def test_what_is_stated_goes_before_what_is_found() -> None:
    old, new = template(One=TABLE, Two=TABLE), template(One=TABLE, Other=TABLE)
    assert conversion(old, new, {}, {"Other": "One"}).logical_ids == {"Other": "One", "One": "Two"}


def test_a_deployed_name_is_kept_and_one_that_cloudformation_chose_is_not_stated() -> None:
    old = template(
        Mine={"Type": TABLE, "Properties": {"TableName": {"Fn::Sub": "orders-${env}"}}},
        Role={"Type": ROLE, "Properties": {}},
    )
    new = template(
        Mine={"Type": TABLE, "Properties": {"TableName": "x"}},
        Role={"Type": ROLE, "Properties": {"RoleName": "y"}},
    )
    names = conversion(old, new, {"Mine": "orders-dev", "Role": "stack-Role-1ABC"}).names
    assert names == {"Mine": {"TableName": "orders-dev"}, "Role": {"RoleName": None}}
