"""What the data planes read: the same things that the public APIs show."""

import io
import json
import threading
import zipfile
from typing import TypeVar

import pytest

from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.contracts.keys import COMMAND_LINE
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.data_steps import DataStep, Dropped
from accountsctl.localcloud.moto_services.service import Control
from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients

REGION = "eu-central-1"
T = TypeVar("T")
Steps = list[DataStep]


@pytest.fixture(scope="module")
def dropped() -> Steps:
    return []


@pytest.fixture(scope="module")
def control(dropped: Steps) -> Control:
    made = Control(dropped.append)
    made.prepare(None)
    return made


@pytest.fixture(scope="module")
def client(control: Control) -> ServiceClients:
    clients = Clients(lambda request: control.handle(request, target(request)), "http://127.0.0.1")
    return lambda service: clients(service, REGION)


def existing(value: T | None) -> T:
    assert value is not None
    return value


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), text)
    return out.getvalue()


def test_a_function_is_found_by_every_name_that_lambda_takes(
    control: Control, client: ServiceClients
) -> None:
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    code = zipped("x = 1")
    made = client("lambda").create_function(
        FunctionName="f", Role=role, Runtime="python3.13", Handler="app.h", Code={"ZipFile": code},
        Timeout=7, Environment={"Variables": {"STAGE": "1"}},
    )  # fmt: skip
    arn = made["FunctionArn"]
    for name in ("f", arn, f"{arn}:$LATEST", "123456789012:function:f", "f:$LATEST"):
        function = control.function(name, REGION)
        assert function is not None, name
        assert (function.arn.removesuffix(":$LATEST"), function.code, function.timeout) == (arn, code, 7)
    function = existing(control.function("f", REGION))
    assert function.environment == {"STAGE": "1"}
    assert function.code_sha256 == made["CodeSha256"]
    assert function.policy is None
    client("lambda").add_permission(
        FunctionName="f",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    policy = existing(existing(control.function("f", REGION)).policy)
    assert policy["Statement"][0]["Principal"] == {"Service": "apigateway.amazonaws.com"}
    client("lambda").update_function_code(FunctionName="f", ZipFile=zipped("x = 2"))
    assert existing(control.function("f", REGION)).code == zipped("x = 2")
    assert control.function("g", REGION) is None
    assert control.function("f", "us-west-2") is None


def test_a_cluster_is_found_by_its_exact_arn_and_knows_its_password(
    control: Control, client: ServiceClients, dropped: Steps
) -> None:
    rds = client("rds")
    made = rds.create_db_cluster(
        DBClusterIdentifier="Mixed", Engine="aurora-postgresql", MasterUsername="boss",
        ManageMasterUserPassword=True, DatabaseName="db", EnableHttpEndpoint=True,
    )["DBCluster"]  # fmt: skip
    arn = made["DBClusterArn"]
    cluster = existing(control.cluster(arn))
    assert (cluster.identifier, cluster.database, cluster.status) == ("mixed", "db", "available")
    assert cluster.http_endpoint_enabled
    assert not cluster.has_instance
    secret = json.loads(existing(control.secret(made["MasterUserSecret"]["SecretArn"], REGION)))
    assert secret == {"username": "boss", "password": cluster.master_password}
    assert control.cluster(arn.replace("mixed", "Mixed")) is None
    rds.create_db_instance(
        DBInstanceIdentifier="i",
        DBClusterIdentifier="mixed",
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )
    assert existing(control.cluster(arn)).has_instance
    assert [found.arn for found in control.clusters()] == [arn]
    rds.delete_db_instance(DBInstanceIdentifier="i", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="mixed", FinalDBSnapshotIdentifier="last")
    assert Dropped(cluster.resource_id, "last") in dropped
    assert control.cluster(arn) is None
    assert control.secret(made["MasterUserSecret"]["SecretArn"], REGION) is None


def test_only_what_its_own_calls_delete_is_dropped(client: ServiceClients, dropped: Steps) -> None:
    made = client("rds").create_db_cluster(
        DBClusterIdentifier="theirs", Engine="aurora-postgresql", MasterUsername="boss",
        ManageMasterUserPassword=True,
    )["DBCluster"]  # fmt: skip
    # moto has one RDS for all clouds of a process: this is a deletion by another one.
    backends("rds")[ACCOUNT][REGION].delete_db_cluster("theirs")
    client("rds").describe_db_clusters()

    assert made["DbClusterResourceId"] not in [
        step.resource_id for step in dropped if isinstance(step, Dropped)
    ]


def test_everything_comes_back_from_a_dump(control: Control, client: ServiceClients) -> None:
    client("secretsmanager").create_secret(Name="kept", SecretString="s")
    client("ssm").put_parameter(Name="/kept", Value="v", Type="String")
    pool = client("cognito-idp").create_user_pool(PoolName="kept")["UserPool"]["Id"]
    keys = control.jwks(pool)
    data = control.dump()
    client("secretsmanager").delete_secret(SecretId="kept", ForceDeleteWithoutRecovery=True)
    client("cognito-idp").delete_user_pool(UserPoolId=pool)
    assert control.secret("kept", REGION) is None
    control.prepare({name: part.content for name, part in data.items()})
    assert control.secret("kept", REGION) == "s"
    assert control.jwks(pool) == keys
    assert control.jwks("eu-central-1_Unknown") is None
    assert [parameter["Name"] for parameter in client("ssm").describe_parameters()["Parameters"]] == ["/kept"]
    assert client("ssm").get_parameter(Name="/kept")["Parameter"]["Value"] == "v"


def policy(resource: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_signer_is_known_by_the_key_with_every_policy_that_speaks_for_them(
    control: Control, client: ServiceClients
) -> None:
    iam = client("iam")
    iam.create_user(UserName="bob")
    iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=json.dumps(policy("*")))
    iam.create_group(GroupName="team")
    iam.put_group_policy(
        GroupName="team", PolicyName="shared", PolicyDocument=json.dumps(policy("arn:aws:execute-api:*"))
    )
    iam.add_user_to_group(GroupName="team", UserName="bob")
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    signer = existing(control.signer(key["AccessKeyId"]))
    assert (signer.secret, signer.arn) == (key["SecretAccessKey"], "arn:aws:iam::123456789012:user/bob")
    assert signer.policies == (policy("*"), policy("arn:aws:execute-api:*"))
    iam.update_access_key(UserName="bob", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert control.signer(key["AccessKeyId"]) is None
    assert existing(control.signer(COMMAND_LINE)).policies is None


def test_an_attached_policy_applies_in_its_default_version(control: Control, client: ServiceClients) -> None:
    iam = client("iam")
    iam.create_user(UserName="ann")
    first = json.dumps(policy("arn:aws:execute-api:first"))
    arn = iam.create_policy(PolicyName="versions", PolicyDocument=first)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    assert existing(control.signer(key)).policies == (policy("arn:aws:execute-api:first"),)
    second = json.dumps(policy("arn:aws:execute-api:second"))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=second, SetAsDefault=True)
    assert existing(control.signer(key)).policies == (policy("arn:aws:execute-api:second"),)


def test_a_session_is_known_by_its_token_its_end_and_its_roles_policies(
    control: Control, client: ServiceClients
) -> None:
    role = client("iam").create_role(RoleName="session", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client("iam").put_role_policy(RoleName="session", PolicyName="p", PolicyDocument=json.dumps(policy("*")))
    made = client("sts").assume_role(RoleArn=role, RoleSessionName="me", DurationSeconds=900)["Credentials"]
    signer = existing(control.signer(made["AccessKeyId"]))
    assert (signer.secret, signer.token) == (made["SecretAccessKey"], made["SessionToken"])
    assert signer.arn == "arn:aws:sts::123456789012:assumed-role/session/me"
    assert abs(existing(signer.expires) - made["Expiration"].timestamp()) < 2
    assert signer.policies == (policy("*"),)


def test_what_is_looked_up_again_needs_no_lock_of_motos(control: Control) -> None:
    existing(control.function("f", REGION))
    free = threading.Event()
    looked_up: list[str] = []

    def look_up() -> None:
        looked_up.append(existing(control.function("f", REGION)).name)
        free.set()

    with control._startup.lock:
        threading.Thread(target=look_up).start()
        assert free.wait(20)
    assert looked_up == ["f"]


def test_a_change_of_what_was_looked_up_is_seen_by_the_next_lookup(
    control: Control, client: ServiceClients
) -> None:
    functions, secrets = client("lambda"), client("secretsmanager")
    arn = secrets.create_secret(Name="remembered", SecretString="one")["ARN"]
    assert control.secret(arn, REGION) == "one"
    secrets.put_secret_value(SecretId=arn, SecretString="two")
    assert control.secret(arn, REGION) == "two"
    before = existing(control.function("f", REGION)).timeout
    functions.update_function_configuration(FunctionName="f", Timeout=before + 1)
    assert existing(control.function("f", REGION)).timeout == before + 1
    secrets.delete_secret(SecretId=arn)
    assert control.secret(arn, REGION) is None
    key = client("iam").create_user(UserName="remembered") and client("iam").create_access_key(
        UserName="remembered"
    )
    key_id = key["AccessKey"]["AccessKeyId"]
    existing(control.signer(key_id))
    client("iam").delete_access_key(UserName="remembered", AccessKeyId=key_id)
    assert control.signer(key_id) is None


def test_calls_of_services_that_hold_data_make_nothing_be_looked_up_again(
    control: Control, client: ServiceClients
) -> None:
    found = control.function("f", REGION)
    client("sqs").create_queue(QueueName="remembered")
    assert control.function("f", REGION) is found
    client("ssm").put_parameter(Name="p", Value="v", Type="String")
    assert control.function("f", REGION) is not found
