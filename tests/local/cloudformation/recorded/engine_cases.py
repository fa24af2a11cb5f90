"""What templates evaluate to: mappings, conditions, attributes, parameters, exports, macros."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import attribute, parameter, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import CAPABILITIES, StackReplay, case

MAP = {"TopicSuffixMap": {"A": {"Suffix": "a-suffix"}, "B": {"Suffix": "b-suffix"}}}


def mapped(mappings: Any, key: Any = "A") -> dict[str, Any]:
    name = {"Fn::Join": ["-", ["topic", {"Fn::FindInMap": ["TopicSuffixMap", key, "Suffix"]}]]}
    return template({"MyTopic": topic(name)}, Mappings=mappings, Parameters={"Key": text_parameter()})


@case
def test_mapping_with_nonexisting_key(replay: StackReplay) -> None:
    body = mapped(MAP, {"Ref": "Key"})
    answer = replay.change_set(replay.name(), body, "CREATE", {"Key": "C"})
    replay.match("mapping_nonexisting_key_exc", answer)


def refuse_mapping(replay: StackReplay, step: str, mappings: Any) -> None:
    replay.match(step, replay.change_set(replay.name(), mapped(mappings), "CREATE", {"Key": "A"}))


@case
def test_mapping_with_invalid_refs(replay: StackReplay) -> None:
    refuse_mapping(replay, "mapping_invalid_ref_exc", {"TopicSuffixMap": {"A": {"Suffix": {"Ref": "Key"}}}})


@case
def test_mapping_maximum_nesting_depth(replay: StackReplay) -> None:
    refuse_mapping(
        replay, "mapping_maximum_level_exc", {"TopicSuffixMap": {"A": {"Suffix": {"Deeper": "x"}}}}
    )


@case
def test_mapping_minimum_nesting_depth(replay: StackReplay) -> None:
    refuse_mapping(replay, "mapping_minimum_level_exc", {"TopicSuffixMap": {"A": "a-suffix"}})


@case
def test_depends_on_with_missing_reference(replay: StackReplay) -> None:
    body = template({"Topic": {**topic(), "DependsOn": "NonExistingResource"}})
    replay.match("depends_on_nonexisting_exception", replay.change_set(replay.name(), body, "CREATE"))


def nested_conditions(replay: StackReplay, environment: str, bucket: str) -> None:
    body = template(
        {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Condition": "CreateBucket",
                "Properties": {"BucketName": {"Ref": "BucketName"}},
            },
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Condition": "CreateBucketPolicy",
                "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {}},
            },
        },
        Parameters={
            "EnvType": text_parameter(AllowedValues=["prod", "test"]),
            "BucketName": text_parameter(Default=""),
        },
        Conditions={
            "IsProduction": {"Fn::Equals": [{"Ref": "EnvType"}, "prod"]},
            "CreateBucket": {"Fn::Not": [{"Fn::Equals": [{"Ref": "BucketName"}, ""]}]},
            "CreateBucketPolicy": {"Fn::And": [{"Condition": "IsProduction"}, {"Condition": "CreateBucket"}]},
        },
    )
    name = replay.name()
    given = {"EnvType": environment, "BucketName": bucket}
    made = replay.match("create_cs_result", replay.change_set(name, body, "CREATE", given))
    described = replay.ask("describe_change_set", ChangeSetName=made["Id"])
    described["Parameters"].sort(key=lambda pair: pair["ParameterKey"])
    replay.match("describe_changeset_result", described)
    replay.execute(made["Id"], name)
    replay.match("stack_resources", replay.ask("describe_stack_resources", StackName=name))
    replay.match("stack_events", replay.ask("describe_stack_events", StackName=name))
    stack = replay.ask("describe_stacks", StackName=name)
    stack["Stacks"][0]["Parameters"].sort(key=lambda pair: pair["ParameterKey"])
    replay.match("describe_stack_result", stack)


@case
def test_nested_conditions_test_nobucket_nopolicy(replay: StackReplay) -> None:
    nested_conditions(replay, "test", "")


@case
def test_nested_conditions_test_bucket_nopolicy(replay: StackReplay) -> None:
    nested_conditions(replay, "test", replay.name("bucket"))


@case
def test_nested_conditions_prod_nobucket_nopolicy(replay: StackReplay) -> None:
    nested_conditions(replay, "prod", "")


@case
def test_invalid_getatt_fails(replay: StackReplay) -> None:
    output = {"InvalidOutput": {"Value": attribute("Parameter", "Invalid")}}
    name = replay.name()
    made = replay.change_set(name, template({"Parameter": parameter()}, Outputs=output), "CREATE")
    replay.execute(made["Id"], name)
    events = [event for event in replay.events(made["StackId"]) if event["LogicalResourceId"] == name]
    replay.match("stack_events", {"events": events})


@case
def test_dependency_on_attribute_with_dot_notation(replay: StackReplay) -> None:
    made = {
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": replay.name("dead")}},
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": "Dead.Arn"}, "maxReceiveCount": 3}
            },
        },
    }
    outputs = {"DeadArn": {"Value": {"Fn::GetAtt": "Dead.Arn"}}}
    replay.match("outputs", replay.outputs(replay.deploy(template(made, Outputs=outputs))))


@case
def test_create_stack_with_ssm_parameters(replay: StackReplay) -> None:
    known, value, name = replay.name("param"), replay.name("value"), replay.name("topic")
    replay.clients("ssm").put_parameter(Name=known, Value=value, Type="String")
    tagged = topic(name)
    tagged["Properties"]["Tags"] = [
        {"Key": "param-value", "Value": {"Fn::Join": [" ", ["param", {"Ref": "parameter123"}]]}}
    ]
    kind = {"Type": "AWS::SSM::Parameter::Value<String>"}
    stack = replay.deploy(
        template({"Topic": tagged}, Parameters={"parameter123": kind}), {"parameter123": known}
    )
    replay.match("stack-details", replay.stack(stack))
    sns = replay.clients("sns")
    arn = next(found["TopicArn"] for found in sns.list_topics()["Topics"] if found["TopicArn"].endswith(name))
    tags = sns.list_tags_for_resource(ResourceArn=arn)
    tags["Tags"] = [tag for tag in tags["Tags"] if not tag["Key"].startswith("aws:")]
    replay.match("topic-tags", tags)


@case
def test_resolve_ssm_missing_parameter(replay: StackReplay) -> None:
    kind = {"InputValue": {"Type": "AWS::SSM::Parameter::Value<String>"}}
    body = template({"MyParameter": parameter({"Ref": "InputValue"})}, Parameters=kind)
    arguments = {"StackName": replay.name(), "ChangeSetName": "changes", "ChangeSetType": "CREATE"}
    answer = replay.message("create_change_set", **arguments, TemplateBody=json.dumps(body))
    replay.match("error-response", answer)


@case
def test_invalid_stack_deploy(replay: StackReplay) -> None:
    broken = {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "abc123"}}
    stack = replay.create(template({"MyParameter": broken}))["StackId"]
    failed = [event for event in replay.events(stack) if event["ResourceStatus"] == "CREATE_FAILED"]
    replay.match("failed_event", failed[0])


@case
def test_cfn_with_exports(replay: StackReplay) -> None:
    name = replay.name()
    outputs = {
        f"Output{number}": {
            "Value": "test",
            "Export": {"Name": {"Fn::Sub": f"${{AWS::StackName}}-TestExport-{number}"}},
        }
        for number in range(3)
    }
    replay.create(template({"Parameter": parameter()}, Outputs=outputs), StackName=name)
    found = replay.ask("list_exports")["Exports"]
    mine = [export for export in found if export["Name"].startswith(f"{name}-TestExport")]
    replay.match("exports", sorted(mine, key=lambda export: str(export["Name"])))


@case
def test_join_no_value_construct(replay: StackReplay) -> None:
    none = {"Ref": "AWS::NoValue"}
    outputs = {
        "JoinWithNoValue": {"Value": {"Fn::Join": [",", [{"Ref": "Name"}, none]]}},
        "JoinOnlyNoValue": {"Value": {"Fn::Join": [",", [none]]}},
        "JoinConditionalNoValue": {"Value": {"Fn::Join": [",", [{"Fn::If": ["Never", "x", none]}]]}},
    }
    body = template(
        {"Parameter": parameter()}, Outputs=outputs, Parameters={"Name": text_parameter(Default="Sample")},
        Conditions={"Never": {"Fn::Equals": ["a", "b"]}},
    )  # fmt: skip
    replay.match("join-output", replay.outputs(replay.deploy(body)))


@case
def test_implicit_type_conversion(replay: StackReplay) -> None:
    properties = {"QueueName": f"{replay.name('queue')}.fifo", "FifoQueue": "true", "DelaySeconds": "2"}
    made = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": properties}}
    outputs = {"Url": {"Value": {"Ref": "Queue"}}}
    url = replay.outputs(replay.deploy(template(made, Outputs=outputs)))["Url"]
    replay.match("queue", replay.clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"]))


@case
def test_capabilities_requirements(replay: StackReplay) -> None:
    body = {"Transform": ["CapMacro"], **template({"Parameter": parameter()})}
    replay.match("error", replay.create(body))


@case
def test_error_pass_macro_as_reference(replay: StackReplay) -> None:
    body = {
        "Parameters": {"MacroName": text_parameter(Default="Macro")},
        "Resources": {"Parameter": parameter({"Fn::Transform": {"Name": {"Ref": "MacroName"}}})},
    }
    replay.match("error", replay.create(body, Capabilities=CAPABILITIES))


@case
def test_to_validate_template_limit_for_macro(replay: StackReplay) -> None:
    body = template({"Parameter": parameter("x" * 51_201)})
    replay.match("error_response", replay.create(body, Capabilities=CAPABILITIES))


@case
def test_macro_deployment(replay: StackReplay) -> None:
    macro = {
        "Type": "AWS::CloudFormation::Macro",
        "Properties": {
            "Name": "SubstitutionMacro",
            "FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:f",
        },
    }
    body = template({"Macro": macro}, Outputs={"MacroRef": {"Value": {"Ref": "Macro"}}})
    made = replay.create(body, Capabilities=CAPABILITIES)
    if "StackId" in made:
        replay.match("stack_outputs", replay.outputs(made["StackId"]))
        resources = replay.ask("describe_stack_resources", StackName=made["StackId"])
        replay.match("stack_resource_descriptions", resources)
