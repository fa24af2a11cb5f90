"""Macros: what they make of templates, what their functions are called with, and how they fail."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import parameter, template, text_parameter
from tests.local.cloudformation.recorded.replay import CAPABILITIES, StackReplay, case

ANSWER = 'return {"requestId": event["requestId"], "status": "success", "fragment": fragment}'
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def with_macro(replay: StackReplay, name: str, *lines: str) -> None:
    """Create a macro of this name; `lines` are its function's, in which `fragment` is what it is called with."""
    body = "".join(f"\n    {line}" for line in ('fragment = event["fragment"]', *lines))
    code = f"import json\n\ndef handler(event, context):{body}\n"
    function = {
        "Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": code},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }  # fmt: skip
    macro = {"Name": name, "FunctionName": {"Ref": "Function"}}
    made = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Macro": {"Type": "AWS::CloudFormation::Macro", "Properties": macro},
    }
    replay.deploy(template(made))


def processed(replay: StackReplay, stack: str, stage: str = "Processed") -> Any:
    return replay.ask("get_template", StackName=stack, TemplateStage=stage)


@case
def test_global_scope(replay: StackReplay) -> None:
    made = 'fragment["Resources"]["Parameter"]["Properties"]["Value"] = "new-value"'
    with_macro(replay, "SubstitutionMacro", made, ANSWER)
    body = template(
        {"Parameter": parameter("{Substitution}")},
        Parameters={"Substitution": text_parameter(Default="SubstitutionDefault")},
        Outputs={"ParameterName": {"Value": {"Ref": "Parameter"}}},
    )
    stack = replay.deploy({**body, "Transform": "SubstitutionMacro"})
    replay.match("processed_template", processed(replay, stack))


def snippet(replay: StackReplay, body: Any) -> None:
    with_macro(
        replay, "ConvertTopicToFifo", 'fragment.update(FifoTopic=True, ContentBasedDeduplication=True)', ANSWER
    )  # fmt: skip
    stack = replay.deploy(body, {"TopicName": f"{replay.name('topic')}.fifo"})
    replay.match("original_template", processed(replay, stack, "Original"))
    replay.match("processed_template", processed(replay, stack))


@case
def test_snipped_scope_json(replay: StackReplay) -> None:
    properties = {"TopicName": {"Ref": "TopicName"}, "Fn::Transform": "ConvertTopicToFifo"}
    body = template(
        {"Topic": {"Type": "AWS::SNS::Topic", "Properties": properties}},
        Parameters={"TopicName": text_parameter()},
        Outputs={"TopicName": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}},
    )
    snippet(replay, body)


@case
def test_snipped_scope_yaml(replay: StackReplay) -> None:
    body = (
        "Parameters:\n  TopicName:\n    Type: String\n\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
        "    Properties:\n      TopicName:\n        Ref: TopicName\n      Fn::Transform: ConvertTopicToFifo\n\n"
        "Outputs:\n  TopicName:\n    Value:\n      Fn::GetAtt:\n        - Topic\n        - TopicName\n"
    )
    snippet(replay, body)


@case
def test_validate_lambda_internals(replay: StackReplay) -> None:
    shown = 'fragment["Resources"]["Parameter"]["Properties"]["Value"] = json.dumps({"Event": event})'
    with_macro(replay, "PrintInternals", "event = json.loads(json.dumps(event))", shown, ANSWER)
    body = template(
        {"Parameter": parameter("<replace-this>")},
        Parameters={"ExampleParameter": text_parameter(Default="example-value")},
    )
    transform = {"Name": "PrintInternals", "Parameters": {"Input": "test-input"}}
    outputs = {"Name": {"Value": {"Ref": "Parameter"}}}
    stack = replay.deploy({**body, "Transform": transform, "Outputs": outputs})
    value = replay.clients("ssm").get_parameter(Name=replay.outputs(stack)["Name"])["Parameter"]["Value"]
    event = json.loads(value)
    event["Event"]["fragment"].pop("Outputs")  # it tells the name, which the recording looked up otherwise
    replay.match("event", event)


def fail(replay: StackReplay, *lines: str) -> None:
    """Create a stack whose macro fails, and compare the event that says so."""
    with_macro(replay, "Unsuccessful", *lines)
    body = {**template({"Parameter": parameter("dummy")}), "Transform": "Unsuccessful"}
    made = replay.create(body, Capabilities=CAPABILITIES)
    events = replay.events(made["StackId"])
    turned = [event for event in events if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS"]
    replay.match("failed_description", turned[0])


FAILED = 'return {"requestId": event["requestId"], "status": "failed", "fragment": fragment'


@case
def test_failed_state_return_unsuccessful_with_message(replay: StackReplay) -> None:
    fail(replay, f'{FAILED}, "errorMessage": "failed because it is a test"}}')


@case
def test_failed_state_return_unsuccessful_without_message(replay: StackReplay) -> None:
    fail(replay, f"{FAILED}}}")


@case
def test_failed_state_return_invalid_template(replay: StackReplay) -> None:
    fail(replay, 'fragment = "invalid"', ANSWER)


@case
def test_failed_state_raise_error(replay: StackReplay) -> None:
    fail(replay, 'raise Exception("something went wrong")')
