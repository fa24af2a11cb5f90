"""What the data planes are told: the same things that the public APIs show."""

import io
import json
import zipfile

import pytest

from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.moto_services.service import Control

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def dropped():
    return []


@pytest.fixture(scope="module")
def control(dropped):
    made = Control(dropped=lambda resource_id, keep_as: dropped.append((resource_id, keep_as)))
    made.prepare(None)
    return made


@pytest.fixture(scope="module")
def client(control):
    clients = Clients(lambda request: control.handle(request, target(request)), "http://127.0.0.1")
    return lambda service: clients(service, REGION)


def zipped(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("app.py", text)
    return out.getvalue()


def test_a_function_is_found_by_every_name_that_lambda_takes(control, client):
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = zipped("x = 1")
    made = client("lambda").create_function(
        FunctionName="f", Role=role, Runtime="python3.13", Handler="app.h", Code={"ZipFile": code},
        Timeout=7, Environment={"Variables": {"A": "1"}},
    )  # fmt: skip
    arn = made["FunctionArn"]
    for name in ("f", arn, f"{arn}:$LATEST", "123456789012:function:f", "f:$LATEST"):
        found = control.function(name, REGION)
        assert found is not None, name
        assert (found.arn.removesuffix(":$LATEST"), found.code, found.timeout) == (arn, code, 7)
    assert found.environment == {"A": "1"}
    assert found.code_sha256 == made["CodeSha256"]
    assert found.policy is None
    client("lambda").add_permission(
        FunctionName="f",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    policy = control.function("f", REGION).policy
    assert policy["Statement"][0]["Principal"] == {"Service": "apigateway.amazonaws.com"}
    client("lambda").update_function_code(FunctionName="f", ZipFile=zipped("x = 2"))
    assert control.function("f", REGION).code == zipped("x = 2")
    assert control.function("g", REGION) is None
    assert control.function("f", "us-west-2") is None


def test_a_cluster_is_found_by_its_exact_arn_and_knows_its_password(control, client, dropped):
    rds = client("rds")
    made = rds.create_db_cluster(
        DBClusterIdentifier="Mixed", Engine="aurora-postgresql", MasterUsername="boss",
        ManageMasterUserPassword=True, DatabaseName="db", EnableHttpEndpoint=True,
    )["DBCluster"]  # fmt: skip
    arn = made["DBClusterArn"]
    cluster = control.cluster(arn)
    assert (cluster.identifier, cluster.database, cluster.status) == ("mixed", "db", "available")
    assert cluster.http_endpoint_enabled
    assert not cluster.has_instance
    secret = json.loads(control.secret(made["MasterUserSecret"]["SecretArn"], REGION))
    assert secret == {"username": "boss", "password": cluster.master_password}
    assert control.cluster(arn.replace("mixed", "Mixed")) is None
    rds.create_db_instance(
        DBInstanceIdentifier="i",
        DBClusterIdentifier="mixed",
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )
    assert control.cluster(arn).has_instance
    assert [each.arn for each in control.clusters()] == [arn]
    rds.delete_db_instance(DBInstanceIdentifier="i", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="mixed", FinalDBSnapshotIdentifier="last")
    assert dropped == [(cluster.resource_id, "last")]
    assert control.cluster(arn) is None
    assert control.secret(made["MasterUserSecret"]["SecretArn"], REGION) is None


def test_everything_comes_back_from_a_dump(control, client):
    client("secretsmanager").create_secret(Name="kept", SecretString="s")
    client("ssm").put_parameter(Name="/kept", Value="v", Type="String")
    pool = client("cognito-idp").create_user_pool(PoolName="kept")["UserPool"]["Id"]
    keys = control.jwks(pool)
    data = control.dump()
    client("secretsmanager").delete_secret(SecretId="kept", ForceDeleteWithoutRecovery=True)
    client("cognito-idp").delete_user_pool(UserPoolId=pool)
    assert control.secret("kept", REGION) is None
    control.prepare(data)
    assert control.secret("kept", REGION) == "s"
    assert control.jwks(pool) == keys
    assert control.jwks("eu-central-1_Nobody") is None
    assert [each["Name"] for each in client("ssm").describe_parameters()["Parameters"]] == ["/kept"]
    assert client("ssm").get_parameter(Name="/kept")["Parameter"]["Value"] == "v"


def policy(resource):
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_signer_is_known_by_the_key_with_every_policy_that_speaks_for_them(control, client):
    iam = client("iam")
    iam.create_user(UserName="bob")
    iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=json.dumps(policy("*")))
    iam.create_group(GroupName="team")
    iam.put_group_policy(
        GroupName="team", PolicyName="shared", PolicyDocument=json.dumps(policy("arn:aws:execute-api:*"))
    )
    iam.add_user_to_group(GroupName="team", UserName="bob")
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    found = control.signer(key["AccessKeyId"])
    assert (found.secret, found.arn) == (key["SecretAccessKey"], "arn:aws:iam::123456789012:user/bob")
    assert found.policies == (policy("*"), policy("arn:aws:execute-api:*"))
    iam.update_access_key(UserName="bob", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert control.signer(key["AccessKeyId"]) is None
    assert control.signer("accountsctl").policies is None


def test_a_session_is_known_by_its_token_its_end_and_its_roles_policies(control, client):
    role = client("iam").create_role(RoleName="session", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client("iam").put_role_policy(RoleName="session", PolicyName="p", PolicyDocument=json.dumps(policy("*")))
    made = client("sts").assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=900)["Credentials"]
    found = control.signer(made["AccessKeyId"])
    assert (found.secret, found.token) == (made["SecretAccessKey"], made["SessionToken"])
    assert found.arn == "arn:aws:sts::123456789012:assumed-role/session/me"
    assert abs(found.expires - made["Expiration"].timestamp()) < 2
    assert found.policies == (policy("*"),)
