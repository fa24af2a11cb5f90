from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.providers.conftest import Bench

C = "AWS::Cognito::"


def test_a_parameter_is_changed_in_place(bench: Bench) -> None:
    old = {"Name": "/a/b", "Type": "String", "Value": 1, "Tags": {"x": "y"}}
    made = bench.create("AWS::SSM::Parameter", old)
    assert (made.physical_id, made.attributes["Value"]) == ("/a/b", "1")
    with pytest.raises(ClientError, match="ParameterAlreadyExists"):
        bench.create("AWS::SSM::Parameter", old)
    now = bench.update("AWS::SSM::Parameter", made, old, {"Name": "/a/b", "Type": "String", "Value": "2"})
    client = bench.client("ssm")
    assert client.get_parameter(Name="/a/b")["Parameter"]["Value"] == now.attributes["Value"] == "2"
    bench.delete("AWS::SSM::Parameter", made, old)


def test_a_key_is_known_by_its_id_and_deleted_after_a_while(bench: Bench) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    old = {"KeyPolicy": {"Version": "2012-10-17", "Statement": [statement]}, "EnableKeyRotation": "true"}
    made = bench.create("AWS::KMS::Key", old)
    client = bench.client("kms")
    assert made.attributes["Arn"].endswith(made.physical_id)
    assert client.get_key_rotation_status(KeyId=made.physical_id)["KeyRotationEnabled"] is True
    named = {"AliasName": "alias/accounts", "TargetKeyId": made.physical_id}
    alias = bench.create("AWS::KMS::Alias", named)
    bench.update("AWS::KMS::Key", made, old, {**old, "EnableKeyRotation": False, "Description": "d"})
    assert client.get_key_rotation_status(KeyId=made.physical_id)["KeyRotationEnabled"] is False
    bench.delete("AWS::KMS::Alias", alias, named)
    bench.delete("AWS::KMS::Key", made, old)
    assert client.describe_key(KeyId=made.physical_id)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_a_pool_has_clients_groups_and_a_domain(bench: Bench) -> None:
    old = {
        "UserPoolName": "accounts",
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "Policies": {"PasswordPolicy": {"MinimumLength": "12", "RequireSymbols": "false"}},
        "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": "true"}],
    }
    made = bench.create(f"{C}UserPool", old)
    assert made.attributes["ProviderName"] == f"cognito-idp.eu-central-1.amazonaws.com/{made.physical_id}"
    tenant = {"Name": "tenant", "AttributeDataType": "String", "Mutable": True}
    new = {**old, "Schema": [*old["Schema"], tenant]}
    bench.update(f"{C}UserPool", made, old, new)
    client = bench.client("cognito-idp")
    shown = client.describe_user_pool(UserPoolId=made.physical_id)["UserPool"]
    assert "custom:tenant" in [item["Name"] for item in shown["SchemaAttributes"]]
    assert shown["Policies"]["PasswordPolicy"]["MinimumLength"] == 12

    app = {"UserPoolId": made.physical_id, "ClientName": "web", "GenerateSecret": True}
    web = bench.create(f"{C}UserPoolClient", app)
    assert web.attributes["ClientSecret"]
    bench.update(f"{C}UserPoolClient", web, app, {**app, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    admins = {"UserPoolId": made.physical_id, "GroupName": "admins"}
    group = bench.create(f"{C}UserPoolGroup", admins)
    bench.update(f"{C}UserPoolGroup", group, admins, {**admins, "Description": "d"})
    place = {"UserPoolId": made.physical_id, "Domain": "accounts-demo"}
    domain = bench.create(f"{C}UserPoolDomain", place)
    assert (group.physical_id, domain.physical_id) == ("admins", "accounts-demo")
    bench.delete(f"{C}UserPoolDomain", domain, place)
    bench.delete(f"{C}UserPoolGroup", group, admins)
    bench.delete(f"{C}UserPoolClient", web, app)
    bench.delete(f"{C}UserPool", made, new)
