"""Functions, log groups and rights: how they are made, and changed by another tool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.local.cloudformation.providers.conftest import TRUST, Bench
from tests.local.cloudformation.providers.read_case import OTHER_POLICY, POLICY, ReadCase


def function(bench: Bench, **more: Any) -> Mapping[str, Any]:
    role = bench.create("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}, "Role")
    return {"Role": role.attributes["Arn"], **more}


def named_function(bench: Bench) -> Mapping[str, Any]:
    code = {"ZipFile": "def handler(event, context): return 1"}
    made = function(bench, Handler="index.handler", Runtime="python3.13", Code=code)
    return {"FunctionName": bench.create("AWS::Lambda::Function", made, "Function").physical_id}


def role_name(bench: Bench) -> Mapping[str, Any]:
    return {"RoleName": bench.create("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}, "R").physical_id}


def managed_policy(bench: Bench) -> Mapping[str, Any]:
    made = bench.create("AWS::IAM::ManagedPolicy", {"PolicyDocument": POLICY}, "Policy")
    return {"ManagedPolicyArns": [made.physical_id]}


FUNCTIONS = [
    ReadCase(
        "AWS::Lambda::Function",
        {
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Code": {"ZipFile": "def handler(event, context): return 1"},
            "Timeout": 25,
            "MemorySize": 256,
            "Description": "reads",
            "Environment": {"Variables": {"A": "1"}},
            "Architectures": ["arm64"],
            "TracingConfig": {"Mode": "Active"},
            "EphemeralStorage": {"Size": 1024},
            "ReservedConcurrentExecutions": 3,
            "Tags": [{"Key": "own", "Value": "yes"}],
        },
        lambda bench, made, _: (
            bench.client("lambda").update_function_configuration(
                FunctionName=made.physical_id, Timeout=3, Environment={"Variables": {"A": "2", "B": "3"}}
            ),
            bench.client("lambda").put_function_concurrency(
                FunctionName=made.physical_id, ReservedConcurrentExecutions=9
            ),
        ),
        (
            "/Environment/Variables/A",
            "/Environment/Variables/B",
            "/ReservedConcurrentExecutions",
            "/Timeout",
        ),
        function,
    ),
    ReadCase(
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": "arn:aws:execute-api:eu-central-1:123456789012:abc/*",
            "SourceAccount": "123456789012",
        },
        lambda bench, made, properties: (
            bench.client("lambda").remove_permission(
                FunctionName=properties["FunctionName"], StatementId=made.physical_id
            ),
            bench.client("lambda").add_permission(
                FunctionName=properties["FunctionName"],
                StatementId=made.physical_id,
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceAccount="123456789012",
            ),
        ),
        ("/SourceArn",),
        named_function,
    ),
    ReadCase(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "/read/me", "RetentionInDays": 7, "Tags": [{"Key": "own", "Value": "yes"}]},
        lambda bench, made, _: (
            bench.client("logs").delete_retention_policy(logGroupName=made.physical_id),
            bench.client("logs").tag_log_group(logGroupName=made.physical_id, tags={"other": "no"}),
        ),
        ("/RetentionInDays", "/Tags/1"),
    ),
    ReadCase(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "Description": "reads",
            "Policies": [{"PolicyName": "logs", "PolicyDocument": POLICY}],
        },
        lambda bench, made, properties: (
            bench.client("iam").put_role_policy(
                RoleName=made.physical_id, PolicyName="more", PolicyDocument=json.dumps(OTHER_POLICY)
            ),
            bench.client("iam").detach_role_policy(
                RoleName=made.physical_id, PolicyArn=properties["ManagedPolicyArns"][0]
            ),
        ),
        ("/ManagedPolicyArns/0", "/Policies/1"),
        managed_policy,
    ),
    ReadCase(
        "AWS::IAM::RolePolicy",
        {"PolicyName": "logs", "PolicyDocument": POLICY},
        lambda bench, _, properties: bench.client("iam").put_role_policy(
            RoleName=properties["RoleName"], PolicyName="logs", PolicyDocument=json.dumps(OTHER_POLICY)
        ),
        ("/PolicyDocument/Statement/0/Action",),
        role_name,
    ),
    ReadCase(
        "AWS::IAM::ManagedPolicy",
        {"Description": "reads", "PolicyDocument": POLICY},
        lambda bench, made, _: bench.client("iam").create_policy_version(
            PolicyArn=made.physical_id, PolicyDocument=json.dumps(OTHER_POLICY), SetAsDefault=True
        ),
        ("/PolicyDocument/Statement/0/Action",),
    ),
]
