"""Which types the embedded cloud supports is known without starting it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.adapters.local_cloud import unsupported_parts
from accountsctl.localcloud.cloudformation.execution.own_types import OWN_TYPES
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.resource_schemas.schemas import schema
from accountsctl.localcloud.cloudformation.template.parsing import SERVERLESS
from accountsctl.localcloud.supported_types import SUPPORTED_TYPES
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

MACHINE = json.dumps(
    {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Task", "Resource": "${Function.Arn}", "Next": "B"},
            "B": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "End": True},
        },
    }
)


def test_the_list_of_types_is_that_of_the_providers() -> None:
    own = {
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
        *OWN_TYPES,
    }
    assert {*PROVIDERS, *own} == SUPPORTED_TYPES


@pytest.mark.parametrize(
    ("type_name", "properties", "lacking"),
    [
        ("AWS::S3::Bucket", {"BucketName": "a"}, []),
        ("Custom::Thing", {"ServiceToken": "arn"}, []),
        ("AWS::AppSync::GraphQLApi", {}, ["AWS::AppSync::GraphQLApi"]),
        ("AWS::CloudFormation::Stack", {"TemplateURL": "u", "TimeoutInMinutes": 5}, []),
        ("AWS::S3::Bucket", {"ReplicationConfiguration": {"Role": "r"}}, ["ReplicationConfiguration"]),
        ("AWS::S3::Bucket", {"ObjectLockEnabled": {"Fn::If": ["C", True, {"Ref": "AWS::NoValue"}]}}, []),
        ("AWS::SNS::Subscription", {"Protocol": "email"}, ["the protocol email"]),
        ("AWS::SNS::Subscription", {"Protocol": {"Ref": "Protocol"}}, []),
        ("AWS::SNS::Topic", {"Subscription": [{"Protocol": "sms", "Endpoint": "1"}]}, ["the protocol sms"]),
        (
            "AWS::SQS::Queue",
            {"FifoThroughputLimit": "perMessageGroupId"},
            ["FifoThroughputLimit perMessageGroupId"],
        ),
        ("AWS::Events::Rule", {"Targets": [{"Id": "1", "EcsParameters": {}}]}, ["EcsParameters of a target"]),
        ("AWS::Lambda::EventSourceMapping", {"TumblingWindowInSeconds": 5}, ["TumblingWindowInSeconds"]),
        ("AWS::Lambda::EventSourceMapping", {"ParallelizationFactor": "2"}, ["ParallelizationFactor"]),
        (
            "AWS::Lambda::EventSourceMapping",
            {"EventSourceArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s"},
            ["the event source kinesis"],
        ),
        ("AWS::StepFunctions::StateMachine", {"StateMachineType": "EXPRESS"}, ["the type EXPRESS"]),
        ("AWS::Lambda::Alias", {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}}, []),
        ("AWS::Lambda::Version", {"FunctionScalingConfig": {"a": 1}}, ["FunctionScalingConfig"]),
        ("AWS::Lambda::Url", {"AuthType": "NONE", "InvokeMode": "BUFFERED"}, []),
        ("AWS::Lambda::Url", {"InvokeMode": "RESPONSE_STREAM"}, ["InvokeMode RESPONSE_STREAM"]),
        ("AWS::Cognito::UserPool", {"LambdaConfig": {"PreSignUp": "arn"}}, []),
        ("AWS::Cognito::UserPool", {"LambdaConfig": {"KMSKeyID": "key"}}, ["LambdaConfig.KMSKeyID"]),
        ("AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"}, ["ProtocolType WEBSOCKET"]),
        ("AWS::ApiGatewayV2::Api", {"ProtocolType": {"Ref": "Kind"}}, []),
        ("AWS::ApiGatewayV2::Route", {"AuthorizationType": "CUSTOM"}, ["AuthorizationType CUSTOM"]),
        ("AWS::ApiGatewayV2::Stage", {"StageName": "a"}, ["a stage without AutoDeploy"]),
        (
            "AWS::StepFunctions::StateMachine",
            {"DefinitionString": {"Fn::Sub": MACHINE}},
            ["the resource arn:aws:states:::glue:startJobRun (state B)"],
        ),
    ],
)
def test_what_is_not_supported_is_known_before_anything_is_sent(
    type_name: str, properties: dict[str, Any], lacking: list[str]
) -> None:
    expected = [name if name == type_name else f"{name} of {type_name}" for name in lacking]
    found = unsupported_parts({"Resources": {"Thing": {"Type": type_name, "Properties": properties}}})
    assert found == [("Thing", type_name, what) for what in expected]


def test_of_a_resource_that_a_condition_may_leave_out_only_the_type_counts() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Condition": "C", "Properties": {"ObjectLockEnabled": True}}
    graph = {"Type": "AWS::AppSync::GraphQLApi", "Condition": "C"}
    assert unsupported_parts({"Resources": {"Bucket": bucket, "Graph": graph}}) == [
        ("Graph", "AWS::AppSync::GraphQLApi", "AWS::AppSync::GraphQLApi")
    ]


SAM_FUNCTION: dict[str, Any] = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"InlineCode": "x", "Handler": "index.handler", "Runtime": "python3.12"},
}


@pytest.mark.parametrize("transform", [SERVERLESS, [SERVERLESS]])
def test_of_a_template_with_sams_transform_what_it_expands_to_counts(transform: object) -> None:
    graph = {
        "Type": "AWS::Serverless::GraphQLApi",
        "Properties": {"Name": "g", "SchemaInline": "s", "Auth": {"Type": "AWS_IAM"}},
    }
    template = {"Transform": transform, "Resources": {"F": SAM_FUNCTION, "Graph": graph}}
    found = {part.what for part in unsupported_parts(template)}
    assert found == {"AWS::AppSync::GraphQLApi", "AWS::AppSync::GraphQLSchema"}


def test_a_template_that_the_transform_refuses_without_its_parameters_is_left_to_the_cloud() -> None:
    """It is the cloud that knows their values; what the transform does not concern is named all the same."""
    alias = {
        **SAM_FUNCTION,
        "Properties": {**SAM_FUNCTION["Properties"], "AutoPublishAlias": {"Ref": "Alias"}},
    }
    graph = {"Type": "AWS::AppSync::GraphQLApi"}
    template = {
        "Transform": SERVERLESS,
        "Parameters": {"Alias": {"Type": "String"}},
        "Resources": {"F": alias, "Graph": graph},
    }
    assert [part.logical_id for part in unsupported_parts(template)] == ["Graph"]


def test_properties_that_are_not_supported_are_those_of_supported_types() -> None:
    for type_name, names in UNSUPPORTED_PROPERTIES.items():
        known = schema(type_name)
        assert type_name in SUPPORTED_TYPES
        assert known is not None
        assert set(names.split()) <= set(known.document["properties"]), type_name


@pytest.mark.parametrize("type_name", ["AWS::IAM::Rol", "AWS::Serverless::Function"])
def test_a_type_that_aws_does_not_have_either_is_left_to_the_templates_checks(type_name: str) -> None:
    """SAM's are none without its transform."""
    assert unsupported_parts({"Resources": {"Thing": {"Type": type_name}}}) == []
