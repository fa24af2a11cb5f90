"""Creating, updating, rolling back and deleting one stack."""

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


def test_an_update_changes_in_place_what_can_be_changed_in_place(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": widget(Of={"Fn::GetAtt": "A.Size"}), "C": widget()}))
    before = world.physical("A")
    world.log.clear()
    made = world.update(
        template({"A": widget(Size=2), "B": widget(Of={"Fn::GetAtt": "A.Size"}), "C": widget()})
    )
    assert made["StackStatus"] == "UPDATE_COMPLETE"
    assert world.log == ["update A", "update B"]
    assert world.physical("A") == before
    assert world.widgets.made[world.physical("B")] == {"Of": 2}
    assert world.story()[-2:] == ["s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "s UPDATE_COMPLETE"]


def test_what_is_replaced_or_dropped_is_deleted_after_everything_else_succeeded(world: World) -> None:
    world.create(template({"A": widget(Kind="x"), "User": widget(Of={"Ref": "A"}), "Gone": widget()}))
    before = world.physical("A")
    world.log.clear()
    world.update(template({"A": widget(Kind="y"), "User": widget(Of={"Ref": "A"})}))
    assert world.log[:2] == ["create A", "update User"]
    assert sorted(world.log[2:]) == ["delete A", "delete Gone"]
    assert world.physical("A") != before
    assert before not in world.widgets.made
    assert world.widgets.made[world.physical("User")] == {"Of": world.physical("A")}
    assert "creation of a new physical resource" in next(
        it["ResourceStatusReason"]
        for it in world.events()
        if it["ResourceStatus"] == "UPDATE_IN_PROGRESS" and it["LogicalResourceId"] == "A"
    )


def test_a_failed_update_brings_back_everything(world: World) -> None:
    old = template({"A": widget(Size=1), "B": widget(Kind="x", Of={"Ref": "A"}), "Gone": widget()})
    world.create(old)
    before = {name: world.physical(name) for name in ("A", "B", "Gone")}
    contents = dict(world.widgets.made)
    made = world.update(
        template(
            {
                "A": widget(Size=2),
                "B": widget(Kind="y", Of={"Ref": "A"}),
                "New": widget(),
                "Bad": {**widget(Fail="no"), "DependsOn": ["A", "B", "New"]},
            },
            Outputs={"X": {"Value": "new"}},
        )
    )
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Outputs" not in made
    assert {name: world.physical(name) for name in before} == before
    assert world.widgets.made == contents
    assert "failed to create: [Bad]" in world.reason("s", "UPDATE_ROLLBACK_IN_PROGRESS")
    assert world.client.get_template(StackName="s")["TemplateBody"] == old
    assert world.update(template({"A": widget(Size=3)}))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(world: World) -> None:
    world.create(template({"A": widget(Size=1), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.refuse_update.add("B")
    first = template({"A": widget(Size=2), "B": {**widget(Size=2), "DependsOn": "A"}})
    assert world.update(first)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED state and can not be updated"):
        world.update(first)
    world.widgets.refuse_update.clear()
    world.client.continue_update_rollback(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.widgets.made[world.physical("A")] == {"Size": 1}
    assert world.widgets.made[world.physical("B")] == {}


def test_a_resource_can_be_skipped_when_a_rollback_is_continued(world: World) -> None:
    world.create(template({"B": widget()}))
    world.widgets.refuse_update.add("B")
    world.update(template({"B": widget(Size=2)}))
    with pytest.raises(ClientError, match="Nope"):
        world.client.continue_update_rollback(StackName="s", ResourcesToSkip=["Nope"])
    world.client.continue_update_rollback(StackName="s", ResourcesToSkip=["B"])
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_an_update_can_be_cancelled(world: World) -> None:
    world.create(template({"A": widget(), "B": {**widget(), "DependsOn": "A"}}))
    world.widgets.gates["g"] = threading.Event()
    world.client.update_stack(
        StackName="s",
        TemplateBody='{"Resources":{"A":{"Type":"Test::Widget","Properties":{"Gate":"g"}},'
        '"B":{"Type":"Test::Widget","Properties":{"Size":2},"DependsOn":"A"}}}',
    )
    assert world.widgets.reached.wait(10)
    world.client.cancel_update_stack(StackName="s")
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "update B" not in world.log
    assert world.reason("A", "UPDATE_FAILED") == "Resource update cancelled"


def test_an_update_that_changes_nothing_is_refused(world: World) -> None:
    it = template({"A": widget(Size=1)})
    world.create(it)
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        world.update(template({"A": widget(Size="1")}))


def test_only_new_outputs_are_an_update(world: World) -> None:
    world.create(template({"A": widget()}))
    world.log.clear()
    world.update(template({"A": widget()}, Outputs={"X": {"Value": "1"}}))
    assert world.outputs() == {"X": "1"}
    assert world.log == []


def test_a_custom_named_resource_is_not_replaced(world: World) -> None:
    world.create(template({"A": widget(Name="n", Kind="x")}))
    made = world.update(template({"A": widget(Name="n", Kind="y")}))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("A", "UPDATE_FAILED") == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename n and update the stack again."
    )


def test_a_resource_keeps_its_type(world: World) -> None:
    world.create(template({"A": widget()}))
    with pytest.raises(ClientError, match="Update of resource type is not permitted"):
        world.update(template({"A": {"Type": "AWS::IAM::Role"}}), Capabilities=["CAPABILITY_IAM"])


def test_deletion_runs_backwards_and_honours_the_policies(world: World) -> None:
    world.create(
        template(
            {
                "A": widget(),
                "B": widget(Of={"Ref": "A"}),
                "Kept": {**widget(), "DeletionPolicy": "Retain"},
                "Filmed": {**widget(), "DeletionPolicy": "Snapshot"},
                "Db": {"Type": "AWS::RDS::DBCluster"},
            }
        )
    )
    kept = world.physical("Kept")
    stack_id = world.stack()["StackId"]
    world.log.clear()
    world.delete()
    assert world.log.index("delete B") < world.log.index("delete A")
    assert world.log.index("snapshot Filmed") < world.log.index("delete Filmed")
    assert "snapshot Db" in world.log
    assert "delete Kept" not in world.log
    assert list(world.widgets.made) == [kept]
    assert "Kept DELETE_SKIPPED" in world.story(stack_id)
    assert world.stack(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_what_retains_except_on_create_goes_with_a_failed_creation(world: World) -> None:
    def both(policy: str) -> dict[str, object]:
        return template(
            {"A": {**widget(), "DeletionPolicy": policy}, "B": {**widget(Fail="no"), "DependsOn": "A"}}
        )

    world.create(both("RetainExceptOnCreate"), "one")
    assert world.widgets.made == {}
    world.create(both("Retain"), "two", RetainExceptOnCreate=True)
    assert world.widgets.made == {}
    world.create(both("Retain"), "three")
    assert len(world.widgets.made) == 1


def test_a_resource_that_cannot_be_deleted_can_be_left_behind(world: World) -> None:
    world.create(template({"A": widget(), "B": widget(Of={"Ref": "A"}), "C": widget()}))
    world.widgets.refuse_delete.add("B")
    world.delete()
    made = world.stack()
    assert made["StackStatus"] == "DELETE_FAILED"
    assert made["StackStatusReason"] == "The following resource(s) failed to delete: [B]. "
    assert "the widget is not empty" in world.reason("B", "DELETE_FAILED")
    assert "delete A" not in world.log
    world.client.delete_stack(StackName="s", RetainResources=["B"])
    world.cloud.wait()
    assert world.client.describe_stacks()["Stacks"] == []


def test_termination_protection_stands_in_the_way_of_deletion(world: World) -> None:
    world.create(template({"A": widget()}), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        world.delete()
    world.client.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []


def test_a_stack_policy_denies_what_it_does_not_allow(world: World) -> None:
    world.create(template({"A": widget(Kind="x"), "B": widget()}))
    world.client.set_stack_policy(
        StackName="s",
        StackPolicyBody='{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"},'
        '{"Effect": "Deny", "Action": "Update:Replace", "Resource": "LogicalResourceId/A"}]}',
    )
    made = world.update(template({"A": widget(Kind="y"), "B": widget()}))
    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert world.reason("A", "UPDATE_FAILED") == (
        "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource "
        "[LogicalResourceId/A]"
    )
    assert (
        world.update(template({"A": widget(Kind="x"), "B": widget(Size=2)}))["StackStatus"]
        == "UPDATE_COMPLETE"
    )


def test_deleting_a_stack_that_is_not_there_is_done(world: World) -> None:
    world.delete("nothing")


def test_deleting_a_stack_while_it_is_created_stops_the_creation(world: World) -> None:
    world.widgets.gates["g"] = threading.Event()
    world.client.create_stack(
        StackName="s",
        TemplateBody='{"Resources":{"A":{"Type":"Test::Widget","Properties":{"Gate":"g"}},'
        '"B":{"Type":"Test::Widget","DependsOn":"A"}}}',
    )
    assert world.widgets.reached.wait(10)
    world.client.delete_stack(StackName="s")
    world.widgets.gates["g"].set()
    world.cloud.wait()
    assert world.client.describe_stacks()["Stacks"] == []
    assert world.widgets.made == {}
    assert "create B" not in world.log


def test_exports_bind_stacks_together(world: World) -> None:
    giver = template({"A": widget()}, Outputs={"O": {"Value": "v", "Export": {"Name": "shared"}}})
    world.create(giver, "giver")
    world.create(template({"B": widget(Of={"Fn::ImportValue": "shared"})}), "taker")
    assert world.widgets.made[world.physical("B", "taker")] == {"Of": "v"}
    assert world.client.list_exports()["Exports"][0]["Name"] == "shared"
    assert world.client.list_imports(ExportName="shared")["Imports"] == ["taker"]
    world.delete("giver")
    assert world.stack("giver")["StackStatus"] == "DELETE_FAILED"
    assert (
        world.stack("giver")["StackStatusReason"]
        == "Export shared cannot be deleted as it is in use by taker"
    )
    world.delete("taker")
    world.delete("giver")
    assert world.client.describe_stacks()["Stacks"] == []


def test_an_export_in_use_does_not_change(world: World) -> None:
    def giver(value: str) -> dict[str, object]:
        return template({"A": widget()}, Outputs={"O": {"Value": value, "Export": {"Name": "shared"}}})

    world.create(giver("1"), "giver")
    world.create(template({"B": widget(Of={"Fn::ImportValue": "shared"})}), "taker")
    assert world.update(giver("2"), "giver")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "cannot be updated as it is in use by taker" in world.reason(
        "giver", "UPDATE_ROLLBACK_IN_PROGRESS", "giver"
    )
    assert world.outputs("giver") == {"O": "1"}


def test_an_export_belongs_to_one_stack(world: World) -> None:
    it = template({"A": widget()}, Outputs={"O": {"Value": "v", "Export": {"Name": "shared"}}})
    world.create(it, "one")
    assert world.create(it, "two")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "already exported by stack one" in world.reason("two", "ROLLBACK_IN_PROGRESS", "two")


def test_dynamic_references_reach_the_provider_and_nothing_else(world: World) -> None:
    world.services.secrets["arn:aws:secretsmanager:eu-west-1:1:secret:db-x"] = '{"password": "hush"}'
    world.services.parameters["/size"] = "7"
    reference = (
        "{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:db-x:SecretString:password}}"
    )
    it = template({"A": widget(Password=reference, Size="{{resolve:ssm:/size}}")})
    world.create(it)
    assert world.widgets.made[world.physical("A")] == {"Password": "hush", "Size": "7"}
    assert "hush" not in str(world.cloud.dump())
    with pytest.raises(ClientError, match="No updates are to be performed"):
        world.update(it)


def test_no_echo_parameters_are_masked_everywhere(world: World) -> None:
    world.create(
        template(
            {"A": widget(Password={"Ref": "P"}, Url={"Fn::Sub": "db://${P}@host"})},
            Parameters={"P": {"Type": "String", "NoEcho": True}},
        ),
        Parameters=[{"ParameterKey": "P", "ParameterValue": "secret"}],
    )
    assert world.stack()["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "****"}]
    assert "secret" not in str(world.events())
    plan = world.change_set(
        template(
            {"A": widget(Password={"Ref": "P"}, Url="x")},
            Parameters={"P": {"Type": "String", "NoEcho": True}},
        ),
        Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}],
    )
    assert "secret" not in str(plan)


def test_a_wait_condition_handle_is_a_url(world: World) -> None:
    world.create(template({"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}))
    assert world.physical("H").startswith("https://cloudformation-waitcondition-eu-west-1.s3.")
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []


def test_metadata_and_policies_follow_the_template(world: World) -> None:
    world.create(template({"A": widget()}))
    world.update(template({"A": {**widget(), "DeletionPolicy": "Retain", "Metadata": {"k": "v"}}}))
    detail = world.client.describe_stack_resource(StackName="s", LogicalResourceId="A")["StackResourceDetail"]
    assert detail["Metadata"] == '{"k": "v"}'
    world.delete()
    assert len(world.widgets.made) == 1


def test_a_stack_whose_failed_update_was_left_as_it_is_can_be_deleted_whole(world: World) -> None:
    world.create(template({"A": widget(Kind="x")}))
    left = world.update(
        template({"A": widget(Kind="y"), "B": {**widget(Fail="no"), "DependsOn": "A"}}), DisableRollback=True
    )
    assert left["StackStatus"] == "UPDATE_FAILED"
    assert len(world.widgets.made) == 2
    world.delete()
    assert world.widgets.made == {}


def test_a_failed_update_that_was_left_as_it_is_can_be_rolled_back_later(world: World) -> None:
    world.create(template({"A": widget(Kind="x")}))
    old = world.physical("A")
    world.update(
        template({"A": widget(Kind="y"), "B": {**widget(Fail="no"), "DependsOn": "A"}}), DisableRollback=True
    )
    world.client.rollback_stack(StackName="s")
    world.cloud.wait()
    assert world.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert list(world.widgets.made) == [old] == [world.physical("A")]


def test_no_service_is_asked_while_the_state_is_locked(world: World) -> None:
    """Another service may be waiting for our state to be saved; asking it then would stop both for good."""
    store = world.cloud._store
    asked: list[bool] = []

    def zones() -> dict[str, list[dict[str, str]]]:
        asked.append(store.lock._is_owned())  # type: ignore[attr-defined]
        return {"AvailabilityZones": [{"ZoneName": "z"}]}

    world.services.describe_availability_zones = zones  # type: ignore[method-assign]
    world.create(
        template(
            {
                "A": {**widget(), "Metadata": {"Z": {"Fn::GetAZs": "one"}}},
                "B": widget(Z={"Fn::GetAZs": "two"}),
            },
            Outputs={"O": {"Value": {"Fn::Join": ["", {"Fn::GetAZs": "three"}]}}},
        )
    )
    assert asked == [False, False, False]
