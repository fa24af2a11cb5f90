"""Resources of stacks, as their own services show them; nested stacks."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import attribute, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case
from tests.local.cloudformation.recorded.template_cases import upload


def uploaded(replay: StackReplay, body: Any) -> str:
    """The URL of a new object that holds a template."""
    bucket, key = upload(replay, json.dumps(body))
    return f"https://s3.{replay.formation.meta.region_name}.amazonaws.com/{bucket}/{key}"


def nested(url: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, **properties}}


@case
def test_deletion_of_failed_nested_stack(replay: StackReplay) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "nothing"}, "Action": "sts:AssumeRole", "Bad": 1}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": policy, "MaxSessionDuration": 1},
    }
    parent = template({"ChildStack": nested(uploaded(replay, template({"Role": role})))})
    stack = replay.deploy(parent)
    resources = replay.ask("describe_stack_resources", StackName=stack)["StackResources"]
    child = resources[0]["PhysicalResourceId"].split("/")[1]
    replay.delete(stack)
    replay.match("error", replay.ask("describe_stacks", StackName=child))


@case
def test_nested_output_in_params(replay: StackReplay) -> None:
    iam, name = replay.clients("iam"), replay.name("role")
    topics = template({"Topic": topic()}, Outputs={"TopicArn": {"Value": {"Ref": "Topic"}}})
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    publish = {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [{"Ref": "TopicArn"}]}
    policies = template(
        {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                },
            },
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": "PolicyA",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [publish]},
                    "Roles": [{"Ref": "Role"}],
                },
            },
        },
        Parameters={"TopicArn": text_parameter(), "RoleName": text_parameter()},
    )
    given = {"TopicArn": attribute("Topics", "Outputs.TopicArn"), "RoleName": name}
    parent = template(
        {
            "Topics": nested(uploaded(replay, topics)),
            "Roles": nested(uploaded(replay, policies), Parameters=given),
        }
    )
    replay.deploy(parent)
    replay.match("get_role_response", iam.get_role(RoleName=name))
    replay.match("role_policies", iam.list_role_policies(RoleName=name))
    replay.match("actual_policy", iam.get_role_policy(RoleName=name, PolicyName="PolicyA"))


@case
def test_cfn_handle_secretsmanager_secret(replay: StackReplay) -> None:
    name = replay.name("secret")
    generated = {"SecretStringTemplate": '{"username": "me"}', "GenerateStringKey": "password"}
    properties = {"Name": name, "Description": "Aurora Password", "GenerateSecretString": generated}
    stack = replay.deploy(
        template({"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": properties}})
    )
    secrets = replay.clients("secretsmanager")
    replay.match("secret", secrets.describe_secret(SecretId=name))
    replay.delete(stack)
    try:
        secrets.describe_secret(SecretId=name)
    except secrets.exceptions.ResourceNotFoundException as error:
        replay.match("exception", error.response)


def rest_api(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}


REF = {
    "Api": {"Value": {"Ref": "ApiGatewayRestApi"}},
    "Root": {"Value": attribute("ApiGatewayRestApi", "RootResourceId")},
}


@case
def test_cfn_deploy_apigateway_integration(replay: StackReplay) -> None:
    headers = ("Allow-Headers", "Allow-Methods", "Allow-Origin")
    allowed = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id"
    values = (f"'{allowed}'", "'OPTIONS,GET,POST'", "'*'")
    names = [f"method.response.header.Access-Control-{header}" for header in headers]
    integration = {
        "Type": "HTTP_PROXY",
        "IntegrationHttpMethod": "GET",
        "ConnectionType": "INTERNET",
        "PassthroughBehavior": "WHEN_NO_MATCH",
        "Uri": "http://www.example.com",
        "IntegrationResponses": [
            {"StatusCode": "200", "ResponseParameters": dict(zip(names, values, strict=True))}
        ],
    }
    method = {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "HttpMethod": "GET",
            "AuthorizationType": "NONE",
            "RestApiId": {"Ref": "ApiGatewayRestApi"},
            "ResourceId": attribute("ApiGatewayRestApi", "RootResourceId"),
            "Integration": integration,
            "MethodResponses": [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(names, True)}],
        },
    }
    made = {"ApiGatewayRestApi": rest_api(Name="ApiGatewayRestApi"), "Method": method}
    found = replay.outputs(replay.deploy(template(made, Outputs=REF)))
    gateway = replay.clients("apigateway")
    replay.match("rest_api", gateway.get_rest_api(restApiId=found["Api"]))
    asked = {"restApiId": found["Api"], "resourceId": found["Root"], "httpMethod": "GET"}
    replay.match("method", gateway.get_method(**asked))


@case
def test_api_gateway_with_policy_as_dict(replay: StackReplay) -> None:
    statement = {
        "Sid": "AllowInvokeAPI", "Action": "*", "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": "*",
    }  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    body = template(
        {"MyApi": rest_api(Name="api", Policy=policy)}, Outputs={"Api": {"Value": {"Ref": "MyApi"}}}
    )
    api = replay.clients("apigateway").get_rest_api(restApiId=replay.outputs(replay.deploy(body))["Api"])
    api["policy"] = json.loads(api["policy"].replace('\\"', '"'))
    replay.match("rest-api", api)


@case
def test_update_usage_plan(replay: StackReplay) -> None:
    gateway, stack = replay.clients("apigateway"), None
    api, resource = {"Ref": "Api"}, attribute("Api", "RootResourceId")
    method = {
        "HttpMethod": "GET", "AuthorizationType": "NONE", "RestApiId": api, "ResourceId": resource,
        "Integration": {"Type": "MOCK"},
    }  # fmt: skip
    for step, value, limit in (("usage-plan", "value1", 5000), ("updated-usage-plan", "value-updated", 7000)):
        plan = {
            "UsagePlanName": "plan",
            "ApiStages": [{"ApiId": api, "Stage": {"Ref": "Stage"}}],
            "Quota": {"Limit": limit, "Period": "MONTH"},
            "Tags": [{"Key": "test", "Value": value}, {"Key": "test2", "Value": "hardcoded"}],
        }
        made = {
            "Api": rest_api(Name="api"),
            "Method": {"Type": "AWS::ApiGateway::Method", "Properties": method},
            "Deployment": {
                "Type": "AWS::ApiGateway::Deployment",
                "DependsOn": "Method",
                "Properties": {"RestApiId": api},
            },
            "Stage": {
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {"RestApiId": api, "DeploymentId": {"Ref": "Deployment"}, "StageName": "dev"},
            },
            "UsagePlan": {"Type": "AWS::ApiGateway::UsagePlan", "Properties": plan},
        }
        body = template(made, Outputs={"Plan": {"Value": {"Ref": "UsagePlan"}}})
        stack = replay.deploy(body, stack=stack)
        found = gateway.get_usage_plan(usagePlanId=replay.outputs(stack)["Plan"])
        replay.match(step, found)
