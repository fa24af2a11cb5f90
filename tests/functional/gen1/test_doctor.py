"""What `doctor` finds in the files of a project that Amplify made, before anything of it was pushed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.functional.gen1.amplify_project import do, write

HELLO = "amplify/backend/function/hello"
TEMPLATE = f"{HELLO}/hello-cloudformation-template.json"
RDS = "amplify/backend/rds/db"
BACKEND = {
    "function": {"hello": {"service": "Lambda", "build": True}},
    "rds": {"db": {"service": "RDSCluster"}},
}
ENVIRONMENT = {"cloud": "local", "region": "eu-west-1", "stackName": "shop-dev"}
CLUSTER = {"Engine": "aurora-postgresql", "MasterUsername": "owner", "ManageMasterUserPassword": True}


def template(runtime: str = "nodejs24.x", *, actions: list[str] | None = None) -> dict[str, object]:
    """A function's template as Amplify writes it, its role allowed what is listed."""
    allowed = {"Effect": "Allow", "Action": ["logs:PutLogEvents", *(actions or [])], "Resource": "*"}
    policy = {
        "PolicyName": "own",
        "Roles": [{"Ref": "LambdaExecutionRole"}],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
    }
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {
        "Code": {"S3Bucket": {"Ref": "deploymentBucketName"}, "S3Key": {"Ref": "s3Key"}},
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]},
        "Runtime": runtime,
    }
    return {
        "Parameters": {name: {"Type": "String"} for name in ("deploymentBucketName", "env", "s3Key")},
        "Resources": {
            "LambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": function},
            "LambdaExecutionRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                },
            },
            "AmplifyResourcesPolicy": {"Type": "AWS::IAM::Policy", "Properties": policy},
        },
        "Outputs": {"Name": {"Value": {"Ref": "LambdaFunction"}}},
    }


def database(**properties: object) -> dict[str, object]:
    return {
        "Resources": {"Cluster": {"Type": "AWS::RDS::DBCluster", "Properties": {**CLUSTER, **properties}}}
    }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, "backend-config.json", BACKEND)
    write(tmp_path, "amplify/environments/dev.json", ENVIRONMENT)
    write(tmp_path, TEMPLATE, template())
    write(tmp_path, f"{HELLO}/src/index.js", "exports.handler = async () => ({ statusCode: 200 });\n")
    write(tmp_path, f"{RDS}/template.json", database())
    monkeypatch.chdir(tmp_path)
    do("env", "checkout", "dev")
    return tmp_path


@pytest.fixture
def examined(project: Path, capsys: pytest.CaptureFixture[str]) -> Mapping[str, list[tuple[str, str, str]]]:
    """Examine the project: (outcome, message, next) of each check that is not ok, by its name."""
    return Examined(project, capsys)


