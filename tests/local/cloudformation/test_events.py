"""What events are named and show, and whom calls and tags may name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from accountsctl.localcloud.contracts.messages import Request
from tests.local.cloudformation.conftest import World, template, widget


def test_an_event_has_an_id_of_its_time_and_its_properties_as_text(world: World) -> None:
    world.create(template({"A": widget(Deep={"On": True, "Many": [1]})}))
    stack, *own, done = world.events()
    times = [event["Timestamp"].strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" for event in own]
    named = zip(own, times, strict=True)
    assert [event["EventId"] for event in own] == [f"A-{e['ResourceStatus']}-{at}" for e, at in named]
    assert len({event["EventId"] for event in own}) == len(own)
    assert times == sorted(times)
    assert own[0]["ResourceProperties"] == '{"Deep":{"On":"true","Many":["1"]}}'
    assert [len(event["EventId"]) for event in (stack, done)] == [36, 36]


def test_what_an_update_leaves_behind_has_a_random_event_id(world: World) -> None:
    world.create(template({"A": widget(), "B": widget()}))
    world.update(template({"A": widget()}))
    left = [event["EventId"] for event in world.events() if event["ResourceStatus"] == "DELETE_COMPLETE"]
    assert [len(event_id.removeprefix("B-")) for event_id in left] == [36]


def test_a_stack_of_another_region_does_not_exist(world: World) -> None:
    arn = world.create(template({"A": widget()}))["StackId"]
    query = urlencode({"Action": "DeleteStack", "StackName": arn})
    assert world.cloud.handle(Request("POST", "/", body=query.encode()), "us-east-1").status == 200
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize("tags", [[{"Key": "aws:x", "Value": "1"}], {"aws:x": "1"}])
def test_a_resource_has_no_tags_that_are_aws_s_own(world: World, tags: Any) -> None:
    assert world.create(template({"A": widget(Tags=tags)}))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "aws: prefixed tag key names are not allowed" in world.reason("A", "CREATE_FAILED")


def test_a_nested_stack_has_no_tags_that_are_aws_s_own(world: World) -> None:
    child = {
        "TemplateURL": world.put("c", template({"A": widget()})),
        "Tags": [{"Key": "aws:x", "Value": ""}],
    }
    body = template({"C": {"Type": "AWS::CloudFormation::Stack", "Properties": child}})
    assert world.create(body)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "aws: prefixed tag key names are not allowed" in world.reason("C", "CREATE_FAILED")
