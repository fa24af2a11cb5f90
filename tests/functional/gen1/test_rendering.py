"""Amplify's own files are read where they are, and rendered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.gen1.amplify_project import FUNCTION, REST_INPUTS, do, loaded, rendered, write


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


def test_what_parameters_refer_to_in_amplify_s_root_is_there(project: Path) -> None:
    """Amplify's auth and storage get the roles of the root's identity pool, by these names."""
    do("init")
    roles = {
        "tableName": {"Fn::GetAtt": ["AuthRole", "Arn"]},
        "roleName": {"Ref": "UnauthRoleName"},
        "bucket": {"Fn::Join": ["-", [{"Ref": "DeploymentBucketName"}, "x"]]},
    }
    team = loaded(project, "amplify/team-provider-info.json")
    write(
        project,
        "amplify/team-provider-info.json",
        json.loads(json.dumps(team).replace('"tableName"', '"other"')),
    )
    parameters = {**FUNCTION["Parameters"], "roleName": {"Type": "String"}, "bucket": {"Type": "String"}}
    template = {**FUNCTION, "Parameters": parameters}
    write(project, "amplify/backend/function/work/work-cloudformation-template.json", template)
    write(project, "amplify/backend/function/work/parameters.json", roles)
    do("render", "-e", "prod")
    resources = json.loads((project / "amplify/build/prod/root.json").read_text())["Resources"]
    assert {name for name, entry in resources.items() if entry["Type"] == "AWS::IAM::Role"} == {
        "AuthRole",
        "UnauthRole",
    }
    passed = resources["functionwork"]["Properties"]["Parameters"]
    assert passed["tableName"] == {"Fn::GetAtt": ["AuthRole", "Arn"]}
    assert passed["roleName"] == {"Ref": "UnauthRole"}
    assert passed["bucket"] == {"Fn::Join": ["-", [{"Ref": "DeploymentBucket"}, "x"]]}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "NoSuchThing"},
        {"Fn::GetAtt": ["NoSuchThing", "Arn"]},
        {"Fn::Join": ["", ["x", {"Ref": "NoSuchThing"}]]},
        {"Fn::Sub": "${NoSuchThing.Arn}/*"},
        {"Fn::Sub": ["${Own}${NoSuchThing}", {"Own": "x"}]},
    ],
)
def test_what_parameters_refer_to_and_the_root_does_not_have_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    do("init")
    file = "amplify/environments/prod.json"
    own = {**loaded(project, file), "parameters": {"function": {"work": {"tableName": value}}}}
    write(project, file, own)
    do("render", "-e", "prod", expect=2)
    said = capsys.readouterr().err
    assert 'the parameter "tableName" refers to NoSuchThing, which the root stack does not have' in said


def test_a_root_to_which_no_parameter_refers_has_no_roles(project: Path) -> None:
    do("init")
    opened = {"version": 1, "paths": {"/orders": REST_INPUTS["paths"]["/orders"]}}  # type: ignore[index]
    write(project, "amplify/backend/api/web/cli-inputs.json", opened)
    do("render", "-e", "prod")
    assert "AuthRole" not in json.loads((project / "amplify/build/prod/root.json").read_text())["Resources"]


@pytest.mark.parametrize(
    ("policies", "problem"),
    [
        ('{"Action": []}', "custom-policies.json:1: It must be a list of statements"),
        ('[\n{"Resource": ["*"]}]', 'custom-policies.json:2: A statement must have "Action"'),
        ('[\n{"Action": ["a:b"]}]', 'custom-policies.json:2: A statement must have "Action" and "Resource"'),
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


def test_the_rights_of_a_private_path_go_to_the_role_of_the_pool_s_owner(project: Path) -> None:
    """Amplify gives them to this project's role, which the users of an imported pool never get."""
    do("init")
    file = "amplify/environments/prod.json"
    own = {**loaded(project, file), "imported": {"auth": {"users": {"AuthRoleName": "their-authRole"}}}}
    write(project, file, own)
    do("render", "-e", "prod")
    resources = json.loads((project / "amplify/build/prod/root.json").read_text())["Resources"]
    assert resources["apiweb"]["Properties"]["Parameters"]["authRoleName"] == "their-authRole"
    assert "AuthRole" not in resources


def test_what_amplify_writes_of_an_imported_pool_is_no_fault(project: Path) -> None:
    do("init")
    do("env", "add", "local", "--cloud", "local", "--from", "prod")
    newer = {
        "authSelections": "userPoolOnly",
        "resourceName": "users",
        "serviceType": "imported",
        "region": "eu-central-1",
        "aliasAttributes": [],
        "usernameAttributes": ["email"],
        "authProvidersUserPool": ["Google"],
        "requiredAttributes": ["email"],
        "passwordPolicyMinLength": "8",
        "passwordPolicyCharacters": [],
        "mfaConfiguration": "OFF",
        "autoVerifiedAttributes": ["email"],
        "mfaTypes": ["SMS Text Message"],
    }
    write(project, "amplify/backend/auth/users/parameters.json", newer)
    do("push", "--dry-run", "-e", "local")
    write(project, "amplify/backend/auth/users/parameters.json", {**newer, "mfaTipes": []})
    do("push", "--dry-run", "-e", "local", expect=2)


def test_a_parameter_that_an_own_template_does_not_know_is_named_and_stops_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("init")
    do("env", "add", "local", "--cloud", "local", "--from", "prod")
    file = "amplify/backend/function/work/parameters.json"
    write(project, file, {"tableName": "orders", "tabelName": "order", "CloudWatchRule": "NONE"})
    capsys.readouterr()
    do("push", "--dry-run", "-e", "local")
    named = f"{file}: CloudWatchRule, tabelName are not passed"
    assert named in capsys.readouterr().err
    do("status", "-e", "local")
    assert named in "".join(capsys.readouterr())
    do("render", "-e", "local")
    root = json.loads((project / "amplify/build/local/root.json").read_text())
    assert "tabelName" not in root["Resources"]["functionwork"]["Properties"]["Parameters"]