class Examined(dict[str, list[tuple[str, str, str]]]):
    """The checks, made when they are read for the first time."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__()
        self.root, self._capsys, self.text = root, capsys, ""

    def __missing__(self, name: str) -> list[tuple[str, str, str]]:
        if not self.text:
            self._capsys.readouterr()
            do("doctor", "--json", expect=1)  # nothing is deployed
            self.text = self._capsys.readouterr().out
        checks = json.loads(self.text)["checks"]
        return [
            (each["outcome"], each["told"], each["next"])
            for each in checks
            if each["check"] == name and each["outcome"] in ("finding", "note")
        ]


def test_a_sound_project_has_nothing_to_say_and_no_cloud_is_started(examined: Examined) -> None:
    names = ("project", "database", "code", "rights", "access", "secrets")
    assert [name for name in names if examined[name]] == []
    assert [outcome for outcome, _, _ in examined["stack"]] == ["finding"]
    assert not (examined.root / "amplify/.local").exists()


def test_everything_that_stops_a_push_is_named_at_once(examined: Examined) -> None:
    write(examined.root, TEMPLATE, template("nodejs14.x"))
    write(examined.root, f"{HELLO}/src/package.json", {"dependencies": {"ms": "2.1.3"}})
    write(examined.root, f"{RDS}/template.json", database(EngineMode="serverless", EngineVersion="10.7"))
    messages = [message for outcome, message, _ in examined["project"] if outcome == "finding"]
    assert any(
        TEMPLATE in each and "'nodejs14.x' was deprecated on '2023-12-04'" in each for each in messages
    )
    assert any("function/hello needs ms" in each for each in messages)
    (serverless, ended) = examined["database"]
    assert serverless[0] == ended[0] == "finding"
    assert "template.json:" in serverless[1]
    assert "Aurora Serverless v1, which AWS ended on 2025-03-31" in serverless[1]
    assert "ServerlessV2ScalingConfiguration" in serverless[2]
    assert "the standard support of aurora-postgresql 10.7 ended on 2023-01-31" in ended[1]


@pytest.mark.parametrize("spelling", ['require("aws-sdk")', "require('aws-sdk/clients/s3')"])
def test_version_2_of_the_sdk_is_a_finding_where_nothing_brings_it(examined: Examined, spelling: str) -> None:
    write(
        examined.root,
        f"{HELLO}/src/index.js",
        f"// first\nconst aws = {spelling};\nexports.handler = async () => 1;\n",
    )
    ((outcome, message, cure),) = examined["code"]
    assert outcome == "finding"
    assert message.startswith(f"{HELLO}/src/index.js:2: function/hello uses version 2")
    assert "which no runtime from nodejs18.x on contains" in message
    assert cure.startswith(f"npm install aws-sdk --prefix {HELLO}/src")


def test_version_2_of_the_sdk_that_a_function_brings_is_a_note(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "import AWS from 'aws-sdk';\n")
    write(examined.root, f"{HELLO}/src/node_modules/aws-sdk/package.json", {"name": "aws-sdk"})
    ((outcome, message, cure),) = examined["code"]
    assert (outcome, "no updates since 2025-09-08" in message) == ("note", True)
    assert "aws-sdk-js-codemod -t v2-to-v3" in cure


def test_a_runtime_that_is_retired_does_not_hide_that_its_successor_lacks_the_sdk(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "require('aws-sdk');\n")
    write(examined.root, TEMPLATE, template("nodejs14.x"))
    assert [outcome for outcome, _, _ in examined["code"]] == ["finding"]


def test_the_data_api_needs_the_secret_too(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "require('@aws-sdk/client-rds-data');")
    write(examined.root, TEMPLATE, template(actions=["rds-data:*"]))
    ((_, message, cure),) = examined["rights"]
    assert "calls secretsmanager (by rds-data)" in message
    assert '"secretsmanager:GetSecretValue"' in cure


@pytest.mark.parametrize(
    ("file", "code", "service"),
    [
        ("index.js", "const { S3Client } = require('@aws-sdk/client-s3');", "s3"),
        ("index.mjs", "import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';", "dynamodb"),
        ("index.js", "const db = new AWS.RDSDataService();", "rds-data"),
        ("index.js", "const S3 = require('aws-sdk/clients/s3');", "s3"),
        ("index.py", "import boto3\nqueue = boto3.client('sqs')", "sqs"),
        (
            "index.py",
            "import boto3\nusers = boto3.client('cognito-idp')\nusers.admin_get_user()",
            "cognito-idp",
        ),
    ],
)
def test_a_function_that_calls_what_its_role_does_not_allow_is_a_finding(
    examined: Examined, file: str, code: str, service: str
) -> None:
    write(examined.root, f"{HELLO}/src/{file}", code)
    outcome, message, cure = examined["rights"][0]
    assert outcome == "finding"
    assert message.startswith(f"{HELLO}/src/{file}:")
    assert f"function/hello calls {service}, of which its role allows nothing" in message
    assert f"{HELLO}/custom-policies.json" in cure


def test_a_right_from_custom_policies_counts(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "require('@aws-sdk/client-s3');")
    write(examined.root, f"{HELLO}/custom-policies.json", [{"Action": ["s3:GetObject"], "Resource": ["*"]}])
    assert examined["rights"] == []


@pytest.mark.parametrize("actions", [["s3:Get*"], ["*"], ["S3:GetObject"]])
def test_a_right_of_its_template_counts(examined: Examined, actions: list[str]) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "require('@aws-sdk/client-s3');")
    write(examined.root, TEMPLATE, template(actions=actions))
    assert examined["rights"] == []


def test_where_rights_may_come_from_elsewhere_no_function_is_accused(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/src/index.js", "require('@aws-sdk/client-s3');")
    made = json.loads(json.dumps(template()))
    role = made["Resources"]["LambdaExecutionRole"]["Properties"]
    role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
    write(examined.root, TEMPLATE, made)
    assert examined["rights"] == []


@pytest.mark.parametrize(
    "code",
    [
        "const { STSClient } = require('@aws-sdk/client-sts');",
        "// const { S3Client } = require('@aws-sdk/client-s3');",
        "const { SignUpCommand } = require('@aws-sdk/client-cognito-identity-provider');",
    ],
)
def test_a_call_that_needs_no_right_accuses_no_function(examined: Examined, code: str) -> None:
    write(examined.root, f"{HELLO}/src/index.js", code)
    assert examined["rights"] == []


TEAM = "amplify/team-provider-info.json"
SECRET = "hunter2-hunter2"
PROVIDERS = json.dumps([{"ProviderName": "Google", "client_id": "1", "client_secret": SECRET}])


@pytest.mark.parametrize(
    ("file", "content", "place"),
    [
        (TEAM, {"dev": {"categories": {"function": {"hello": {"stripeApiKey": SECRET}}}}},
         "dev.categories.function.hello.stripeApiKey"),
        (TEAM, {"dev": {"categories": {"auth": {"users": {"hostedUIProviderCreds": PROVIDERS}}}}},
         "dev.categories.auth.users.hostedUIProviderCreds"),
        (f"{HELLO}/function-parameters.json", {"DB_PASSWORD": SECRET}, "DB_PASSWORD"),
        (f"{HELLO}/parameters.json", {"database": "postgres://shop:hunter2@db.example.com/shop"}, "database"),
        (f"{HELLO}/function-parameters.json", {"keys": ["AKIA" + "ABCDEFGHIJKLMNOP"]}, "keys.0"),
    ],
)  # fmt: skip
def test_a_secret_in_plain_text_is_named_by_its_place_and_never_printed(
    examined: Examined, file: str, content: object, place: str
) -> None:
    write(examined.root, file, content)
    ((outcome, message, cure),) = examined["secrets"]
    assert outcome == "finding"
    assert message.startswith(f"{file}:")
    assert message.endswith(f"{place} is a secret in plain text.")
    assert "Secrets Manager" in cure
    assert "hunter2" not in examined.text
    assert "ABCDEFGHIJKLMNOP" not in examined.text


def test_a_secret_that_stops_a_push_is_named_once_and_hides_no_other_stop(examined: Examined) -> None:
    write(examined.root, f"{HELLO}/parameters.json", {"keys": ["AKIA" + "ABCDEFGHIJKLMNOP"]})
    write(examined.root, TEMPLATE, template("nodejs14.x"))
    stops = " ".join(message for _, message, _ in examined["project"])
    assert f'{HELLO}/parameters.json:3: "0" looks like a secret' in stops
    assert "'nodejs14.x' was deprecated" in stops
    assert examined["secrets"] == []


@pytest.mark.parametrize(
    "harmless",
    [
        {"SecretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:a"},
        {"userpoolClientGenerateSecret": True, "generateSecret": "false"},
        {"passwordPolicyMinLength": 8, "passwordPolicyCharacters": []},
        {"dbPassword": "{{resolve:secretsmanager:db}}", "apiKey": "", "clientSecret": "/amplify/shop/secret"},
        {"secretNames": ["STRIPE_KEY"], "url": "https://example.com/a:b@c"},
    ],
)
def test_the_place_of_a_secret_is_no_secret(examined: Examined, harmless: object) -> None:
    write(examined.root, f"{HELLO}/function-parameters.json", harmless)
    assert examined["secrets"] == []
