"""Resources of other services that stacks made, as these services and CloudFormation show them."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from tests.local.cloudformation.recorded.macro_cases import TRUST
from tests.local.cloudformation.recorded.parts import attribute, parameter, template, text_parameter, topic
from tests.local.cloudformation.recorded.replay import StackReplay, case

VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "100.0.0.0/20"}}


def outputs(**values: Any) -> dict[str, Any]:
    return {name: {"Value": value} for name, value in values.items()}


@case
def test_internet_gateway_ref_and_attr(replay: StackReplay) -> None:
    gateway, made = {"Ref": "Gateway"}, attribute("Gateway", "InternetGatewayId")
    body = template(
        {"Gateway": {"Type": "AWS::EC2::InternetGateway"}},
        Outputs=outputs(RefAttachment=gateway, IdAttachment=made),
    )
    stack = replay.deploy(body)
    replay.match("outputs", replay.outputs(stack))
    found = replay.ask("describe_stack_resource", StackName=stack, LogicalResourceId="Gateway")
    replay.match("description", found["StackResourceDetail"])


@case
def test_vpc_with_route_table(replay: StackReplay) -> None:
    tags = [{"Key": "env", "Value": "production"}]
    table = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}, "Tags": tags}}
    body = template({"Vpc": VPC, "RouteTable": table}, Outputs=outputs(Table={"Ref": "RouteTable"}))
    made = replay.outputs(replay.deploy(body))["Table"]
    found = replay.clients("ec2").describe_route_tables(RouteTableIds=[made])
    for shown in found["RouteTables"]:
        shown["Tags"] = {tag["Key"]: tag["Value"] for tag in shown["Tags"]}
    replay.match("route_table", found)


@case
def test_ec2_security_group_id_with_vpc(replay: StackReplay) -> None:
    group = {"GroupDescription": "Allow http to client host"}
    made = {
        "Vpc": VPC,
        "With": {"Type": "AWS::EC2::SecurityGroup", "Properties": {**group, "VpcId": {"Ref": "Vpc"}}},
        "Without": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
    }
    shown = outputs(
        SGWithVpcIdRef={"Ref": "With"},
        SGWithVpcIdGroupId=attribute("With", "GroupId"),
        SGWithoutVpcIdRef={"Ref": "Without"},
        SGWithoutVpcIdGroupId=attribute("Without", "GroupId"),
    )
    replay.match("references", replay.outputs(replay.deploy(template(made, Outputs=shown))))


@case
def test_cors_configuration(replay: StackReplay) -> None:
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    full = {
        **rule, "AllowedHeaders": ["*", "x-amz-*"], "ExposedHeaders": ["Date"], "Id": "test-cors-id", "MaxAge": 3600,
    }  # fmt: skip
    made = {
        name: {"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": [rules]}}}
        for name, rules in (("Optional", full), ("Required", rule))
    }
    shown = outputs(Optional={"Ref": "Optional"}, Required={"Ref": "Required"})
    names = replay.outputs(replay.deploy(template(made, Outputs=shown)))
    storage = replay.clients("s3")
    replay.match("cors-info-optional", storage.get_bucket_cors(Bucket=names["Optional"]))
    replay.match("cors-info-only-required", storage.get_bucket_cors(Bucket=names["Required"]))


@case
def test_bucketpolicy(replay: StackReplay) -> None:
    name, storage = replay.name("bucket"), replay.clients("s3")
    replay.match("bucket", {"BucketName": name})
    arn = attribute("Bucket", "Arn")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*"],
        "Resource": [arn, {"Fn::Join": ["", [arn, "/*"]]}],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    given = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": policy}
    made = {"Bucket": bucket, "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": given}}
    stack = replay.deploy(template(made))
    replay.match("get-policy-true", json.loads(storage.get_bucket_policy(Bucket=name)["Policy"]))
    replay.deploy(template({"Bucket": bucket}), stack=stack)
    try:
        storage.get_bucket_policy(Bucket=name)
    except ClientError as error:
        replay.match("no-policy", error.response)


@case
def test_cfn_handle_log_group_resource(replay: StackReplay) -> None:
    name = replay.name("group")
    properties = {"LogGroupName": name, "RetentionInDays": 731}
    replay.deploy(template({"Group": {"Type": "AWS::Logs::LogGroup", "Properties": properties}}))
    found = replay.clients("logs").describe_log_groups(logGroupNamePrefix=name)
    for shown in found["logGroups"]:
        shown["creationTime"] = str(shown["creationTime"])
    replay.match("describe_log_groups", found)


@case
def test_cfn_with_kms_resources(replay: StackReplay) -> None:
    root = {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}
    statement = {**root, "Action": "kms:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    alias = {"AliasName": f"alias/{replay.name('key')}", "TargetKeyId": {"Ref": "Key"}}
    made = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": alias},
    }
    shown = outputs(KeyArn=attribute("Key", "Arn"), KeyAlias={"Ref": "Alias"})
    replay.match("stack-outputs", replay.outputs(replay.deploy(template(made, Outputs=shown))))


def function(runtime: str = "python3.12", **properties: Any) -> dict[str, Any]:
    """A role and a function that has it."""
    code = {"ZipFile": "def handler(event, context):\n    return 1\n"}
    given = {
        "Runtime": runtime,
        "Handler": "index.handler",
        "Code": code,
        "Role": attribute("MyFnServiceRole", "Arn"),
    }
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    made = {"Type": "AWS::Lambda::Function", "Properties": {**given, **properties}}
    return {"MyFnServiceRole": role, "LambdaFunction": made}


@case
def test_lambda_alias(replay: StackReplay) -> None:
    name = replay.name("function")
    version = {"FunctionName": {"Ref": "LambdaFunction"}}
    alias = {**version, "FunctionVersion": attribute("Version", "Version"), "Name": "live"}
    made = {
        **function(FunctionName=name),
        "Version": {"Type": "AWS::Lambda::Version", "Properties": version},
        "FunctionAlias": {"Type": "AWS::Lambda::Alias", "Properties": alias},
    }
    stack = replay.deploy(template(made))
    replay.match("stack_resource_descriptions", replay.ask("describe_stack_resources", StackName=stack))
    replay.match("Alias", replay.clients("lambda").get_alias(FunctionName=name, Name="live"))


@case
def test_drift_detection_on_lambda(replay: StackReplay) -> None:
    made = function(
        "python3.9",
        Description="function to test lambda function url",
        Environment={"Variables": {"ENDPOINT_URL": "aws.amazon.com"}},
    )
    body = template({"Function": made["LambdaFunction"], "MyFnServiceRole": made["MyFnServiceRole"]})
    stack = replay.create(body, Capabilities=["CAPABILITY_IAM"])["StackId"]
    described = replay.ask("describe_stack_resource", StackName=stack, LogicalResourceId="Function")
    changed = {
        "FunctionName": described["StackResourceDetail"]["PhysicalResourceId"],
        "Runtime": "python3.8",
        "Description": "different description",
        "Environment": {"Variables": {"ENDPOINT_URL": "localhost.localstack.cloud"}},
    }
    try:
        replay.clients("lambda").update_function_configuration(**changed)
    except ClientError as error:
        replay.refusals.append(error.response["Error"]["Message"])
        return
    found = replay.ask("detect_stack_resource_drift", StackName=stack, LogicalResourceId="Function")
    replay.match("drift_detection", found)


@case
def test_create_stack_set_with_stack_instances(replay: StackReplay) -> None:
    body = json.dumps(template({"Topic": topic()}))
    replay.ask("create_stack_set", StackSetName=replay.name(), TemplateBody=body)


def topic_outputs(**more: Any) -> dict[str, Any]:
    named = attribute("MyTopic", "TopicName")
    return outputs(
        MyTopicName=named, MyTopicRef={"Ref": "MyTopic"}, MyTopicArn=attribute("MyTopic", "TopicArn"), **more
    )


def match_outputs(replay: StackReplay, body: Any, values: dict[str, str] | None = None) -> None:
    replay.match("outputs", replay.outputs(replay.deploy(body, values)))


def nested_attribute(replay: StackReplay, name: str) -> None:
    custom = {"Fn::GetAtt": ["MyTopic", {"Ref": "MyAttribute"}]}
    body = template(
        {"MyTopic": topic(replay.name("topic"))},
        Parameters={"MyAttribute": text_parameter()},
        Outputs=topic_outputs(MyTopicCustom=custom),
    )
    match_outputs(replay, body, {"MyAttribute": name})


@case
def test_nested_getatt_ref_topicname(replay: StackReplay) -> None:
    nested_attribute(replay, "TopicName")


@case
def test_nested_getatt_ref_topicarn(replay: StackReplay) -> None:
    nested_attribute(replay, "TopicArn")


@case
def test_sub_resolving(replay: StackReplay) -> None:
    text = "${MyTopic.TopicName}|${MyTopic.TopicArn}"
    given = [f"{text}|${{Other}}", {"Other": "something"}]
    shown = topic_outputs(
        MyTopicSub={"Fn::Sub": f"{text}|${{MyTopic.TopicName}}|${{MyTopic}}"},
        MyTopicSubWithMap={"Fn::Sub": given},
    )
    match_outputs(replay, template({"MyTopic": topic(replay.name("topic"))}, Outputs=shown))


@case
def test_fn_sub_cases(replay: StackReplay) -> None:
    made = {"Resource": parameter("unimportant", Name="Param1Value")}
    texts = {
        "StringStatic": "this is a static string",
        "StringRefParam": "${Param1}",
        "StringRefPseudoParam": "${AWS::Region}",
        "StringRefResource": "${Resource}",
        "StringRefGetAtt": "${Resource.Value}",
        "StringRefMultiple": "${Param1} - ${Param1}",
        "UrlSuffixPseudoParam": "${AWS::URLSuffix}",
    }
    lists: dict[str, tuple[str, dict[str, Any]]] = {
        "ListStatic": ("this is a static string", {}),
        "ListRefParam": ("${Param1}", {}),
        "ListRefPseudoParam": ("${AWS::Region}", {}),
        "ListRefResourceDirect": ("${Resource}", {}),
        "ListRefResourceMappingRef": ("${Local}", {"Local": {"Ref": "Resource"}}),
        "ListRefGetAtt": ("${Resource.Value}", {}),
        "ListRefGetAttMapping": ("${Local}", {"Local": attribute("Resource", "Value")}),
        "ListRefMultipleMix": ("${Local}-${AWS::Region}-${Param1}", {"Local": {"Ref": "Resource"}}),
    }
    values: dict[str, Any] = {name: {"Fn::Sub": text} for name, text in texts.items()}
    values |= {
        name: {"Fn::Sub": [text, variables or {"Unused": "x"}]} for name, (text, variables) in lists.items()
    }
    known = {"Param1": text_parameter(Default="Param1Value")}
    match_outputs(replay, template(made, Parameters=known, Outputs=outputs(**values)))
