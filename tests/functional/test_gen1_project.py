"""A project that Amplify made: its own files are read as they are, and stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

FUNCTION = {
    "Parameters": {"env": {"Type": "String"}, "tableName": {"Type": "String"}},
    "Resources": {
        "LambdaExecutionRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
    },
    "Outputs": {
        "Name": {"Value": {"Ref": "LambdaExecutionRole"}},
        "Arn": {"Value": {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]}},
    },
}
BACKEND = {
    "auth": {"users": {"service": "Cognito", "serviceType": "imported"}},
    "function": {"work": {"service": "Lambda", "build": True}},
    "api": {
        "web": {
            "service": "API Gateway",
            "dependsOn": [
                {"category": "function", "resourceName": "work", "attributes": ["Name", "Arn"]},
            ],
        }
    },
}
STACK_ID = "arn:aws:cloudformation:eu-central-1:111122223333:stack/amplify-shop-prod-1/00000000"
TEAM = {
    "prod": {
        "awscloudformation": {
            "Region": "eu-central-1",
            "StackName": "amplify-shop-prod-1",
            "StackId": STACK_ID,
            "DeploymentBucketName": "amplify-shop-prod-1-deployment",
        },
        "categories": {
            "auth": {"users": {"userPoolId": "eu-central-1_Abc", "userPoolName": "shoppers"}},
            "function": {"work": {"tableName": "orders", "s3Key": "amplify-builds/work-1.zip"}},
        },
    },
    "dev": {
        "awscloudformation": {"Region": "eu-west-1", "StackName": "amplify-shop-dev-1"},
        "categories": {"function": {"work": {"tableName": "dev-orders"}}},
    },
}
REST_INPUTS = {
    "version": 1,
    "paths": {
        "/orders": {"lambdaFunction": "work", "permissions": {"setting": "open"}},
        "/mine": {"lambdaFunction": "work", "permissions": {"setting": "private", "auth": ["read"]}},
    },
}


def write(root: Path, path: str, value: object) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value if isinstance(value, str) else json.dumps(value, indent=2))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a project of Amplify's, as the current folder: nothing in it is ours."""
    root = tmp_path / "shop"
    write(root, "amplify/backend/backend-config.json", BACKEND)
    write(root, "amplify/team-provider-info.json", TEAM)
    write(root, "amplify/backend/auth/users/parameters.json", {})
    write(root, "amplify/backend/function/work/work-cloudformation-template.json", FUNCTION)
    write(root, "amplify/backend/function/work/src/index.js", "exports.handler = async () => 1;\n")
    write(root, "amplify/backend/api/web/cli-inputs.json", REST_INPUTS)
    monkeypatch.chdir(root)
    return root


def do(*words: str, expect: int = 0) -> None:
    assert run(cli, list(words)) == expect, words


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def loaded(root: Path, path: str) -> Mapping[str, object]:
    value: Mapping[str, object] = json.loads((root / path).read_text())
    return value


def rendered(root: Path, environment: str, resource: str) -> dict[str, dict[str, object]]:
    do("render", "-e", environment)
    template = json.loads((root / f"amplify/build/{environment}/{resource}.json").read_text())
    resources: dict[str, dict[str, object]] = template["Resources"]
    return resources


