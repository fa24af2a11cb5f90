"""Triggers of a user pool that depend on the pool: the root attaches them, after both stacks are there.

    the pool's stack         knows no trigger
    the triggers' stacks     know the pool, by dependsOn
    the root                 Cognito's right to call the functions; a custom resource that sets the LambdaConfig

CloudFormation has no resource for a trigger alone, so a function does it, as in Amplify's deployments. An update of the
pool by CloudFormation takes the triggers off again, since the pool's template does not name them: the custom resource
has the digest of that template, and so follows each of its changes.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accountsctl.formats.layout import CLI_INPUTS
from accountsctl.model.assembly import Child
from accountsctl.model.backend import Dependency
from accountsctl.model.project import Project
from accountsctl.model.template_body import TemplateResource
from accountsctl.synth.closure import TRIGGER_ROLE
from accountsctl.synth.triggers import (
    POOL,
    TRIGGERS,
    call_permission,
    rights_policy,
    stated_rights,
    triggers_of,
    wait_for_pool,
)

RUNTIME = "python3.13"
SMS_ROLE = "CreatedSNSRole"
"""The output with the role by which the pool sends messages to phones. Who updates the pool passes it on."""
CODE = """\
import boto3
import cfnresponse


def handler(event, context):
    try:
        if event["RequestType"] != "Delete":
            attach(event["ResourceProperties"])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, event["ResourceProperties"]["UserPoolId"])
    except Exception as error:
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, reason=str(error))


def attach(properties):
    client = boto3.client("cognito-idp")
    pool = client.describe_user_pool(UserPoolId=properties["UserPoolId"])["UserPool"]
    # UpdateUserPool resets what it is not given, so it gets everything that it takes.
    taken = client.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    request = {name: value for name, value in pool.items() if name in taken}
    # Its successor is in the password policy, and only one of the two is taken.
    request.get("AdminCreateUserConfig", {}).pop("UnusedAccountValidityDays", None)
    request["LambdaConfig"] = {**pool.get("LambdaConfig", {}), **properties["LambdaConfig"]}
    client.update_user_pool(UserPoolId=properties["UserPoolId"], **request)
"""


def trigger_resources(project: Project, children: Iterable[Child]) -> dict[str, TemplateResource]:
    """The root's resources for each pool of which a trigger depends on it."""
    resources: dict[str, TemplateResource] = {}
    for child in children:
        called = triggers_of(child.resource)
        pool = child.template.body.get("Resources", {}).get(POOL)
        if not called or pool is None or "LambdaConfig" in pool.get("Properties", {}):
            continue
        if wait_for_pool(project.backend, child.resource):
            resources |= _of_pool(project, child, called)
    return resources


def _of_pool(project: Project, pool: Child, called: Mapping[str, Dependency]) -> dict[str, TemplateResource]:
    name, arn = pool.id.logical_id, _output(pool.id.logical_id, "UserPoolArn")
    resources: dict[str, TemplateResource] = {
        f"{name}TriggersRole": _role(pool),
        f"{name}TriggersFunction": _function(f"{name}TriggersRole"),
        f"{name}Triggers": _attachment(pool, called),
    }
    for trigger, edge in called.items():
        function = _output(edge.on.logical_id, "Name")
        resources[f"{name}{trigger}Permission"] = call_permission(function, arn)
    source = project.sources.get(pool.id)
    text = source.others.get(CLI_INPUTS, "{}") if source else "{}"
    for id_, edge, right in stated_rights(text, called):
        role = _output(edge.on.logical_id, TRIGGER_ROLE)
        resources[f"{name}{id_}"] = rights_policy(id_, right, arn, role)
    return resources


def _attachment(pool: Child, called: Mapping[str, Dependency]) -> TemplateResource:
    name = pool.id.logical_id
    config = {TRIGGERS[trigger]: _output(edge.on.logical_id, "Arn") for trigger, edge in called.items()}
    return {
        "Type": "Custom::UserPoolTriggers",
        "DependsOn": [f"{name}{trigger}Permission" for trigger in called],
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": [f"{name}TriggersFunction", "Arn"]},
            "ServiceTimeout": 120,
            "UserPoolId": _output(name, "UserPoolId"),
            "LambdaConfig": config,
            "PoolTemplate": pool.template.digest,
        },
    }


def _function(role: str) -> TemplateResource:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Description": "Attaches the triggers of a user pool",
            "Runtime": RUNTIME,
            "Handler": "index.handler",
            "Timeout": 60,
            "Role": {"Fn::GetAtt": [role, "Arn"]},
            "Code": {"ZipFile": CODE},
        },
    }


def _role(pool: Child) -> TemplateResource:
    name = pool.id.logical_id
    statements: list[dict[str, object]] = [
        {
            "Effect": "Allow",
            "Action": ["cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool"],
            "Resource": _output(name, "UserPoolArn"),
        }
    ]
    if SMS_ROLE in pool.template.outputs:
        statements.append({"Effect": "Allow", "Action": "iam:PassRole", "Resource": _output(name, SMS_ROLE)})
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    logs = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
            "ManagedPolicyArns": [{"Fn::Sub": logs}],
            "Policies": [
                {
                    "PolicyName": "attach-triggers",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
                }
            ],
        },
    }


def _output(stack: str, name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [stack, f"Outputs.{name}"]}
