"""TimeoutInMinutes, NotificationARNs, RollbackConfiguration and the forms of deletion."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.execution.notifier import Notifier
from accountsctl.localcloud.cloudformation.runtime.state import Stack
from tests.local.cloudformation.conftest import World, template, widget

TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
ALARM = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a"
TRIGGERS = {"RollbackTriggers": [{"Arn": ALARM, "Type": "AWS::CloudWatch::Alarm"}]}


def wait_condition() -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFormation::WaitCondition",
        "CreationPolicy": {"ResourceSignal": {"Timeout": "PT12H"}},
    }


def move(world: World, seconds: float) -> None:
    """Let time pass for what waits."""
    now = world.cloud.delays.clock()
    world.cloud.delays.clock = lambda: now + seconds
    world.cloud.delays.move()


def test_a_creation_that_takes_too_long_is_rolled_back(world: World) -> None:
    body = template(
        {"A": widget(), "W": {**wait_condition(), "DependsOn": "A"}, "B": {**widget(), "DependsOn": "W"}}
    )
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(body), TimeoutInMinutes=5)
    assert world.stack()["TimeoutInMinutes"] == 5
    world.cloud.wait(0.3)
    assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    move(world, 301)
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    why = "Stack creation time exceeded the specified timeout. Rollback requested by user."
    assert world.reason("s", "ROLLBACK_IN_PROGRESS") == why
    assert world.reason("W", "CREATE_FAILED") == "Resource creation cancelled"
    assert not any(event["LogicalResourceId"] == "B" for event in world.events())
    assert world.widgets.made == {}


def test_a_creation_in_time_is_not_touched_and_its_updates_have_no_timeout(world: World) -> None:
    world.create(template({"A": widget()}), TimeoutInMinutes=1)
    move(world, 3600)
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_nested_stack_has_a_timeout_of_its_own(world: World) -> None:
    url = world.put("inner", template({"W": wait_condition()}))
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "TimeoutInMinutes": "1"},
    }
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"Inner": nested})))
    world.cloud.wait(0.3)
    move(world, 61)
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Stack creation time exceeded the specified timeout." in world.reason("Inner", "CREATE_FAILED")


def test_each_event_is_published_to_the_topics_in_order(world: World) -> None:
    world.services.topics.add(TOPIC)
    output = {"O": {"Value": {"Fn::Select": [0, {"Ref": "AWS::NotificationARNs"}]}}}
    stack = world.create(template({"A": widget()}, Outputs=output), NotificationARNs=[TOPIC])
    assert (stack["NotificationARNs"], world.outputs()) == ([TOPIC], {"O": TOPIC})
    assert {(arn, subject) for arn, subject, _ in world.services.published} == {
        (TOPIC, "AWS CloudFormation Notification")
    }
    fields = [
        dict(line.split("=", 1) for line in text.splitlines()) for _, _, text in world.services.published
    ]
    events = world.events()
    assert [field["EventId"] for field in fields] == [f"'{event['EventId']}'" for event in events]
    assert (fields[0]["StackName"], fields[-1]["ResourceStatus"]) == ("'s'", "'CREATE_COMPLETE'")


def test_an_update_keeps_the_topics_or_has_others(world: World) -> None:
    world.services.topics |= {TOPIC, f"{TOPIC}2"}
    world.create(template({"A": widget()}), NotificationARNs=[TOPIC])
    assert world.update(template({"A": widget(Size=2)}))["NotificationARNs"] == [TOPIC]
    assert world.update(template({"A": widget(Size=2)}), NotificationARNs=[f"{TOPIC}2"])[
        "NotificationARNs"
    ] == [f"{TOPIC}2"]
    assert world.update(template({"A": widget(Size=2)}), NotificationARNs=[])["NotificationARNs"] == []


def test_a_change_set_carries_the_topics_to_the_stack(world: World) -> None:
    world.services.topics.add(TOPIC)
    plan = world.change_set(template({"A": widget()}), kind="CREATE", NotificationARNs=[TOPIC])
    assert plan["NotificationARNs"] == [TOPIC]
    assert world.stack()["NotificationARNs"] == []
    world.client.execute_change_set(StackName="s", ChangeSetName="plan")
    world.cloud.wait()
    assert world.stack()["NotificationARNs"] == [TOPIC]


def test_a_nested_stack_has_the_topics_of_its_root_or_its_own(world: World) -> None:
    world.services.topics |= {TOPIC, f"{TOPIC}2"}
    url = world.put("inner", template({"A": widget()}))
    stack = "AWS::CloudFormation::Stack"
    own = {"Type": stack, "Properties": {"TemplateURL": url, "NotificationARNs": [f"{TOPIC}2"]}}
    body = template({"Own": own, "Other": {"Type": stack, "Properties": {"TemplateURL": url}}})
    world.create(body, NotificationARNs=[TOPIC])
    assert world.stack(world.physical("Own"))["NotificationARNs"] == [f"{TOPIC}2"]
    assert world.stack(world.physical("Other"))["NotificationARNs"] == [TOPIC]


def test_a_topic_must_exist_and_one_that_is_gone_fails_nothing(world: World) -> None:
    with pytest.raises(ClientError, match="is not a topic that exists"):
        world.create(template({"A": widget()}), NotificationARNs=[TOPIC])
    world.services.topics.add(TOPIC)
    world.create(template({"A": widget()}), NotificationARNs=[TOPIC])
    world.services.topics.clear()
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_COMPLETE"


def test_an_alarm_takes_an_operation_back(world: World) -> None:
    world.services.alarms["a"] = "OK"
    stack = world.create(template({"A": widget()}), RollbackConfiguration=TRIGGERS)
    assert (stack["StackStatus"], stack["RollbackConfiguration"]) == ("CREATE_COMPLETE", TRIGGERS)
    world.services.alarms["a"] = "ALARM"
    assert world.update(template({"A": widget(Size=2)}))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert f"in ALARM state: [{ALARM}]" in world.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS")
    free = world.update(template({"A": widget(Size=2)}), RollbackConfiguration={"RollbackTriggers": []})
    assert free["StackStatus"] == "UPDATE_COMPLETE"


def test_an_alarm_that_is_not_there_takes_the_stack_back(world: World) -> None:
    assert (
        world.create(template({"A": widget()}), RollbackConfiguration=TRIGGERS)["StackStatus"]
        == "ROLLBACK_COMPLETE"
    )
    assert f"are not available: [{ALARM}]" in world.reason("s", "ROLLBACK_IN_PROGRESS")


@pytest.mark.parametrize(("state", "status"), [("ALARM", "ROLLBACK_COMPLETE"), ("OK", "CREATE_COMPLETE")])
def test_alarms_are_watched_for_some_minutes(world: World, state: str, status: str) -> None:
    world.services.alarms["a"] = "OK"
    configuration = {**TRIGGERS, "MonitoringTimeInMinutes": 5}
    body = json.dumps(template({"A": widget()}))
    world.client.create_stack(StackName="s", TemplateBody=body, RollbackConfiguration=configuration)
    world.cloud.wait(0.3)
    assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    world.services.alarms["a"] = state
    move(world, 2 if state == "ALARM" else 301)
    world.cloud.wait()
    assert world.stack()["StackStatus"] == status


def watched(world: World, **more: Any) -> None:
    """An update whose resource is done, and whose alarm is watched."""
    world.services.alarms.setdefault("a", "OK")
    configuration = {**TRIGGERS, "MonitoringTimeInMinutes": 10}
    body = json.dumps(template({"A": widget(Size=2)}))
    operation = world.client.create_stack if more else world.client.update_stack
    operation(StackName="s", TemplateBody=body, RollbackConfiguration=configuration, **more)
    world.cloud.wait(0.3)


def test_an_update_that_is_cancelled_while_its_alarms_are_watched_is_rolled_back(world: World) -> None:
    world.create(template({"A": widget()}))
    watched(world)
    world.client.cancel_update_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_a_creation_may_not_take_longer_because_its_alarms_are_watched(world: World) -> None:
    watched(world, TimeoutInMinutes=5)
    move(world, 301)
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "exceeded the specified timeout" in world.reason("s", "ROLLBACK_IN_PROGRESS")


def test_the_cloud_stops_while_alarms_are_watched(world: World) -> None:
    watched(world, OnFailure="ROLLBACK")
    stopping = threading.Thread(target=world.cloud.close)
    stopping.start()
    stopping.join(3)
    stopped = not stopping.is_alive()
    move(world, 601)
    stopping.join()
    assert stopped


def test_nothing_else_that_waits_is_held_up_while_alarms_are_read(world: World) -> None:
    free: list[bool] = []

    class Alarms(dict[str, str]):
        def __contains__(self, name: object) -> bool:
            other = threading.Thread(target=world.cloud.delays.move)
            other.start()
            other.join(2)
            free.append(not other.is_alive())
            return super().__contains__(name)

    world.services.alarms = Alarms()
    watched(world, OnFailure="ROLLBACK")
    move(world, 601)
    world.cloud.wait()
    assert (world.stack()["StackStatus"], set(free)) == ("CREATE_COMPLETE", {True})
    assert len(free) > 1


@pytest.mark.parametrize(
    ("trigger", "why"),
    [
        (
            {"Arn": ALARM, "Type": "AWS::CloudWatch::CompositeAlarm"},
            "does not imitate the rollback trigger",
        ),
        (
            {"Arn": "arn:x", "Type": "AWS::CloudWatch::Alarm"},
            "RelativeId of a Rollback Trigger's ARN is incorrect",
        ),
        ({"Arn": ALARM, "Type": "AWS::CloudWatch::Alarm2"}, "Rollback Trigger Type not supported"),
    ],
)
def test_a_trigger_that_is_not_an_alarm_is_refused(world: World, trigger: Any, why: str) -> None:
    with pytest.raises(ClientError, match=why):
        world.create(template({"A": widget()}), RollbackConfiguration={"RollbackTriggers": [trigger]})


def test_what_cannot_be_deleted_is_left_by_force(world: World) -> None:
    world.create(template({"A": widget(), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.refuse_delete.add("A")
    world.delete()
    stack_id = world.stack()["StackId"]
    world.client.delete_stack(StackName="s", DeletionMode="FORCE_DELETE_STACK")
    world.cloud.wait()
    gone = world.stack(stack_id)
    assert (gone["StackStatus"], gone["DeletionMode"]) == ("DELETE_COMPLETE", "FORCE_DELETE_STACK")
    assert world.story(stack_id)[-2:] == ["A DELETE_SKIPPED", "s DELETE_COMPLETE"]


@pytest.mark.parametrize("how", [{"DeletionMode": "FORCE_DELETE_STACK"}, {"RetainResources": ["A"]}])
def test_a_stack_whose_deletion_did_not_fail_leaves_nothing(world: World, how: Any) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="only when the stack is in the DELETE_FAILED state"):
        world.client.delete_stack(StackName="s", **how)


def test_a_custom_resource_is_not_waited_for_once_its_update_is_cancelled() -> None:
    from accountsctl.localcloud.cloudformation.execution.custom_responses import CustomResponses

    with CustomResponses().request() as pending:
        assert pending.wait(3600, lambda: True) is None


def test_the_notifier_ends_though_what_it_notifies_causes_events() -> None:
    ended = threading.Event()
    taken: list[bool] = []
    stack = Stack(id="arn:s", name="s", region="eu-west-1", created="now", notification_arns=[TOPIC])
    event: Any = dict.fromkeys(
        (
            "StackId",
            "Timestamp",
            "EventId",
            "LogicalResourceId",
            "PhysicalResourceId",
            "ResourceStatus",
            "ResourceType",
            "StackName",
        ),
        "x",
    )

    class Topics:
        def publish(self, **_: str) -> None:
            if taken:
                return
            while not notifier._events.qsize():  # until `close` waits
                ended.wait(0.01)
            other = threading.Thread(target=notifier.take, args=(stack, event))
            other.start()
            other.join(2)
            taken.append(not other.is_alive())

    topics: Any = Topics()
    notifier = Notifier(lambda _service, _region: topics)
    notifier.take(stack, event)
    notifier.close()
    assert taken == [True]
    notifier.close()
    notifier.take(stack, event)
    assert notifier._thread is not None
    assert not notifier._thread.is_alive()
