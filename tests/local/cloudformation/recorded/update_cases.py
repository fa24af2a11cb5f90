"""Updates by change sets, from the creation to the deletion, as one recording follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.local.cloudformation.recorded.parts import attribute, parameter, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case

Values = Mapping[str, str] | None
SUFFIX = "-prop-values"
GRANTED = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


def follow(
    replay: StackReplay,
    before: Any,
    after: Any,
    values: Values = None,
    later: Values = None,
    *,
    between: Callable[[], object] | None = None,
) -> None:
    """Create a stack by one change set and update it by another; compare all that is seen on the way.

    The recordings in which something happens between the two grant capabilities.
    """
    stack, granted = replay.name(), GRANTED if between else []
    for number, (body, given, kind) in enumerate(
        [(before, values, "CREATE"), (after, later, "UPDATE")], start=1
    ):
        if between and number == 2:
            between()
        made = replay.change_set(
            stack, body, kind, given, ChangeSetName=f"{stack}-update", Capabilities=granted
        )
        replay.match(f"create-change-set-{number}", made)
        named = {"ChangeSetName": made["Id"]}
        step = f"describe-change-set-{number}"
        full = replay.ask("describe_change_set", **named, IncludePropertyValues=True)
        if step + SUFFIX in replay.missing():
            replay.match(step + SUFFIX, full)
        replay.match(step, replay.ask("describe_change_set", **named))
        replay.match(f"execute-change-set-{number}", replay.execute(made["Id"], stack))
        replay.match(f"post-create-{number}-describe", replay.stack(stack))
        arn = made["StackId"]
    if "per-resource-events" in replay.missing():
        replay.match("per-resource-events", _by_resource(replay.events(arn), stack))
    replay.delete(arn)
    replay.match("delete-describe", replay.stack(arn))


def _by_resource(events: list[dict[str, Any]], stack: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        name = "Stack" if event["LogicalResourceId"] == stack else event["LogicalResourceId"]
        found.setdefault(name, []).append(event)
    return found


def named_topics(*names: Any, **sections: Any) -> list[dict[str, Any]]:
    """For each name a template with a topic of that name, and a parameter that holds it."""
    second = parameter(attribute("Foo", "TopicName"))
    return [template({"Foo": topic(name), "Parameter": second}, **sections) for name in names]


@case
def test_direct_update(replay: StackReplay) -> None:
    follow(replay, template({"Foo": topic("topic-1")}), template({"Foo": topic("topic-2")}))


@case
def test_dynamic_update(replay: StackReplay) -> None:
    follow(replay, *named_topics("topic-1", "topic-2"))


@case
def test_mappings_with_static_fields(replay: StackReplay) -> None:
    mappings = {"MyMap": {"MyKey": {"key1": "topic-name-1", "key2": "topic-name-2"}}}
    names = [{"Fn::FindInMap": ["MyMap", "MyKey", key]} for key in ("key1", "key2")]
    follow(replay, *named_topics(*names, Mappings=mappings))


@case
def test_conditions(replay: StackReplay) -> None:
    body = template(
        {"Bucket": {"Type": "AWS::S3::Bucket"}, "Parameter": {**parameter("test"), "Condition": "IsProduction"}},
        Parameters={"EnvironmentType": text_parameter()},
        Conditions={"IsProduction": {"Fn::Equals": [{"Ref": "EnvironmentType"}, "prod"]}},
    )  # fmt: skip
    follow(replay, body, body, {"EnvironmentType": "not-prod"}, {"EnvironmentType": "prod"})


@case
def test_base_dynamic_parameter_scenarios_change_dynamic(replay: StackReplay) -> None:
    made = {"Parameter": parameter({"Ref": "ParameterValue"})}
    body = template(made, Parameters={"ParameterValue": text_parameter()})
    follow(replay, body, body, {"ParameterValue": "value-1"}, {"ParameterValue": "value-2"})


@case
def test_base_dynamic_parameter_scenarios_condition(replay: StackReplay) -> None:
    second = {**parameter("first"), "Condition": "ShouldCreateParameter"}
    allowed = text_parameter(Default="value-1", AllowedValues=["value-1", "value-2"])
    body = template(
        {"SSMParameter1": parameter("first"), "SSMParameter2": second},
        Parameters={"ParameterValue": allowed},
        Conditions={"ShouldCreateParameter": {"Fn::Equals": [{"Ref": "ParameterValue"}, "value-2"]}},
    )
    follow(replay, body, body, {"ParameterValue": "value-1"}, {"ParameterValue": "value-2"})


@case
def test_execute_with_ref(replay: StackReplay) -> None:
    output = replay.name("output")
    stack = None
    for step in ("before-value", "after-value"):
        first = parameter("my-value", Name=replay.name("param"))
        second = parameter({"Ref": "Parameter1"}, Name=output)
        stack = replay.deploy(template({"Parameter1": first, "Parameter2": second}), stack=stack)
        found = replay.clients("ssm").get_parameter(Name=output)
        replay.match(step, found["Parameter"]["Value"])


@case
def test_base_mapping_scenarios(replay: StackReplay) -> None:
    found = {"Fn::FindInMap": ["GenericMapping", "EnvironmentA", "ParameterValue"]}
    bodies = [
        template(
            {"MySSMParameter": parameter(found)},
            Mappings={"GenericMapping": {"EnvironmentA": {"ParameterValue": value}}},
        )
        for value in ("value-1", "value-2")
    ]
    follow(replay, *bodies)


@case
def test_single_resource_static_update(replay: StackReplay) -> None:
    name, stack = replay.name("parameter"), replay.name()
    for number, (value, kind) in enumerate([("foo", "CREATE"), ("bar", "UPDATE")], start=1):
        body = template({"MyParameter": parameter(value, Name=name)})
        made = replay.change_set(stack, body, kind)
        replay.match(f"describe-{number}", replay.ask("describe_change_set", ChangeSetName=made["Id"]))
        replay.execute(made["Id"], stack)
        found = replay.clients("ssm").get_parameter(Name=name)
        replay.match(f"parameter-{number}", found["Parameter"])


@case
def test_property_empty_list(replay: StackReplay) -> None:
    group = {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": attribute("Topic", "TopicName"), "Tags": []},
    }
    named = topic("test-name")
    follow(replay, template({"Topic": named, "Role": group}), template({"Topic": named}))


@case
def test_update_parameter_default_value(replay: StackReplay) -> None:
    bodies = [
        template(
            {"Foo": topic({"Ref": "TopicName"})}, Parameters={"TopicName": text_parameter(Default=default)}
        )
        for default in ("topic-name-1", "topic-name-2")
    ]
    follow(replay, *bodies)


@case
def test_unrelated_changes_update_propagation(replay: StackReplay) -> None:
    second = parameter(attribute("Parameter1", "Value"))
    bodies = [
        template({"Parameter1": parameter("topic-name", Description=text), "Parameter2": second})
        for text in ("original", "changed")
    ]
    follow(replay, *bodies)


@case
def test_unrelated_changes_requires_replacement(replay: StackReplay) -> None:
    second = parameter(attribute("Parameter1", "Value"))
    bodies = [
        template({"Parameter1": parameter("value", Name=f"parameter-{number}-name"), "Parameter2": second})
        for number in (1, 2)
    ]
    follow(replay, *bodies)


def derived(**more: Any) -> dict[str, Any]:
    """A template with a parameter that holds the value of another, and what is added."""
    return template(
        {"DerivedParameter": parameter({"Ref": "InputValue"}), **more},
        Parameters={"InputValue": {"Type": "AWS::SSM::Parameter::Value<String>"}},
        Outputs={"DerivedParameterName": {"Value": {"Ref": "DerivedParameter"}}},
    )


@case
def test_dynamic_ssm_parameter_lookup(replay: StackReplay) -> None:
    name, systems = replay.name("param"), replay.clients("ssm")
    systems.put_parameter(Name=name, Value="value-1", Type="String")
    change = partial(systems.put_parameter, Name=name, Value="value-2", Overwrite=True)
    follow(replay, derived(), derived(), {"InputValue": name}, {"InputValue": name}, between=change)


@case
def test_dynamic_ssm_parameter_lookup_no_change(replay: StackReplay) -> None:
    name = replay.name("param")
    replay.clients("ssm").put_parameter(Name=name, Value="value", Type="String")
    after = derived(AnotherParameter=parameter("new parameter"))
    follow(replay, derived(), after, {"InputValue": name}, {"InputValue": name}, between=lambda: None)


def display(name: str, value: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name, "DisplayName": value}}


@case
def test_direct_attribute_value_change(replay: StackReplay) -> None:
    second = display("topic-name-2", attribute("Topic1", "DisplayName"))
    bodies = [
        template({"Topic1": display("topic-name-1", value), "Topic2": second})
        for value in ("display-value-1", "display-value-2")
    ]
    follow(replay, *bodies)


@case
def test_resource_addition(replay: StackReplay) -> None:
    first = display("topic-name-1", "display-value-1")
    second = display("topic-name-2", {"Ref": "Topic1"})
    follow(replay, template({"Topic1": first}), template({"Topic1": first, "Topic2": second}))
