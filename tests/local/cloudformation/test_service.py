"""The service around the engine: the wire, state over restarts."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.contracts.messages import Request
from tests.local.cloudformation.conftest import World, client_of, template, text, widget
from tests.local.cloudformation.fake_services import REGION
from tests.local.state.saved import dumped

NESTED = {"Type": "AWS::CloudFormation::Stack"}


def test_a_stack_is_created_once_per_name_and_token(world: World) -> None:
    it = template({"A": widget()})
    first = world.create(it, ClientRequestToken="t")
    again = world.create(it, ClientRequestToken="t")
    assert again["StackId"] == first["StackId"]
    assert world.events()[-1]["ClientRequestToken"] == "t"
    with pytest.raises(world.client.exceptions.AlreadyExistsException, match=r"Stack \[s\] already exists"):
        world.create(it)


def test_waiters_and_paginators_of_boto3_work(world: World) -> None:
    world.client.create_stack(StackName="s", TemplateBody=json.dumps(template({"A": widget()})))
    world.cloud.wait()
    world.client.get_waiter("stack_create_complete").wait(StackName="s")
    pages = world.client.get_paginator("describe_stack_events").paginate(StackName="s")
    assert sum(len(page["StackEvents"]) for page in pages) == len(world.events())
    assert [it["StackName"] for it in world.client.list_stacks()["StackSummaries"]] == ["s"]
    resources = world.client.list_stack_resources(StackName="s")["StackResourceSummaries"]
    assert [it["ResourceStatus"] for it in resources] == ["CREATE_COMPLETE"]
    assert (
        world.client.describe_stack_resources(StackName="s")["StackResources"][0]["LogicalResourceId"] == "A"
    )


def test_describe_events_can_show_failures_only(world: World) -> None:
    world.create(template({"A": widget(Fail="no")}))
    answer = world.client.describe_events(StackName="s", Filters={"FailedEvents": True})
    (event,) = answer["OperationEvents"]
    assert event["EventType"] == "PROVISIONING_ERROR"
    assert event["OperationType"] == "CREATE_STACK"
    same = world.client.describe_events(OperationId=event["OperationId"])["OperationEvents"]
    assert len(same) == len(world.events())


def test_a_template_is_summarised(world: World) -> None:
    it = template(
        {"A": widget(), "R": {"Type": "AWS::IAM::Role"}},
        Parameters={"P": {"Type": "String", "Default": "d", "NoEcho": True, "AllowedValues": ["d"]}},
        Description="about",
    )
    summary = world.client.get_template_summary(TemplateBody=json.dumps(it))
    assert summary["Capabilities"] == ["CAPABILITY_IAM"]
    assert summary["ResourceTypes"] == ["AWS::IAM::Role", "Test::Widget"]
    assert summary["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": ["d"]}
    assert world.client.validate_template(TemplateBody=json.dumps(it))["Description"] == "about"


def test_what_is_not_imitated_is_refused(world: World) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="does not imitate ListTypes") as caught:
        world.client.list_types()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    answer = world.cloud.handle(Request("POST", "/", body=b"Action=Nonsense"), REGION)
    assert answer.status == 400
    assert b"<Code>InvalidAction</Code>" in answer.body


def test_a_missing_member_is_a_validation_error(world: World) -> None:
    answer = world.cloud.handle(Request("POST", "/", body=b"Action=CreateStack"), REGION)
    assert b"Value null at 'stackName' failed to satisfy constraint: Member must not be null" in answer.body


def test_a_name_that_is_none_is_refused(world: World) -> None:
    body = b"Action=CreateStack&StackName=1x&TemplateBody=%7B%7D"
    answer = world.cloud.handle(Request("POST", "/", body=body), REGION)
    assert b"Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*" in answer.body


def test_regions_do_not_see_each_other(world: World) -> None:
    world.create(template({"A": widget()}))
    answer = world.cloud.handle(Request("POST", "/", body=b"Action=DescribeStacks&StackName=s"), "us-east-1")
    assert b"Stack with id s does not exist" in answer.body


def test_text_that_xml_cannot_hold_arrives_readable(world: World) -> None:
    made = world.create(template({"A": widget()}, Outputs={"O": {"Value": "a<b>&\u0001\r\n\u00e9"}}))
    assert made["Outputs"][0]["OutputValue"] == "a<b>&\ufffd\r\n\u00e9"


def test_tags_and_use_previous_value_survive_an_update(world: World) -> None:
    it = template({"A": widget(Size={"Ref": "P"}, X="1")}, Parameters={"P": {"Type": "String"}})
    parameters = [{"ParameterKey": "P", "ParameterValue": "7"}]
    world.create(it, Parameters=parameters, Tags=[{"Key": "k", "Value": "v"}])
    it["Resources"]["A"]["Properties"]["X"] = "2"
    made = world.update(it, Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}])
    assert made["Tags"] == [{"Key": "k", "Value": "v"}]
    assert world.widgets.made[world.physical("A")] == {"Size": "7", "X": "2"}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        world.client.update_stack(
            StackName="s",
            UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}],
        )


def test_a_parameter_that_an_update_does_not_state_takes_its_default(world: World) -> None:
    parameters = {"P": {"Type": "String", "Default": "default"}}
    world.create(
        template({"A": widget(Size={"Ref": "P"})}, Parameters=parameters),
        Parameters=[{"ParameterKey": "P", "ParameterValue": "7"}],
    )
    world.client.update_stack(StackName="s", UsePreviousTemplate=True)
    world.cloud.wait()
    assert world.widgets.made[world.physical("A")] == {"Size": "default"}


def test_state_survives_a_restart(world: World, another: Callable[[], World]) -> None:
    inner = world.put("c", template({"B": widget()}, Outputs={"O": {"Value": {"Ref": "B"}}}))
    it = template({"C": {**NESTED, "Properties": {"TemplateURL": inner}}, "A": widget(Size=1)})
    world.create(it)
    world.change_set(template({"A": widget(Size=2)}))
    fresh = another()
    fresh.cloud.load(json.loads(json.dumps(dumped(world.cloud))))
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert fresh.stack() == world.stack()
    assert fresh.events() == world.events()
    with pytest.raises(ClientError, match="No updates are to be performed"):
        fresh.update(it)
    fresh.client.execute_change_set(StackName="s", ChangeSetName="plan")
    fresh.cloud.wait()
    assert fresh.stack()["StackStatus"] == "UPDATE_COMPLETE"


def test_a_state_that_an_earlier_version_saved_is_read(world: World, another: Callable[[], World]) -> None:
    world.create(template({"A": widget()}))
    state = dumped(world.cloud)
    for stack in state["stacks"]:
        stack["doomed"] = stack.pop("pending_delete")
    fresh = another()
    fresh.cloud.load(state)
    assert fresh.stack()["StackStatus"] == "CREATE_COMPLETE"


def _cut_off(world: World, begin: Callable[[], object]) -> dict[str, object]:
    """The state while `begin`'s operation stands at the gate, as a kill would leave it on disk."""
    world.widgets.gates["g"] = threading.Event()
    begin()
    assert world.widgets.reached.wait(10)
    state: dict[str, object] = json.loads(json.dumps(dumped(world.cloud)))
    return state


