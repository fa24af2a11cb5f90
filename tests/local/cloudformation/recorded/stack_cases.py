"""Stacks: their descriptions, events, resources and deletion."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import parameter, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case, keyed

API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": {"Ref": "ApiName"}}}
API_TEMPLATE = template({"Api": API}, Parameters={"ApiName": text_parameter()})
SIMPLE = template({"SimpleParam": parameter("test")})
NAMED = {"topic69831491": topic()}
TOPIC_JSON = {
    "Outputs": {"TopicName": {"Value": {"Fn::GetAtt": ["topic69831491", "TopicName"]}}},
    "Resources": NAMED,
}
TOPIC_YAML = (
    "Resources:\n  topic69831491:\n    Type: AWS::SNS::Topic\nOutputs:\n  TopicName:\n    Value:\n"
    "      Fn::GetAtt:\n        - topic69831491\n        - TopicName\n"
)


@case
def test_stack_description_special_chars(replay: StackReplay) -> None:
    body: dict[str, Any] = {"Description": "test <env>.test.net", "Resources": {"Topic": topic()}}
    replay.match("describe_stack", replay.stack(replay.deploy(body)))


def get_template(replay: StackReplay, body: Any) -> None:
    stack = replay.deploy(body)
    replay.match("describe_stacks", replay.ask("describe_stacks", StackName=stack))
    for stage in ("Original", "Processed"):
        answer = replay.ask("get_template", StackName=stack, TemplateStage=stage)
        replay.match(f"template_{stage.lower()}", answer)


@case
def test_get_template_yaml(replay: StackReplay) -> None:
    get_template(replay, TOPIC_YAML)


@case
def test_get_template_json(replay: StackReplay) -> None:
    get_template(replay, TOPIC_JSON)


@case
def test_stack_update_resources(replay: StackReplay) -> None:
    stack = replay.deploy(API_TEMPLATE, {"ApiName": "test_12395eb4"})
    replay.match("stack_created", replay.stack(stack))
    both = template(
        {"Api": API, "Bucket": {"Type": "AWS::S3::Bucket"}}, Parameters=API_TEMPLATE["Parameters"]
    )
    replay.deploy(both, {"ApiName": "test_5a3df175"}, stack, Capabilities=[])
    replay.match("stack_updated", replay.stack(stack))
    replay.match("stack_resources", replay.ask("describe_stack_resources", StackName=stack))


@case
def test_list_events_after_deployment(replay: StackReplay) -> None:
    name = replay.name("topic")
    stack = replay.deploy(template({"topic123": topic(name)}))
    answer = replay.ask("describe_stack_events", StackName=stack)
    answer["StackEvents"].reverse()
    replay.match("events", answer)


@case
def test_stack_lifecycle(replay: StackReplay) -> None:
    stack = replay.deploy(API_TEMPLATE, {"ApiName": replay.name("api")})
    replay.match("creation", replay.stack(stack))
    replay.deploy(API_TEMPLATE, {"ApiName": replay.name("api")}, stack)
    replay.match("update", replay.stack(stack))
    replay.delete(stack)
    replay.match("deletion", replay.stack(stack)["StackStatus"] == "DELETE_COMPLETE")


@case
def test_linting_error_during_creation(replay: StackReplay) -> None:
    replay.match("error", replay.create({"Resources": "notadict"}))


@case
def test_updating_an_updated_stack_sets_status(replay: StackReplay) -> None:
    names = {f"Topic{number}Name": f"topic-{number}" for number in (1, 2, 3)}
    stack = None
    for count in (1, 2, 3):
        given = dict(list(names.items())[:count])
        made = {f"topic{number}": topic({"Ref": name}) for number, name in enumerate(given)}
        order = ["Topic2Name", "Topic1Name", "Topic3Name"]
        known = {name: text_parameter() for name in order if name in given}
        stack = replay.deploy(template(made, Parameters=known), given, stack)
    replay.match("describe-result", replay.ask("describe_stacks", StackName=stack))


@case
def test_update_termination_protection(replay: StackReplay) -> None:
    stack = replay.deploy(API_TEMPLATE, {"ApiName": replay.name("api")})
    for number, protected in enumerate([True, False], start=1):
        replay.ask("update_termination_protection", StackName=stack, EnableTerminationProtection=protected)
        replay.match(f"describe-stack-{number}", replay.ask("describe_stacks", StackName=stack))


@case
def test_events_resource_types(replay: StackReplay) -> None:
    arn, queue = {"Fn::GetAtt": ["Queue", "Arn"]}, {"Ref": "Queue"}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = {"Queues": [queue], "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    made = {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": topic(),
        "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"Protocol": "sqs", "TopicArn": {"Ref": "Topic"}, "Endpoint": arn},
        },
    }
    events = replay.events(replay.deploy(template(made)))
    replay.match("resource_types", sorted({event["ResourceType"] for event in events}))


@case
def test_stack_name_creation(replay: StackReplay) -> None:
    replay.match("stack_response", replay.create(SIMPLE, StackName="*@da591fa3_$"))


@case
def test_blocked_stack_deletion(replay: StackReplay) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = {
        "PolicyName": {"Ref": "Name"},
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
    broken = template(
        {"BrokenPolicy": {"Type": "AWS::IAM::Policy", "Properties": policy}},
        Parameters={"Name": text_parameter()},
    )
    named = {"Name": replay.name("policy")}
    stack = replay.create(broken, named, Capabilities=["CAPABILITY_NAMED_IAM"])["StackId"]
    replay.match("stack_post_create", replay.ask("describe_stacks", StackName=stack))
    replay.delete(stack)
    replay.match("stack_post_fail_delete", replay.ask("describe_stacks", StackName=stack))
    replay.delete(stack, RetainResources=["BrokenPolicy"])
    replay.match("stack_post_success_delete", replay.ask("describe_stacks", StackName=stack))
    replay.match("stack_events", replay.ask("describe_stack_events", StackName=stack))


@case
def test_name_conflicts(replay: StackReplay) -> None:
    name = replay.name()
    first = replay.create(SIMPLE, StackName=name)["StackId"]
    replay.match("create_stack_already_exists_exc", replay.create(SIMPLE, StackName=name))
    replay.match("created_stack_desc", replay.stack(name)["StackStatus"])
    replay.delete(first)
    replay.match("deleted_stack_not_found_exc", replay.described(name))
    events = replay.ask("describe_stack_events", StackName=name)
    replay.match("deleted_stack_events_not_found_by_name", events)
    replay.match("deleted_stack_desc", replay.described(first))
    second = replay.create(SIMPLE, StackName=name)["StackId"]
    replay.match("new_stack_desc", replay.described(name))
    replay.match("stack_id_desc", replay.described(first))
    replay.match("new_stack_id_desc", replay.described(second))
    replay.delete(second)
    replay.match("deleted_second_stack_desc", replay.described(second))


@case
def test_describe_stack_events_errors(replay: StackReplay) -> None:
    missing = replay.ask("describe_stack_events", StackName="does-not-exist")
    replay.match("describe_stack_events_stack_not_found", missing)


@case
def test_update_stack_with_same_template_withoutchange(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.match(
        "no_change_exception", replay.ask("update_stack", StackName=stack, TemplateBody=json.dumps(SIMPLE))
    )


def deploy_order(replay: StackReplay, names: str) -> None:
    """Create three parameters, each of which refers to the one before it, written in another order."""
    values = {"A": "root", "B": {"Ref": "A"}, "C": {"Ref": "B"}}
    stack = replay.deploy(template({name: parameter(values[name]) for name in names}))
    replay.delete(stack)
    ends = ("CREATE_COMPLETE", "DELETE_COMPLETE")
    events = [
        event for event in reversed(replay.events(stack))
        if event["ResourceStatus"] in ends and event["LogicalResourceId"] in values
    ]  # fmt: skip
    replay.match("events", events)


@case
def test_stack_deploy_order_a_b_c(replay: StackReplay) -> None:
    deploy_order(replay, "ABC")


@case
def test_stack_deploy_order_b_a_c(replay: StackReplay) -> None:
    deploy_order(replay, "BAC")


@case
def test_stack_deploy_order_c_b_a(replay: StackReplay) -> None:
    deploy_order(replay, "CBA")


@case
def test_listing_stacks(replay: StackReplay) -> None:
    stacks = [replay.deploy(SIMPLE, Capabilities=[]) for _ in range(3)]
    listed = replay.ask("list_stacks")["StackSummaries"]
    mine = {summary["StackId"]: summary for summary in listed if summary["StackId"] in stacks}
    replay.match("stacks", [mine[stack] for stack in stacks])


@case
def test_describe_non_existent_resource(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    asked = {"StackName": stack, "LogicalResourceId": "not-a-valid-resource"}
    replay.match("error", replay.message("describe_stack_resource", **asked))


@case
def test_describe_non_existent_stack(replay: StackReplay) -> None:
    asked = {"StackName": "not-a-valid-stack", "LogicalResourceId": "not-a-valid-resource"}
    replay.match("error", replay.message("describe_stack_resource", **asked))


@case
def test_basic_update(replay: StackReplay) -> None:
    body = template({"Topic": topic({"Ref": "Name"})}, Parameters={"Name": text_parameter()})
    stack = replay.deploy(body, {"Name": replay.name("topic")})
    given = keyed({"Name": replay.name("topic")})
    answer = replay.update(stack, TemplateBody=json.dumps(body), Parameters=given)
    replay.match("update_response", answer)


@case
def test_no_template_error(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.match("error", replay.ask("update_stack", StackName=stack))


@case
def test_diff_after_update(replay: StackReplay) -> None:
    text = (
        "\nResources:\n    SimpleParam1:\n        Type: AWS::SSM::Parameter\n        Properties:\n"
        "            Value: {}\n            Type: String\n"
    )
    after = text.format("after-stack-update")
    stack = replay.create(text.format("before-stack-update"))["StackId"]
    replay.update(stack, TemplateBody=after)
    replay.match("get-template-response", replay.ask("get_template", StackName=stack))
    replay.match("update-error", replay.ask("update_stack", StackName=stack, TemplateBody=after))
