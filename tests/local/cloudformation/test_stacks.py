"""Creating a stack, and rolling its creation back."""

from __future__ import annotations

import threading

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget


def test_a_stack_is_created_in_the_order_of_its_references(world: World) -> None:
    made = world.create(
        template(
            {
                "Last": {**widget(), "DependsOn": "Middle"},
                "Middle": widget(Of={"Fn::GetAtt": ["First", "Arn"]}),
                "First": widget(Name="one"),
            },
            Outputs={"Arn": {"Value": {"Fn::GetAtt": "First.Arn"}, "Description": "an arn"}},
        )
    )
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert world.log == ["create First", "create Middle", "create Last"]
    assert made["Outputs"] == [{"OutputKey": "Arn", "OutputValue": "arn:widget/one", "Description": "an arn"}]
    assert world.widgets.made["one"] == {"Name": "one"}
    assert world.story() == [
        "s CREATE_IN_PROGRESS",
        *[
            f"{it} CREATE_{how}"
            for it in ("First", "Middle", "Last")
            for how in ("IN_PROGRESS", "IN_PROGRESS", "COMPLETE")
        ],
        "s CREATE_COMPLETE",
    ]
    assert world.changes


def test_a_failed_creation_rolls_back_in_reverse_and_says_why(world: World) -> None:
    made = world.create(
        template(
            {"A": widget(), "B": {**widget(), "DependsOn": "A"}, "C": {**widget(Fail="no"), "DependsOn": "B"}}
        )
    )
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert world.log[-2:] == ["delete B", "delete A"]
    assert world.widgets.made == {}
    assert world.reason("C", "CREATE_FAILED").startswith(
        'Resource handler returned message: "no" (RequestToken: '
    )
    assert world.reason("C", "CREATE_FAILED").endswith("HandlerErrorCode: InvalidRequest)")
    assert (
        world.reason("s", "ROLLBACK_IN_PROGRESS")
        == "The following resource(s) failed to create: [C]. Rollback requested by user."
    )


def test_a_services_refusal_is_worded_as_its_handler_words_it(world: World) -> None:
    world.create(template({"A": {**widget(Fail="service"), "Type": "AWS::RDS::DBCluster"}}))
    assert '"too many widgets (Service: Rds, ' in world.reason("A", "CREATE_FAILED")
    assert "Status Code: 409, Request ID: r-1)" in world.reason("A", "CREATE_FAILED")
    assert "HandlerErrorCode: AlreadyExists)" in world.reason("A", "CREATE_FAILED")


def test_a_resource_that_the_schema_refuses_never_reaches_its_provider(world: World) -> None:
    made = world.create(template({"A": widget(Nonsense=1)}))
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert world.log == []
    assert world.reason("A", "CREATE_FAILED") == (
        "Properties validation failed for resource A with message:\n"
        "[#: extraneous key [Nonsense] is not permitted]"
    )


def test_resources_under_way_beside_a_failure_are_cancelled_and_deleted(world: World) -> None:
    world.widgets.gates["g"] = threading.Event()
    world.client.create_stack(
        StackName="s",
        TemplateBody=str(template({"Slow": widget(Gate="g"), "Bad": widget(Fail="no")})).replace("'", '"'),
    )
    assert world.widgets.reached.wait(10)
    while "Bad CREATE_FAILED" not in world.story():
        assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.reason("Slow", "CREATE_FAILED") == "Resource creation cancelled"
    assert world.widgets.made == {}
    assert "failed to create: [Bad, Slow]" in world.reason("s", "ROLLBACK_IN_PROGRESS")


def test_resources_that_wait_for_a_worker_do_not_begin_after_a_failure(world: World) -> None:
    world.widgets.gates |= {"slow": threading.Event(), "bad": threading.Event()}
    busy = {f"Slow{number}": widget(Gate="slow") for number in range(3)}
    waiting = {f"Waiting{number}": widget() for number in range(3)}
    world.client.create_stack(
        StackName="s", TemplateBody=text(template({**busy, "Bad": widget(Gate="bad", Fail="no"), **waiting}))
    )
    while len(world.log) < 4:
        assert world.widgets.reached.wait(10)
    world.widgets.gates["bad"].set()
    while "Bad CREATE_FAILED" not in world.story():
        assert world.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    world.widgets.gates["slow"].set()
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "failed to create: [Bad, Slow0, Slow1, Slow2]" in world.reason("s", "ROLLBACK_IN_PROGRESS")
    assert [line for line in world.log if "Waiting" in line] == []


def test_a_rolled_back_creation_can_only_be_deleted(world: World) -> None:
    world.create(template({"A": widget(Fail="no")}))
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        world.update(template({"A": widget()}))
    world.delete()
    with pytest.raises(ClientError, match="Stack with id s does not exist"):
        world.stack()


@pytest.mark.parametrize(
    ("on_failure", "status"), [("DO_NOTHING", "CREATE_FAILED"), ("ROLLBACK", "ROLLBACK_COMPLETE")]
)
def test_on_failure_decides_what_becomes_of_a_failed_creation(
    world: World, on_failure: str, status: str
) -> None:
    made = world.create(
        template({"A": widget(), "B": {**widget(Fail="no"), "DependsOn": "A"}}), OnFailure=on_failure
    )
    assert made["StackStatus"] == status
    assert bool(world.widgets.made) is (on_failure == "DO_NOTHING")
    if on_failure == "DO_NOTHING":
        world.client.rollback_stack(StackName="s")
        world.cloud.wait()
        assert world.stack()["StackStatus"] == "ROLLBACK_COMPLETE"


def test_on_failure_delete_leaves_no_stack(world: World) -> None:
    stack_id = world.client.create_stack(
        StackName="s",
        TemplateBody='{"Resources":{"A":{"Type":"Test::Widget","Properties":{"Fail":"no"}}}}',
        OnFailure="DELETE",
    )["StackId"]
    world.cloud.wait()
    assert world.stack(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert world.client.describe_stacks()["Stacks"] == []
