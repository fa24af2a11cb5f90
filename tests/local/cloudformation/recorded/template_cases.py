"""Templates: reading them back, what they need, and how they are refused."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import parameter, template, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case

SIMPLE = template({"SimpleParam": parameter("test")})
MISSING = "does-not-exist"


@case
def test_get_template_summary(replay: StackReplay) -> None:
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Metadata": {"TopicName": "sns-topic-simple"},
        "Resources": {"topic123": topic(replay.name("topic"))},
    }
    stack = replay.deploy(body)
    answer = replay.ask("get_template_summary", StackName=stack)
    answer["Metadata"] = answer["Metadata"].replace('"', "'")  # the recording has Python's quotation marks
    replay.match("template-summary", answer)


def upload(replay: StackReplay, text: str) -> tuple[str, str]:
    """Bucket and key of a new object of this text."""
    storage, bucket = replay.clients("s3"), replay.name("bucket")
    place = {"LocationConstraint": replay.formation.meta.region_name}
    storage.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    storage.put_object(Bucket=bucket, Key="template.json", Body=text.encode())
    return bucket, "template.json"


def create_from_url(replay: StackReplay, form: str, name: str = "topic") -> Any:
    bucket, key = upload(replay, json.dumps(template({"Topic": topic(name)})))
    region = replay.formation.meta.region_name
    url = form.format(bucket=bucket, key=key, region=region)
    made = replay.ask("create_stack", StackName=replay.name(), TemplateURL=url)
    if "StackId" in made:
        replay.ended(made["StackId"])
    return made


def match_topic(replay: StackReplay, form: str) -> None:
    name = replay.name("topic")
    create_from_url(replay, form, name)
    topics = replay.clients("sns").list_topics()["Topics"]
    replay.match("matching-topic", [found for found in topics if found["TopicArn"].endswith(f":{name}")])


@case
def test_create_stack_from_s3_template_url_s3_url(replay: StackReplay) -> None:
    replay.match("create-error", create_from_url(replay, "s3://{bucket}/{key}"))


@case
def test_create_stack_from_s3_template_url_http_invalid(replay: StackReplay) -> None:
    replay.match("create-error", create_from_url(replay, "https://example.com/dummy.yml"))


@case
def test_create_stack_from_s3_template_url_http_path(replay: StackReplay) -> None:
    match_topic(replay, "https://s3.{region}.amazonaws.com/{bucket}/{key}")


@case
def test_create_stack_from_s3_template_url_http_host(replay: StackReplay) -> None:
    match_topic(replay, "https://{bucket}.s3.{region}.amazonaws.com/{key}")


@case
def test_validate_template(replay: StackReplay) -> None:
    description = "The EC2 Key Pair to allow SSH access to the instance"
    body = {
        "Parameters": {"KeyExample": {"Type": "AWS::EC2::KeyPair::KeyName", "Description": description}},
        "Resources": {"Topic": topic()},
    }
    replay.match("validate-template", replay.ask("validate_template", TemplateBody=json.dumps(body)))


@case
def test_validate_invalid_json_template_should_fail(replay: StackReplay) -> None:
    text = '{"this is invalid JSON"="bobbins"}'
    replay.match("validate-invalid-json", replay.ask("validate_template", TemplateBody=text))


@case
def test_get_template_summary_non_executed_change_set(replay: StackReplay) -> None:
    stack = replay.change_set(replay.name(), SIMPLE, "CREATE")["StackId"]
    replay.match("error", replay.ask("get_template_summary", StackName=stack))


@case
def test_get_template_missing_resources_stack(replay: StackReplay) -> None:
    replay.match("stack-error", replay.ask("get_template", StackName=MISSING))


@case
def test_get_template_missing_resources_change_set(replay: StackReplay) -> None:
    replay.match("change-set-error", replay.ask("get_template", ChangeSetName=MISSING))


@case
def test_get_template_missing_resources_change_set_id(replay: StackReplay) -> None:
    region = replay.formation.meta.region_name
    arn = f"arn:aws:cloudformation:{region}:123456789012:changeSet/change-set-{MISSING}/abc123"
    replay.match("change-set-error", replay.ask("get_template", ChangeSetName=arn))


@case
def test_get_template_summary_no_resources(replay: StackReplay) -> None:
    replay.match("error", replay.ask("get_template_summary", TemplateBody=json.dumps({"Outputs": {}})))


def match_error(replay: StackReplay, step: str, body: Any) -> None:
    """Compare how a change set for a new stack is refused."""
    replay.match(step, replay.change_set(replay.name(), body, "CREATE"))


def match_output(replay: StackReplay, outputs: Any) -> None:
    match_error(replay, "validation-error", {"Outputs": outputs, **SIMPLE})


@case
def test_invalid_output_structure_none_value(replay: StackReplay) -> None:
    match_output(replay, {"MyOutput": {"Value": None}})


@case
def test_invalid_output_structure_missing_def(replay: StackReplay) -> None:
    match_output(replay, {"MyOutput": {"Value": None, "Description": "an output"}})


@case
def test_invalid_output_structure_multiple_nones(replay: StackReplay) -> None:
    match_output(replay, {"MyOutput": {}})


@case
def test_missing_resources_block(replay: StackReplay) -> None:
    match_error(replay, "validation-error", {"Outputs": {"MyOutput": {"Value": "x"}}})


@case
def test_resources_blocks_missing_type(replay: StackReplay) -> None:
    match_error(replay, "validation-error", {"Resources": {"A": {}}})


@case
def test_resources_blocks_invalid_key(replay: StackReplay) -> None:
    body = {"Resources": {"A": {**parameter(), "Invalid": 10}}}
    match_error(replay, "validation-error", body)


@case
def test_invalid_logical_resource_id(replay: StackReplay) -> None:
    arguments = {"StackName": replay.name(), "ChangeSetName": "changes", "ChangeSetType": "CREATE"}
    text = json.dumps({"Resources": {"my-bad-resource-id": parameter()}})
    replay.match("error", replay.message("create_change_set", **arguments, TemplateBody=text))


@case
def test_update_with_resource_types(replay: StackReplay) -> None:
    body = template({"Topic": topic(replay.name("topic"))})
    stack = replay.deploy(body)
    for step, kind in (("invalid_type_error", "AWS::EC2:*"), ("resource_not_allowed", "AWS::EC2::*")):
        answer = replay.ask(
            "update_stack", StackName=stack, TemplateBody=json.dumps(body), ResourceTypes=[kind]
        )
        replay.match(step, answer)


@case
def test_update_with_role_without_permissions(replay: StackReplay) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    role = replay.clients("iam").create_role(RoleName=replay.name("role"), AssumeRolePolicyDocument=policy)
    stack = replay.deploy(SIMPLE)
    arguments = {"StackName": stack, "TemplateBody": json.dumps(SIMPLE), "RoleARN": role["Role"]["Arn"]}
    replay.match("error", replay.ask("update_stack", **arguments))


@case
def test_update_with_invalid_rollback_configuration_errors(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    trigger = {
        "Arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:HighCPU",
        "Type": "AWS::CloudWatch::Alarm2",
    }
    for step, given in (
        ("type_error", trigger),
        (
            "arn_error",
            {"Arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm", "Type": "AWS::CloudWatch::Alarm"},
        ),
    ):
        answer = replay.ask(
            "update_stack", StackName=stack, UsePreviousTemplate=True,
            RollbackConfiguration={"RollbackTriggers": [given]},
        )  # fmt: skip
        replay.match(step, answer)
