"""A read of CloudFormation writes no state: it waits for what was changed before, and for nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import ServiceClients

pytestmark = pytest.mark.slow
NAME = "reads"
PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}}
TEMPLATE = json.dumps({"Resources": {"P": PARAMETER}, "Outputs": {"O": {"Value": "v"}}})


@pytest.fixture
def formation(client: ServiceClients) -> Iterator[Any]:
    """CloudFormation with a stack that is complete."""
    made: Any = client("cloudformation")
    made.create_stack(StackName=NAME, TemplateBody=TEMPLATE)
    made.get_waiter("stack_create_complete").wait(StackName=NAME, WaiterConfig={"Delay": 1})
    yield made
    made.delete_stack(StackName=NAME)


READS: dict[str, Callable[[Any], object]] = {
    "DescribeStacks": lambda formation: formation.describe_stacks(StackName=NAME),
    "DescribeStackEvents": lambda formation: formation.describe_stack_events(StackName=NAME),
    "DescribeStackResource": lambda formation: formation.describe_stack_resource(
        StackName=NAME, LogicalResourceId="P"
    ),
    "DescribeStackResources": lambda formation: formation.describe_stack_resources(StackName=NAME),
    "GetStackPolicy": lambda formation: formation.get_stack_policy(StackName=NAME),
    "GetTemplate": lambda formation: formation.get_template(StackName=NAME),
    "GetTemplateSummary": lambda formation: formation.get_template_summary(StackName=NAME),
    "ListChangeSets": lambda formation: formation.list_change_sets(StackName=NAME),
    "ListExports": lambda formation: formation.list_exports(),
    "ListStackResources": lambda formation: formation.list_stack_resources(StackName=NAME),
    "ListStacks": lambda formation: formation.list_stacks(),
    "ValidateTemplate": lambda formation: formation.validate_template(TemplateBody=TEMPLATE),
}


def written(cloud: LocalCloudClient) -> tuple[int, int]:
    """Which file the state is, and when it was written: each write makes another file."""
    state = (Path(cloud.status()["dataDir"]) / "state").stat()
    return state.st_ino, state.st_mtime_ns


def test_no_read_of_cloudformation_writes_the_state(cloud: LocalCloudClient, formation: Any) -> None:
    before = written(cloud)
    writing = []
    for name, read in READS.items():
        read(formation)
        if written(cloud) != before:
            writing.append(name)
            before = written(cloud)
    assert writing == []


def test_a_change_writes_the_state(cloud: LocalCloudClient, formation: Any) -> None:
    before = written(cloud)
    formation.set_stack_policy(StackName=NAME, StackPolicyBody='{"Statement": []}')
    assert written(cloud) != before
