"""Macros and AWS::Include: what they make of templates and of parts of templates."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.conftest import World, template, text, widget

GRANTED: dict[str, Any] = {"Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
MACRO = {"Type": "AWS::CloudFormation::Macro", "Properties": {"Name": "Mine", "FunctionName": "f"}}


def answer(event: Any, fragment: Any, **more: Any) -> dict[str, Any]:
    return {"requestId": event["requestId"], "status": "success", "fragment": fragment, **more}


def with_macro(world: World, function: Any) -> list[Any]:
    """A macro whose function is `function`; returns the events that it gets."""
    seen: list[Any] = []

    def called(event: Any) -> Any:
        seen.append(event)
        return function(event)

    world.services.functions["f"] = called
    world.create(template({"M": MACRO}), name="macros")
    return seen


def test_a_macro_makes_the_template(world: World) -> None:
    seen = with_macro(
        world, lambda event: answer(event, {**event["fragment"], "Resources": {"B": widget(X=1)}})
    )
    parameters = {"P": {"Type": "String", "Default": "p"}}
    world.create(template({"A": widget()}, Parameters=parameters, Transform="Mine"), **GRANTED)
    assert world.widgets.made[world.physical("B")] == {"X": 1}
    assert seen[-1]["templateParameterValues"] == {"P": "p"}
    assert (seen[-1]["transformId"], seen[-1]["accountId"]) == ("123456789012::Mine", "123456789012")
    assert (seen[-1]["region"], seen[-1]["params"]) == ("eu-west-1", {})
    assert seen[-1]["fragment"] == {"Resources": {"A": widget()}, "Parameters": parameters}
    processed = world.client.get_template(StackName="s")["TemplateBody"]
    assert ("B" in processed["Resources"], "Transform" in processed) == (True, False)


def test_a_macro_makes_a_part_of_the_template(world: World) -> None:
    seen = with_macro(
        world, lambda event: answer(event, {"X": event["fragment"]["X"] + event["params"]["Y"]})
    )
    call = {"Fn::Transform": {"Name": "Mine", "Parameters": {"Y": {"Ref": "AWS::Region"}}}, "X": "in "}
    world.create(template({"A": {"Type": "Test::Widget", "Properties": call}}), **GRANTED)
    assert world.widgets.made[world.physical("A")] == {"X": "in eu-west-1"}
    assert seen[-1]["fragment"] == {"X": "in "}


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (
            lambda event: answer(event, {}, status="failed", errorMessage="no luck"),
            "Transform 123456789012::Mine failed with: no luck",
        ),
        (
            lambda _: {"status": "success", "fragment": {}},
            "Received malformed response from transform 123456789012::Mine",
        ),
        (lambda _: "text", "Received malformed response"),
        (lambda event: answer(event, None), "Received malformed response"),
        (lambda _: int("boom"), "Received malformed response"),
    ],
)
def test_a_macro_that_fails_is_the_reason(world: World, function: Any, why: str) -> None:
    with_macro(world, function)
    body = template({"A": widget()}, Transform="Mine")
    plan = world.change_set(body, kind="CREATE", **GRANTED)
    assert plan["Status"] == "FAILED"
    assert why in plan["StatusReason"]
    assert world.create(body, name="another", **GRANTED)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = world.client.describe_stack_events(StackName="another")["StackEvents"]
    (turned,) = [event for event in events if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS"]
    assert turned["ResourceStatusReason"] == f"{plan['StatusReason']}. Rollback requested by user."


def test_a_macro_whose_function_was_deleted_is_the_reason(world: World) -> None:
    with_macro(world, lambda event: answer(event, event["fragment"]))
    del world.services.functions["f"]
    body = template({"A": widget()}, Transform="Mine")
    plan = world.change_set(body, kind="CREATE", **GRANTED)
    assert plan["StatusReason"] == "Transform 123456789012::Mine failed with: Function not found: f"
    world.create(body, name="another", **GRANTED)
    assert "Function not found: f" in world.reason("another", "ROLLBACK_IN_PROGRESS", "another")


def test_what_a_macro_makes_is_judged_like_any_template(world: World) -> None:
    with_macro(world, lambda event: answer(event, {"Resources": {"A": {"Type": "AWS::No::Thing"}}}))
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        world.create(template({"A": widget()}, Transform="Mine"), **GRANTED)


def test_macros_need_their_capability_and_are_gone_with_their_stack(world: World) -> None:
    with_macro(world, lambda event: answer(event, event["fragment"]))
    call = {"Fn::Transform": "Mine", "X": 1}
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_AUTO_EXPAND\]"):
        world.create(template({"A": {"Type": "Test::Widget", "Properties": call}}))
    world.delete("macros")
    world.create(template({"A": {"Type": "Test::Widget", "Properties": call}}), **GRANTED)
    assert "No transform named 123456789012::Mine found." in world.reason("s", "ROLLBACK_IN_PROGRESS")


def test_a_macro_has_a_name_and_a_function(world: World) -> None:
    world.create(template({"M": {"Type": "AWS::CloudFormation::Macro", "Properties": {"Name": "x"}}}))
    assert "Required property FunctionName is missing" in world.reason("M", "CREATE_FAILED")


def test_an_update_calls_the_function_that_the_macro_has_now(world: World) -> None:
    with_macro(world, lambda event: answer(event, event["fragment"]))
    world.services.functions["g"] = lambda event: answer(event, {"Resources": {"G": widget()}})
    world.update(
        template({"M": {**MACRO, "Properties": {"Name": "Mine", "FunctionName": "g"}}}), name="macros"
    )
    world.create(template({"A": widget()}, Transform=["Mine"]), **GRANTED)
    assert world.physical("G")


def test_what_is_included_is_merged(world: World) -> None:
    world.services.objects["bucket", "mappings.json"] = text({"Mappings": {"M": {"k": {"a": "included"}}}})
    world.services.objects["bucket", "properties.yaml"] = "Y: 2\n"
    include = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/mappings.json"}}
    inner = {
        "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/properties.yaml"}}
    }
    properties = {**inner, "X": {"Fn::FindInMap": ["M", "k", "a"]}}
    world.create(
        template({"A": {"Type": "Test::Widget", "Properties": properties}}, Transform=include), **GRANTED
    )
    assert world.widgets.made[world.physical("A")] == {"X": "included", "Y": 2}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("nothing", "S3 error"),
        ("binary", "Template format error: binary is not text in UTF-8."),
        ("list", "Template format error: unsupported structure."),
    ],
)
def test_what_cannot_be_included_is_the_reason(world: World, key: str, why: str) -> None:
    world.services.objects["bucket", "binary"] = "\udcff"
    world.services.objects["bucket", "list"] = "[1]"
    include = {"Name": "AWS::Include", "Parameters": {"Location": f"s3://bucket/{key}"}}
    world.create(template({"A": widget()}, Transform=include), **GRANTED)
    assert f"Transform AWS::Include failed with: {why}" in world.reason("s", "ROLLBACK_IN_PROGRESS")


@pytest.mark.parametrize("parameters", ["s3://bucket/part", ["s3://bucket/part"]])
def test_the_parameters_of_a_transform_that_are_not_an_object_are_refused(
    world: World, parameters: Any
) -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": parameters}}
    with pytest.raises(ClientError, match="Key Parameters of transform definition must be an object"):
        world.change_set(
            template({"A": {"Type": "Test::Widget", "Properties": include}}), kind="CREATE", **GRANTED
        )


@pytest.mark.parametrize(
    ("given", "status"),
    [({"OutputName": "V"}, "CREATE_COMPLETE"), ({"OutputName": "No"}, "ROLLBACK_COMPLETE")],
)
def test_the_output_of_another_stack_is_read_when_it_is_needed(world: World, given: Any, status: str) -> None:
    world.create(template({"A": widget()}, Outputs={"V": {"Value": "v"}}), name="other")
    call = {"Fn::GetStackOutput": {"StackName": "other", **given}}
    assert world.create(template({"B": widget(X=call)}))["StackStatus"] == status
    if status == "CREATE_COMPLETE":
        assert world.widgets.made[world.physical("B")] == {"X": "v"}
    else:
        assert "references output No from stack other" in world.reason("B", "CREATE_FAILED")


def test_a_stack_that_does_not_exist_has_no_output(world: World) -> None:
    world.create(template({"B": widget(X={"Fn::GetStackOutput": {"StackName": "no", "OutputName": "V"}})}))
    assert "Stack with id no does not exist" in world.reason("B", "CREATE_FAILED")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            template({"A": widget(X={"Fn::GetStackOutput": {"StackName": "a"}})}),
            "requires StackName and OutputName",
        ),
        (
            template(
                {"A": widget(X={"Fn::GetStackOutput": {"StackName": "a", "OutputName": "b", "RoleArn": "c"}})}
            ),
            "does not imitate Fn::GetStackOutput of other accounts",
        ),
        (
            template({"A": widget()}, Conditions={"C": {"Fn::Equals": [{"Fn::GetStackOutput": {}}, 1]}}),
            "every Fn::GetStackOutput object requires",
        ),
    ],
)
def test_a_malformed_output_of_another_stack_is_refused(world: World, body: Any, why: str) -> None:
    with pytest.raises(ClientError, match=why):
        world.create(body)


@pytest.fixture
def no_waiting() -> Iterator[ThreadPoolExecutor]:
    """Threads for calls that could wait for themselves; nothing waits for such a thread in the end."""
    pool = ThreadPoolExecutor()
    yield pool
    pool.shutdown(wait=False)


def create(world: World, template_: Any, name: str = "s") -> Any:
    return world.client.create_stack(StackName=name, TemplateBody=text(template_), **GRANTED)


def plan(world: World, template_: Any, name: str = "s") -> Any:
    return world.client.create_change_set(
        StackName=name, ChangeSetName="p", ChangeSetType="CREATE", TemplateBody=text(template_), **GRANTED
    )


@pytest.mark.parametrize("call", [create, plan])
def test_a_macro_creates_another_stack(world: World, no_waiting: ThreadPoolExecutor, call: Any) -> None:
    def function(event: Any) -> Any:
        world.client.create_stack(StackName="another", TemplateBody=text(template({"B": widget()})))
        return answer(event, event["fragment"])

    with_macro(world, function)
    no_waiting.submit(call, world, template({"A": widget()}, Transform="Mine")).result(10)
    world.cloud.wait()
    assert world.stack("another")["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("repeated", "why"),
    [(create, r"Stack \[s\] already exists"), (plan, r"Stack \[s\] is being changed by an operation")],
)
def test_a_macro_that_changes_its_own_stack_is_refused(
    world: World, no_waiting: ThreadPoolExecutor, repeated: Any, why: str
) -> None:
    refusals: list[ClientError] = []

    def function(event: Any) -> Any:
        if not refusals:
            with pytest.raises(ClientError, match=why) as refused:
                repeated(world, template({"B": widget()}))
            refusals.append(refused.value)
        return answer(event, event["fragment"])

    with_macro(world, function)
    no_waiting.submit(create, world, template({"A": widget()}, Transform="Mine")).result(10)
    world.cloud.wait()
    assert (len(refusals), world.stack()["StackStatus"]) == (1, "CREATE_COMPLETE")
