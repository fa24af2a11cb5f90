"""Wait conditions, creation policies and signals."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.runtime.signals import Awaited, Signal, Signals
from accountsctl.localcloud.contracts.messages import Request
from tests.local.cloudformation.conftest import World, template, widget
from tests.local.state.saved import dumped

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def condition(**properties: Any) -> dict[str, Any]:
    wait = {"Handle": {"Ref": "H"}, "Timeout": "30", **properties}
    return {"Type": "AWS::CloudFormation::WaitCondition", "Properties": wait}


def policy(**signal: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::WaitCondition", "CreationPolicy": {"ResourceSignal": signal}}


def put(world: World, body: Any, method: str = "PUT") -> int:
    """Send a signal to the handle of the stack, as curl would."""
    path = world.physical("H").partition("cloudformation-waitcondition")[2]
    where = path[path.index("/") :]
    return world.cloud.take_signal(Request(method, where, body=json.dumps(body).encode())).status


def begin(world: World, **resources: Any) -> None:
    world.create(template({"H": HANDLE}))
    body = template({"H": HANDLE, **resources}, Outputs={"D": {"Value": {"Fn::GetAtt": ["W", "Data"]}}})
    world.client.update_stack(StackName="s", TemplateBody=json.dumps(body))


def until_it_waits(world: World, logical_id: str, unique_id: str, status: str) -> None:
    """Signal a resource as soon as it waits."""
    for _ in range(2000):
        try:
            world.client.signal_resource(
                StackName="s", LogicalResourceId=logical_id, UniqueId=unique_id, Status=status
            )
        except ClientError:
            world.cloud.wait(0.01)
        else:
            return
    raise AssertionError("it never waited")


def test_a_wait_condition_is_complete_with_its_signals(world: World) -> None:
    begin(world, W=condition(Count=2), A={**widget(), "DependsOn": "W"})
    assert put(world, {"Status": "SUCCESS", "UniqueId": "a", "Data": "x"}) == 200
    assert put(world, {"Status": "SUCCESS", "UniqueId": "a", "Data": "again"}) == 200
    assert put(world, {"Status": "SUCCESS", "UniqueId": "b"}) == 200
    world.cloud.wait()
    assert world.outputs() == {"D": '{"a":"x","b":""}'}
    assert world.story()[-3:] == [
        "A CREATE_COMPLETE",
        "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "s UPDATE_COMPLETE",
    ]


def test_a_signal_of_failure_is_the_reason(world: World) -> None:
    begin(world, W=condition())
    put(world, {"Status": "FAILURE", "UniqueId": "a", "Reason": "no disk"})
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    why = "WaitCondition received failed message: 'no disk' for uniqueId: a"
    assert world.reason("W", "CREATE_FAILED") == why


def test_signals_that_do_not_come_in_time_fail_the_stack(world: World) -> None:
    world.create(template({"H": HANDLE, "W": condition(Timeout="0", Count=3)}))
    assert (
        world.reason("W", "CREATE_FAILED")
        == "WaitCondition timed out. Received 0 conditions when expecting 3"
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Status": "MAYBE", "UniqueId": "a"}, 400),
        ({"Status": "SUCCESS"}, 400),
        ("text", 400),
        ({"Status": "SUCCESS", "UniqueId": "a", "Data": "x" * 4097}, 400),
        ({"Status": "SUCCESS", "UniqueId": "a", "Data": "x" * 4096}, 200),
    ],
)
def test_what_is_not_a_signal_is_refused(world: World, body: Any, status: int) -> None:
    world.create(template({"H": HANDLE}))
    assert put(world, body) == status


def test_only_a_put_to_a_handle_that_exists_is_a_signal(world: World) -> None:
    world.create(template({"H": HANDLE}))
    assert put(world, {"Status": "SUCCESS", "UniqueId": "a"}, method="GET") == 403
    path = "/_aws/cloudformation-waitcondition/nothing"
    assert world.cloud.take_signal(Request("PUT", path, body=b"{}")).status == 403


def test_a_resource_with_a_creation_policy_is_complete_when_it_is_signalled(world: World) -> None:
    body = template({"W": policy(Timeout="PT1H", Count="2")})
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(body))
    until_it_waits(world, "W", "a", "SUCCESS")
    until_it_waits(world, "W", "b", "SUCCESS")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "CREATE_COMPLETE"
    reasons = [str(event.get("ResourceStatusReason")) for event in world.events()]
    assert "Received SUCCESS signal with UniqueId a" in reasons
    with pytest.raises(ClientError, match="is in CREATE_COMPLETE state and can not be signaled"):
        world.client.signal_resource(StackName="s", LogicalResourceId="W", UniqueId="c", Status="SUCCESS")


def test_a_failure_that_is_signalled_takes_the_stack_back(world: World) -> None:
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"W": policy()})))
    until_it_waits(world, "W", "a", "FAILURE")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert world.reason("W", "CREATE_FAILED") == "Received 1 FAILURE signal(s) out of 1"


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (policy(Timeout="PT0S"), "Failed to receive 1 resource signal(s) within the specified duration"),
        (policy(Timeout="5 minutes"), "Timeout must be a duration of the form PT#H#M#S"),
        (policy(Count=0), "Count must be an integer of at least 1"),
        ({"Type": "AWS::CloudFormation::WaitCondition"}, "A wait condition has a Handle and a Timeout"),
        (condition(Timeout="x"), "Timeout must be a number of seconds up to 43200"),
    ],
)
def test_a_wait_that_cannot_be_right_fails_the_resource(world: World, resource: Any, why: str) -> None:
    world.create(template({"H": HANDLE, "W": resource}))
    assert why in world.reason("W", "CREATE_FAILED")


def test_a_wait_condition_cannot_be_updated(world: World) -> None:
    begin(world, W=condition())
    put(world, {"Status": "SUCCESS", "UniqueId": "a"})
    world.cloud.wait()
    world.update(template({"H": HANDLE, "W": condition(Count=2)}))
    assert "is not supported" in world.reason("W", "UPDATE_FAILED")


def test_an_update_that_is_cancelled_waits_no_longer(world: World) -> None:
    begin(world, W=condition())
    world.cloud.wait(0.3)
    world.client.cancel_update_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("W", "CREATE_FAILED") == "Resource creation cancelled"


def test_only_types_that_are_signalled_have_a_creation_policy(world: World) -> None:
    with pytest.raises(ClientError, match="Test::Widget does not support CreationPolicy"):
        world.create(template({"A": {**widget(), "CreationPolicy": {"ResourceSignal": {}}}}))


def test_a_stack_that_does_not_exist_is_not_signalled(world: World) -> None:
    with pytest.raises(ClientError, match=r"Stack \[s\] does not exist"):
        world.client.signal_resource(StackName="s", LogicalResourceId="W", UniqueId="c", Status="SUCCESS")


def test_signals_are_reported_in_the_thread_that_waits_for_them() -> None:
    """Else the event of the last one could follow that of the resource's completion."""
    signals, seen, signal = Signals(), list[Signal](), Signal("a", "SUCCESS")
    signals.send("place", signal)
    assert signals.wait(Awaited("place", 1, 1, False), seen.append, lambda: True) == {"a": signal}
    assert (seen, signals.expects("place")) == ([signal], False)


