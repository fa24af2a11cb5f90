"""Every format of a Gen 1 project that has no template beside it is rendered as Amplify's CLI would, or named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.model.names import ResourceId
from tests.functional.gen1.amplify_project import contents, do, loaded, write
from tests.functional.gen1.full_project import BACKEND, BACKEND_FILE, on, with_lambda, write_full_project

Json = dict[str, Any]


def template(root: Path, name: str) -> Json:
    value: Json = json.loads((root / f"amplify/build/dev/{name}.json").read_text())
    return value


def rendered(root: Path, name: str) -> Json:
    do("render", "-e", "dev")
    return template(root, name)


def changed(root: Path, path: str, **changes: object) -> None:
    write(root, f"amplify/backend/{path}", {**loaded(root, f"amplify/backend/{path}"), **changes})


def edges(*added: Json, of: tuple[str, str], backend: Mapping[str, Any] = BACKEND) -> Json:
    """The backend with further dependencies of one resource."""
    copied: Json = json.loads(json.dumps(backend))
    copied[of[0]][of[1]].setdefault("dependsOn", []).extend(added)
    return copied


def test_all_of_it_is_what_aws_accepts(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(full)
    do("validate", "-e", "dev")
    assert "dev is valid" in capsys.readouterr().err
    after = contents(full)
    assert {path: after[path] for path in before} == before
    assert all(path.startswith("amplify/build/") for path in after.keys() - before.keys())


def test_a_managed_pool_has_the_logical_ids_and_outputs_that_amplify_gives_it(full: Path) -> None:
    pool = rendered(full, "auth/users")
    assert {"UserPool", "UserPoolClientWeb", "UserPoolClient", "IdentityPool"} <= pool["Resources"].keys()
    outputs = {"UserPoolId", "UserPoolArn", "UserPoolName", "AppClientID", "AppClientIDWeb"}
    assert outputs | {"IdentityPoolId", "IdentityPoolName", "HostedUIDomain"} <= pool["Outputs"].keys()
    properties = pool["Resources"]["UserPool"]["Properties"]
    assert properties["UserPoolName"] == "shoppers-dev"
    assert properties["UsernameAttributes"] == ["email", "phone_number"]
    assert properties["EnabledMfas"] == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    assert properties["Policies"]["PasswordPolicy"]["RequireNumbers"] is True
    web = pool["Resources"]["UserPoolClientWeb"]["Properties"]
    assert (web["CallbackURLs"], web["ReadAttributes"]) == (["https://shop.example/"], ["email"])


def test_a_trigger_is_called_by_the_pool(full: Path) -> None:
    pool = rendered(full, "auth/users")
    arn = {"Ref": "functionusersPostConfirmationArn"}
    assert pool["Resources"]["UserPool"]["Properties"]["LambdaConfig"] == {"PostConfirmation": arn}
    permission = pool["Resources"]["UserPoolPostConfirmationLambdaInvokePermission"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "functionusersPostConfirmationName"}
    policy = pool["Resources"]["usersPostConfirmationAddToGroupCognito"]["Properties"]
    assert policy["Roles"] == [{"Ref": "functionusersPostConfirmationLambdaExecutionRole"}]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["cognito-idp:AdminAddUserToGroup"]
    assert statement["Resource"] == {"Fn::GetAtt": ["UserPool", "Arn"]}
    passed = template(full, "root")["Resources"]["authusers"]["Properties"]["Parameters"]
    assert passed["functionusersPostConfirmationLambdaExecutionRole"] == {
        "Fn::GetAtt": ["functionusersPostConfirmation", "Outputs.LambdaExecutionRole"]
    }
    assert passed["functionusersPostConfirmationArn"] == {
        "Fn::GetAtt": ["functionusersPostConfirmation", "Outputs.Arn"]
    }


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (
            edges(
                on("function", "filesTrigger", "Name", "Arn", triggerProvider="Cognito"), of=("auth", "users")
            ),
            "its name does not tell for which trigger",
        ),
    ],
)
def test_a_trigger_that_cannot_be_attached_is_named(
    full: Path, capsys: pytest.CaptureFixture[str], backend: Json, words: str
) -> None:
    write(full, BACKEND_FILE, backend)
    do("render", "-e", "dev", expect=2)
    assert words in capsys.readouterr().err


def test_the_users_of_an_identity_pool_get_the_root_s_roles(full: Path) -> None:
    do("render", "-e", "dev")
    resources = template(full, "root")["Resources"]
    pool = {"Fn::GetAtt": ["authusers", "Outputs.IdentityPoolId"]}
    for role, users in (("AuthRole", "authenticated"), ("UnauthRole", "unauthenticated")):
        [statement] = resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Effect"] == "Allow"
        condition = statement["Condition"]
        assert condition["StringEquals"] == {"cognito-identity.amazonaws.com:aud": [pool]}
        assert condition["ForAnyValue:StringLike"] == {"cognito-identity.amazonaws.com:amr": users}
    attached = resources["authusersRoles"]["Properties"]
    assert attached["IdentityPoolId"] == pool
    assert attached["Roles"]["authenticated"] == {"Fn::GetAtt": ["AuthRole", "Arn"]}
    assert attached["RoleMappings"]["AppClientIDWeb"]["Type"] == "Token"


def test_the_pool_that_amplify_built_is_attached_in_the_root_too(full: Path) -> None:
    """Its template names the roles itself, and the roles could not trust the pool then."""
    built: Json = {
        "Parameters": {name: {"Type": "String"} for name in ("env", "authRoleArn", "unauthRoleArn")},
        "Resources": {
            "IdentityPool": {
                "Type": "AWS::Cognito::IdentityPool",
                "Properties": {"AllowUnauthenticatedIdentities": False},
            },
            "IdentityPoolRoleMap": {
                "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
                "Properties": {
                    "IdentityPoolId": {"Ref": "IdentityPool"},
                    "Roles": {"authenticated": {"Ref": "authRoleArn"}},
                },
            },
        },
        "Outputs": {"IdentityPoolId": {"Value": {"Ref": "IdentityPool"}}},
    }
    outputs = ("UserPoolId", "AppClientIDWeb", "AppClientID")
    built["Outputs"] |= {name: {"Value": "x"} for name in outputs}
    write(full, "amplify/backend/auth/users/build/users-cloudformation-template.json", built)
    roles = {"authRoleArn": {"Fn::GetAtt": ["AuthRole", "Arn"]}}
    write(full, "amplify/backend/auth/users/build/parameters.json", roles)
    pool = rendered(full, "auth/users")
    assert (list(pool["Resources"]), list(pool["Parameters"])) == (["IdentityPool"], ["env"])
    assert "authusersRoles" in template(full, "root")["Resources"]


def test_groups_have_roles_of_their_own(full: Path) -> None:
    groups = rendered(full, "auth/userPoolGroups")
    role = groups["Resources"]["AdminsGroupRole"]["Properties"]
    assert role["RoleName"] == {"Fn::Sub": "${authusersUserPoolId}-AdminsGroupRole"}
    assert list(groups["Outputs"]) == ["AdminsGroupRole"]


def test_a_bucket_has_the_rights_of_users_guests_and_groups_and_its_trigger(full: Path) -> None:
    bucket = rendered(full, "storage/files")
    assert set(bucket["Outputs"]) == {"BucketName", "Region"}
    roles = {
        name: resource["Properties"]["Roles"]
        for name, resource in bucket["Resources"].items()
        if resource["Type"] == "AWS::IAM::Policy"
    }
    assert roles["S3AuthPrivatePolicy"] == [{"Ref": "authRoleName"}]
    assert roles["S3GuestPublicPolicy"] == [{"Ref": "unauthRoleName"}]
    assert "S3GuestUploadPolicy" not in roles
    assert roles["AdminsGroupPolicy"] == [{"Fn::Sub": "${authusersUserPoolId}-AdminsGroupRole"}]
    notified = bucket["Resources"]["S3Bucket"]["Properties"]["NotificationConfiguration"]
    assert {entry["Event"] for entry in notified["LambdaConfigurations"]} == {
        "s3:ObjectCreated:*",
        "s3:ObjectRemoved:*",
    }
    passed = template(full, "root")["Resources"]["storagefiles"]["Properties"]["Parameters"]
    assert (passed["authRoleName"], passed["unauthRoleName"]) == ({"Ref": "AuthRole"}, {"Ref": "UnauthRole"})


def test_a_table_has_its_keys_indexes_and_outputs(full: Path) -> None:
    table = rendered(full, "storage/orders")
    properties = table["Resources"]["DynamoDBTable"]["Properties"]
    assert properties["TableName"] == "orders-dev"
    assert {
        entry["AttributeName"]: entry["AttributeType"] for entry in properties["AttributeDefinitions"]
    } == {
        "id": "S",
        "at": "N",
        "state": "S",
    }
    assert properties["GlobalSecondaryIndexes"][0]["IndexName"] == "byState"
    assert set(table["Outputs"]) == {
        *("Name", "Arn", "StreamArn", "Region"),
        *("PartitionKeyName", "PartitionKeyType", "SortKeyName", "SortKeyType"),
    }


def test_imported_storage_gives_the_names_that_amplify_keeps(full: Path) -> None:
    assert rendered(full, "storage/archive")["Outputs"]["BucketName"]["Value"] == "old-archive"
    ledger = template(full, "storage/ledger")["Outputs"]
    assert {name: output["Value"] for name, output in ledger.items()} == {
        "Name": "old-ledger",
        "Region": "eu-west-1",
        "PartitionKeyName": "id",
    }
    do("env", "add", "laptop", "--cloud", "local", "--from", "dev")


def test_storage_of_aws_is_not_in_the_embedded_cloud(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do("env", "add", "laptop", "--cloud", "local", "--from", "dev")
    do("render", "-e", "laptop", expect=2)
    said = capsys.readouterr().err
    assert 'storage/archive is imported, but this environment has no "BucketName" for it.' in said
    assert "--omit storage/archive" in said
    file = "amplify/environments/laptop.json"
    omit = {"local": {"omit": ["storage/archive", "storage/ledger"]}}
    write(full, file, {**loaded(full, file), **omit})
    do("render", "-e", "laptop")


def test_a_function_gets_the_layers_and_secrets_that_are_noted_beside_it(full: Path) -> None:
    properties = rendered(full, "function/work")["Resources"]["LambdaFunction"]["Properties"]
    assert properties["Layers"] == [
        {"Ref": "functiontoolsArn"},
        "arn:aws:lambda:eu-west-1:111122223333:layer:other:4",
    ]
    path = "/amplify/${secretsPathAmplifyAppId}/dev/AMPLIFY_work_"
    assert properties["Environment"]["Variables"] == {"API_TOKEN": {"Fn::Sub": f"{path}API_TOKEN"}}
    statement = template(full, "function/work")["Resources"]["AmplifyFunctionSecretsPolicy"]
    assert f":parameter{path}*" in json.dumps(statement)


def test_a_template_that_has_its_layers_and_secrets_stays_as_it_is(full: Path) -> None:
    own = with_lambda("storageordersName", "functiontoolsArn")
    function: Json = own["Resources"]["LambdaFunction"]  # type: ignore[assignment]
    layers = [{"Ref": "functiontoolsArn"}, "arn:aws:lambda:eu-west-1:111122223333:layer:other:4"]
    environment = {"Variables": {"API_TOKEN": "/amplify/x/dev/AMPLIFY_work_API_TOKEN"}}
    function["Properties"] |= {"Layers": layers, "Environment": environment}
    write(full, "amplify/backend/function/work/work-cloudformation-template.json", own)
    made = rendered(full, "function/work")["Resources"]
    assert made["LambdaFunction"]["Properties"] == function["Properties"]
    assert "AmplifyFunctionSecretsPolicy" not in made


def test_an_older_version_of_a_layer_is_named_by_its_number(full: Path) -> None:
    layer = {"type": "ProjectLayer", "resourceName": "tools", "version": 3, "isLatestVersionSelected": False}
    changed(full, "function/work/function-parameters.json", lambdaLayers=[layer])
    [arn] = rendered(full, "function/work")["Resources"]["LambdaFunction"]["Properties"]["Layers"]
    assert arn["Fn::Sub"].endswith(":layer:tools-dev:3")


def test_the_secrets_that_an_environment_must_hold_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_full_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    do("init")
    assert (
        "must hold in this environment: /amplify/d1234/dev/AMPLIFY_work_API_TOKEN" in capsys.readouterr().err
    )


def test_a_layer_is_packed_of_opt_and_lib(full: Path) -> None:
    code = FileProjects(full).read("dev").project.sources[ResourceId("function", "tools")].code
    assert set(code) == {"data.txt", "nodejs/node_modules/tools/index.js"}
    layer = rendered(full, "function/tools")
    version = layer["Resources"]["LambdaLayerVersion"]["Properties"]
    assert version["CompatibleRuntimes"] == ["nodejs22.x"]
    assert (
        layer["Resources"]["PermissionAwsAccounts111122223333"]["Properties"]["Principal"] == "111122223333"
    )
    passed = template(full, "root")["Resources"]["functiontools"]["Properties"]["Parameters"]
    assert passed["s3Key"].startswith("functions/tools/")