def test_a_creation_that_a_kill_cut_off_is_rolled_back(world: World, another: Callable[[], World]) -> None:
    it = json.dumps(template({"A": widget(), "B": {**widget(Gate="g"), "DependsOn": "A"}}))
    state = _cut_off(world, lambda: world.client.create_stack(StackName="s", TemplateBody=it))
    fresh = another()
    fresh.cloud.load(state)
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert fresh.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "The embedded cloud was stopped" in fresh.reason("s", "ROLLBACK_IN_PROGRESS")
    assert "The embedded cloud was stopped" in fresh.reason("B", "CREATE_FAILED")
    assert fresh.widgets.made == {}


def test_an_update_that_a_kill_cut_off_is_rolled_back_in_every_stack(
    world: World, another: Callable[[], World]
) -> None:
    def it(url: str, **more: object) -> dict[str, object]:
        return template({"C": {**NESTED, "Properties": {"TemplateURL": url}}, **more})

    world.create(it(world.put("c1", template({"B": widget(Size=1)}))))
    inner = world.physical("C")
    after = json.dumps(
        it(world.put("c2", template({"B": widget(Size=2)})), D={**widget(Gate="g"), "DependsOn": "C"})
    )
    state = _cut_off(world, lambda: world.client.update_stack(StackName="s", TemplateBody=after))
    fresh = another()
    fresh.cloud.load(state)
    assert fresh.widgets.made[fresh.physical("B", inner)] == {"Size": 2}
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert fresh.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert fresh.stack(inner)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert fresh.widgets.made[fresh.physical("B", inner)] == {"Size": 1}


def test_a_deletion_that_a_kill_cut_off_goes_on(world: World, another: Callable[[], World]) -> None:
    world.create(template({"A": widget(), "B": widget(Of={"Ref": "A"})}))
    state = json.loads(json.dumps(dumped(world.cloud)))
    state["stacks"][0]["status"] = "DELETE_IN_PROGRESS"
    state["stacks"][0]["resources"]["B"]["status"] = "DELETE_IN_PROGRESS"
    fresh = another()
    fresh.cloud.load(state)
    fresh.cloud.resume()
    fresh.cloud.wait()
    assert fresh.client.describe_stacks()["Stacks"] == []
    assert fresh.widgets.made == {}


def test_an_operation_that_runs_is_in_nobodys_way(world: World) -> None:
    it = json.dumps(template({"A": widget(Gate="g")}))
    _cut_off(world, lambda: world.client.create_stack(StackName="s", TemplateBody=it))
    assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
        world.update(template({"A": widget(Size=2)}))
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "CREATE_COMPLETE"


def test_a_deleted_stack_is_shown_for_ninety_days(world: World) -> None:
    today = dt.datetime.now(dt.UTC)
    days = {"now": 0}
    cloud = CloudFormation(
        world.services,
        lambda: None,
        {"Test::Widget": world.widgets},
        clock=lambda: today + dt.timedelta(days=days["now"]),
    )
    client = client_of(cloud)
    for name in ("gone", "kept"):
        client.create_stack(StackName=name, TemplateBody=text(template({"A": widget(Name=name)})))
    cloud.wait()
    client.delete_stack(StackName="gone")
    cloud.wait()
    days["now"] = 89
    assert sorted(it["name"] for it in dumped(cloud)["stacks"]) == ["gone", "kept"]
    days["now"] = 91
    client.describe_stacks()  # without any call nothing is written either
    assert [it["name"] for it in dumped(cloud)["stacks"]] == ["kept"]
    shown = client.list_stacks()["StackSummaries"]
    assert [it["StackName"] for it in shown] == ["kept"]


def test_who_waits_for_operations_need_not_wait_for_ever(world: World) -> None:
    world.widgets.gates["shut"] = threading.Event()
    world.client.create_stack(StackName="s", TemplateBody=text(template({"A": widget(Gate="shut")})))
    assert world.widgets.reached.wait(20)
    world.cloud.wait(0.01)
    assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