def test_a_resource_is_signalled_before_it_waits(world: World) -> None:
    world.cloud.delays.change({"AWS::CloudFormation::WaitCondition": 60})
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"W": policy()})))
    until_it_waits(world, "W", "a", "SUCCESS")
    assert world.cloud.delays.rests
    later = world.cloud.delays.clock() + 61
    world.cloud.delays.clock = lambda: later
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "CREATE_COMPLETE"
    assert world.story()[-3:] == ["W CREATE_IN_PROGRESS", "W CREATE_COMPLETE", "s CREATE_COMPLETE"]


def test_a_resource_that_failed_is_not_signalled(world: World) -> None:
    gate = world.widgets.gates["g"] = threading.Event()
    body = template({"A": widget(Gate="g"), "W": policy(Timeout="5 minutes")})
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(body))
    for _ in range(2000):
        if "W CREATE_FAILED" in world.story():
            break
        world.cloud.wait(0.01)
    with pytest.raises(ClientError, match="is in CREATE_FAILED state and can not be signaled"):
        world.client.signal_resource(StackName="s", LogicalResourceId="W", UniqueId="c", Status="SUCCESS")
    gate.set()
    world.cloud.wait()


def test_the_signals_of_a_handle_go_with_it(world: World) -> None:
    world.create(template({"H": HANDLE}))
    url = world.physical("H")
    assert put(world, {"Status": "SUCCESS", "UniqueId": "a"}) == 200
    assert world.cloud._runtime.signals.expects(url)
    world.delete()
    assert not world.cloud._runtime.signals.expects(url)


def test_a_signal_that_came_before_a_restart_counts_for_a_wait_condition_after_it(
    world: World, another: Callable[[], World]
) -> None:
    world.create(template({"H": HANDLE}))
    dumped(world.cloud)  # what was saved before the signal must not be taken for the state after it
    assert put(world, {"Status": "SUCCESS", "UniqueId": "a", "Data": "x"}) == 200
    fresh = another()
    fresh.cloud.load(json.loads(json.dumps(dumped(world.cloud))))
    fresh.cloud.resume()
    assert put(fresh, {"Status": "SUCCESS", "UniqueId": "a", "Data": "again"}) == 200
    outputs = {"D": {"Value": {"Fn::GetAtt": ["W", "Data"]}}}
    fresh.update(template({"H": HANDLE, "W": condition(Timeout="0")}, Outputs=outputs))
    assert fresh.outputs() == {"D": '{"a":"x"}'}
    fresh.delete()
    assert dumped(fresh.cloud)["signals"] == {}


def test_signals_of_a_resource_are_not_saved_as_its_operation_is_rolled_back(world: World) -> None:
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"W": policy(Count="2")})))
    until_it_waits(world, "W", "a", "SUCCESS")
    assert dumped(world.cloud)["signals"] == {}
    world.cloud.close()


def test_a_resource_that_waits_when_the_cloud_is_stopped_has_that_as_its_reason(world: World) -> None:
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"W": policy()})))
    world.cloud.wait(0.3)
    world.cloud.close()
    why = "The embedded cloud was stopped before the resource had its signals."
    assert world.reason("W", "CREATE_FAILED") == why
