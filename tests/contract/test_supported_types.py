"""Which types the embedded cloud supports is known without starting it."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.local_cloud import EmbeddedCloud
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.supported_types import SUPPORTED_TYPES
from accountsctl.ports.local_cloud import LocalCloud
from tests.fakes.local_cloud import FakeLocalCloud


def test_the_list_of_types_is_that_of_the_providers() -> None:
    own = {"AWS::CloudFormation::Stack", "AWS::CloudFormation::WaitConditionHandle"}
    assert {*PROVIDERS, *own} == SUPPORTED_TYPES


@pytest.fixture(params=["embedded", "fake"])
def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> LocalCloud:
    return EmbeddedCloud(tmp_path, lambda _: None) if request.param == "embedded" else FakeLocalCloud()


def test_unsupported_types_are_named_once_and_nothing_is_started(cloud: LocalCloud) -> None:
    types = ["AWS::S3::Bucket", "AWS::AppSync::GraphQLApi", "AWS::AppSync::GraphQLApi", "AWS::Acme::Thing"]
    assert cloud.unsupported_types(types) == ["AWS::Acme::Thing", "AWS::AppSync::GraphQLApi"]
    assert cloud.endpoint() is None
