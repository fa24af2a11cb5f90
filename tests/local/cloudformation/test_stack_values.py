"""The values of a stack: exports, dynamic references, secrets, metadata."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, widget
from tests.local.state.saved import dumped


def test_exports_bind_stacks_together(world: World) -> None:
    giver = template({"A": widget()}, Outputs={"O": {"Value": "v", "Export": {"Name": "shared"}}})
    world.create(giver, "giver")
    world.create(template({"B": widget(Of={"Fn::ImportValue": "shared"})}), "taker")
    assert world.widgets.made[world.physical("B", "taker")] == {"Of": "v"}
    assert world.client.list_exports()["Exports"][0]["Name"] == "shared"
    assert world.client.list_imports(ExportName="shared")["Imports"] == ["taker"]
    world.delete("giver")
    assert world.stack("giver")["StackStatus"] == "CREATE_COMPLETE"
    assert (
        world.stack("giver")["StackStatusReason"]
        == "Delete canceled. Cannot delete export shared as it is in use by taker."
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
    reason = world.reason("two", "ROLLBACK_IN_PROGRESS", "two")
    assert reason == "Export with name shared is already exported by stack one. Rollback requested by user."


def test_dynamic_references_reach_the_provider_and_nothing_else(world: World) -> None:
    world.services.secrets["arn:aws:secretsmanager:eu-west-1:1:secret:db-x"] = '{"password": "hush"}'
    world.services.parameters["/size"] = "7"
    reference = (
        "{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:db-x:SecretString:password}}"
    )
    it = template({"A": widget(Password=reference, Size="{{resolve:ssm:/size}}")})
    world.create(it)
    assert world.widgets.made[world.physical("A")] == {"Password": "hush", "Size": "7"}
    assert "hush" not in str(dumped(world.cloud))
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


def test_a_secret_that_begins_with_another_is_masked_completely(world: World) -> None:
    secrets = {f"P{length}": "hunter2-2026"[:length] for length in range(4, 13)}
    world.create(
        template(
            {"A": widget(Url={"Fn::Sub": "db://${P12}@host"})},
            Parameters={name: {"Type": "String", "NoEcho": True} for name in secrets},
        ),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in secrets.items()],
    )
    shown = [event.get("ResourceProperties", "") for event in world.events()]
    assert '{"Url":"db://****@host"}' in shown
    assert "2026" not in str(shown)


def test_a_wait_condition_handle_is_a_url(world: World) -> None:
    world.create(template({"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}))
    assert world.physical("H").startswith("https://cloudformation-waitcondition")
    world.delete()
    assert world.client.describe_stacks()["Stacks"] == []


def test_metadata_and_policies_follow_the_template(world: World) -> None:
    world.create(template({"A": widget()}))
    world.update(template({"A": {**widget(), "DeletionPolicy": "Retain", "Metadata": {"k": "v"}}}))
    detail = world.client.describe_stack_resource(StackName="s", LogicalResourceId="A")["StackResourceDetail"]
    assert detail["Metadata"] == '{"k": "v"}'
    world.delete()
    assert len(world.widgets.made) == 1


def test_no_service_is_asked_while_the_state_is_locked(world: World) -> None:
    """Another service may be waiting for our state to be saved; asking it then would stop both for good."""
    store = world.cloud._store
    asked: list[bool] = []

    def zones() -> dict[str, list[dict[str, str]]]:
        asked.append(store.lock._is_owned())  # type: ignore[attr-defined]
        return {"AvailabilityZones": [{"ZoneName": "z"}]}

    world.services.describe_availability_zones = zones  # type: ignore[assignment, method-assign]
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


def test_a_default_that_names_an_ssm_parameter_is_shown_with_what_it_stands_for(world: World) -> None:
    world.services.parameters["/p"] = "value"
    kind = "AWS::SSM::Parameter::Value<String>"
    stack = world.create(template({"A": widget()}, Parameters={"P": {"Type": kind, "Default": "/p"}}))
    assert stack["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "/p", "ResolvedValue": "value"}]
