"""Which types the embedded cloud supports is known without starting it."""

from __future__ import annotations

from accountsctl.adapters.local_cloud import unsupported_types
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.supported_types import SUPPORTED_TYPES


def test_the_list_of_types_is_that_of_the_providers() -> None:
    own = {
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::WaitConditionHandle",
    }
    assert {*PROVIDERS, *own} == SUPPORTED_TYPES


def test_unsupported_types_are_named_once() -> None:
    types = [
        "AWS::S3::Bucket",
        "AWS::AppSync::GraphQLApi",
        "AWS::AppSync::GraphQLApi",
        "AWS::Acme::Thing",
        "Custom::Thing",
    ]
    assert unsupported_types(types) == ["AWS::Acme::Thing", "AWS::AppSync::GraphQLApi"]