def test_init_takes_over_each_environment_and_changes_no_file_of_amplify(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    do("init")
    after = contents(project)
    assert {path: after[path] for path in before} == before
    assert sorted(after.keys() - before.keys()) == [
        ".gitignore",
        "amplify/.config/local-env-info.json",
        "amplify/environments/dev.json",
        "amplify/environments/prod.json",
    ]
    assert loaded(project, "amplify/environments/prod.json") == {
        "cloud": "aws",
        "region": "eu-central-1",
        "stackName": "amplify-shop-prod-1",
        "stackId": STACK_ID,
        "accountId": "111122223333",
        "bucket": "amplify-shop-prod-1-deployment",
        "parameters": {},
        "imported": {},
    }
    said = capsys.readouterr().err
    assert "Took over 2 environments" in said
    assert "api/web: rendered from its cli-inputs.json" in said


def test_init_changes_nothing_where_there_is_an_environment(project: Path) -> None:
    do("init")
    before = contents(project)
    do("init", expect=2)
    assert contents(project) == before


@pytest.mark.parametrize("checked_out", [None, "dev"])
def test_what_an_error_proposes_leads_to_an_environment(
    project: Path, capsys: pytest.CaptureFixture[str], checked_out: str | None
) -> None:
    """Amplify's own file may name an environment that has no file of ours yet."""
    if checked_out:
        write(
            project, "amplify/.config/local-env-info.json", {"envName": checked_out, "defaultEditor": "vim"}
        )
    do("status", expect=2)
    assert "accountsctl init" in capsys.readouterr().err
    do("env", "add", "dev", "--cloud", "local")
    do("env", "checkout", "dev")
    do("status")
    environment = loaded(project, "amplify/environments/dev.json")
    assert (environment["cloud"], environment["region"]) == ("local", "eu-west-1")
    assert environment["stackName"] == "amplify-shop-dev-1"
    kept = loaded(project, "amplify/.config/local-env-info.json")
    assert kept.get("defaultEditor") == ("vim" if checked_out else None)


def test_a_first_environment_needs_no_file_of_amplify(project: Path) -> None:
    (project / "amplify/team-provider-info.json").unlink()
    do("env", "add", "test")
    assert loaded(project, "amplify/environments/test.json")["cloud"] == "local"


def test_a_damaged_team_provider_info_is_named_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "amplify/team-provider-info.json", '{"dev": {"awscloudformation": ')
    before = contents(project)
    do("init", expect=2)
    assert "amplify/team-provider-info.json:1" in capsys.readouterr().err
    assert contents(project) == before


def test_values_and_ids_that_amplify_keeps_for_an_environment_are_used(project: Path) -> None:
    do("init")
    do("render", "-e", "prod")
    root = json.loads((project / "amplify/build/prod/root.json").read_text())
    passed = root["Resources"]["functionwork"]["Properties"]["Parameters"]
    assert passed == {"env": "prod", "tableName": "orders"}
    users = json.loads((project / "amplify/build/prod/auth/users.json").read_text())
    assert users["Outputs"]["UserPoolName"]["Value"] == "shoppers"


def test_the_environment_s_own_value_goes_before_that_of_amplify(project: Path) -> None:
    do("init")
    file = "amplify/environments/prod.json"
    own = {**loaded(project, file), "parameters": {"function": {"work": {"tableName": "mine"}}}}
    write(project, file, own)
    do("render", "-e", "prod")
    root = json.loads((project / "amplify/build/prod/root.json").read_text())
    assert root["Resources"]["functionwork"]["Properties"]["Parameters"]["tableName"] == "mine"


def test_an_environment_copied_from_one_of_amplify_has_its_values(project: Path) -> None:
    do("init")
    do("env", "add", "laptop", "--cloud", "local", "--from", "prod")
    environment = loaded(project, "amplify/environments/laptop.json")
    assert environment["parameters"] == {"function": {"work": {"tableName": "orders"}}}
    assert "eu-central-1_Abc" not in json.dumps(environment), "the pool of AWS is not for the embedded cloud"
    do("render", "-e", "laptop")


def test_a_rest_api_is_rendered_from_what_amplify_was_told_of_it(project: Path) -> None:
    do("init")
    resources = rendered(project, "prod", "api/web")
    methods = {
        (resource["Properties"]["HttpMethod"], logical_id): resource["Properties"]["AuthorizationType"]
        for logical_id, resource in resources.items()
        if resource["Type"] == "AWS::ApiGateway::Method" and isinstance(resource["Properties"], dict)
    }
    assert {key: value for key, value in methods.items() if key[0] == "ANY"} == {
        ("ANY", "PathMineAny"): "AWS_IAM",
        ("ANY", "PathMineByProxyAny"): "AWS_IAM",
        ("ANY", "PathOrdersAny"): "NONE",
        ("ANY", "PathOrdersByProxyAny"): "NONE",
    }
    assert "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'" in json.dumps(resources["PathMineOptions"])


