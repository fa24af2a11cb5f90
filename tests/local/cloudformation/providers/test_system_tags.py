"""The tags by which CloudFormation marks what it makes."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.cloudformation.providers.base import Context
from accountsctl.localcloud.cloudformation.providers.calls import bring_tags, tagged

MARKS = ["aws:cloudformation:stack-name", "aws:cloudformation:logical-id", "aws:cloudformation:stack-id"]


def no_client(service: str, /) -> Any:
    raise AssertionError(service)


def context(resource_type: str) -> Context:
    return Context(
        no_client, "s", "arn:stack", "L", "eu-west-1", "1", "aws", "t", {"team": "a"}, {}, resource_type
    )


@pytest.mark.parametrize(
    ("resource_type", "keys"),
    [
        ("AWS::EC2::VPC", [*MARKS, "team", "own"]),
        ("AWS::S3::Bucket", [*MARKS, "team", "own"]),
        ("AWS::SNS::Topic", ["team", "own"]),
    ],
)
def test_types_whose_services_show_them_have_the_marks_of_their_stack(
    resource_type: str, keys: list[str]
) -> None:
    tags = tagged(context(resource_type), {"Tags": [{"Key": "own", "Value": "b"}]})["Tags"]
    assert [tag["Key"] for tag in tags] == keys


@pytest.mark.parametrize(("old", "keys"), [({}, [*MARKS, "team"]), ({"Size": 1}, ["team"])])
def test_the_marks_are_given_when_a_resource_is_created(old: dict[str, Any], keys: list[str]) -> None:
    given: list[dict[str, str]] = []
    bring_tags(context("AWS::EC2::VPC"), old, {"Size": 1}, lambda gone: gone, given.extend)
    assert [tag["Key"] for tag in given] == keys