def test_what_amplify_built_goes_before_cli_inputs_and_after_an_own_template(project: Path) -> None:
    do("init")
    topic = {
        "Resources": {"Built": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "topic"}}}}
    }
    built = {**topic, "Parameters": {"topic": {"Type": "String"}}}
    write(project, "amplify/backend/api/web/build/web-cloudformation-template.json", built)
    write(project, "amplify/backend/api/web/build/parameters.json", {"topic": "news"})
    assert list(rendered(project, "prod", "api/web")) == ["Built"]
    root = json.loads((project / "amplify/build/prod/root.json").read_text())
    assert root["Resources"]["apiweb"]["Properties"]["Parameters"] == {"topic": "news"}
    own = {"Resources": {"Own": {"Type": "AWS::SNS::Topic"}}}
    write(project, "amplify/backend/api/web/template.json", own)
    assert list(rendered(project, "prod", "api/web")) == ["Own"]


def test_an_edit_sees_what_amplify_built(project: Path) -> None:
    """A command that changes the project tries its change in a copy first."""
    do("init")
    (project / "amplify/backend/api/web/cli-inputs.json").unlink()
    write(project, "amplify/backend/api/web/build/web-cloudformation-template.json", FUNCTION)
    write(project, "amplify/backend/api/web/build/parameters.json", {"tableName": "orders"})
    do("render", "-e", "prod")
    do("add", "function", "more", "--runtime", "python3.14", "-e", "prod")
    do("render", "-e", "prod")


def test_custom_policies_become_rights_of_the_function_s_role(project: Path) -> None:
    do("init")
    write(
        project,
        "amplify/backend/function/work/custom-policies.json",
        [
            {"Action": [], "Resource": []},
            {
                "Action": ["ses:SendEmail"],
                "Resource": ["arn:aws:ses:${AWS::Region}:*:identity/${env}.example.com"],
            },
        ],
    )
    policy = rendered(project, "prod", "function/work")["CustomLambdaExecutionPolicy"]["Properties"]
    assert isinstance(policy, dict)
    assert policy["Roles"] == [{"Ref": "LambdaExecutionRole"}]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Action": ["ses:SendEmail"],
            "Effect": "Allow",
            "Resource": [{"Fn::Sub": "arn:aws:ses:${AWS::Region}:*:identity/prod.example.com"}],
        }
    ]


@pytest.mark.parametrize(
    ("policies", "problem"),
    [
        ('{"Action": []}', "custom-policies.json:1: It must be a list of statements"),
        ('[\n{"Resource": ["*"]}]', 'custom-policies.json:2: A statement must have "Action"'),
        (
            '[{"Action": ["a:b"], "Resource": ["*"],\n"Resorce": 1}]',
            "custom-policies.json:2: A statement has no key",
        ),
    ],
)
def test_custom_policies_that_cannot_be_used_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], policies: str, problem: str
) -> None:
    do("init")
    write(project, "amplify/backend/function/work/custom-policies.json", policies)
    do("render", "-e", "prod", expect=2)
    assert problem in capsys.readouterr().err


def test_custom_policies_without_a_role_of_amplify_s_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init")
    template = json.dumps(FUNCTION).replace("LambdaExecutionRole", "MyRole")
    write(project, "amplify/backend/function/work/work-cloudformation-template.json", template)
    write(
        project,
        "amplify/backend/function/work/custom-policies.json",
        [{"Action": ["ses:SendEmail"], "Resource": ["*"]}],
    )
    do("render", "-e", "prod", expect=2)
    assert "no resource LambdaExecutionRole" in capsys.readouterr().err
