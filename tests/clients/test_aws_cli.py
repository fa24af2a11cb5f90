"""What teams do with the AWS CLI each day: logs, files, functions and users."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Callable

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.clients.tools import AWS_CLI, SAM_CLI, Shell, exercises
from tests.local.apigateway.deployed.templates import TRUST
from tests.local.conftest import service_clients
from tests.local.deployed_api import wait

pytestmark = pytest.mark.slow

CODE = "def handler(event, context):\n    print('greeting', event['name'])\n    return event\n"
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            },
        },
        "Hello": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "greeter",
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": CODE},
            },
        },
    }
}
GROUP = "/aws/lambda/greeter"


@pytest.fixture
def aws(shell: Shell) -> Callable[..., str]:
    """Run the AWS CLI; returns what it prints."""

    def run(line: str, *more: str, expect: int = 0) -> str:
        return shell.run(AWS_CLI.program("aws"), *line.split(), *more, expect=expect).out

    return run


@exercises(SAM_CLI, "`logs --stack-name`")
@exercises(
    AWS_CLI,
    "`lambda invoke` with the log, `logs filter-log-events`, `logs describe-log-streams` (`logs tail` is of version 2, "
    "which is not in the registry)",
)
def test_the_aws_cli_and_the_sam_cli_show_what_a_function_printed(
    shell: Shell, aws: Callable[..., str], cloud: LocalCloudClient
) -> None:
    formation = service_clients(cloud)("cloudformation")
    formation.create_stack(
        StackName="greeter", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"]
    )
    wait(formation, "create", "greeter")
    payload = json.dumps({"name": "Ada"})
    done = json.loads(
        aws("lambda invoke --function-name greeter --log-type Tail --payload", payload, "answer.json")
    )
    assert (done["StatusCode"], json.loads((shell.folder / "answer.json").read_text())) == (
        200,
        {"name": "Ada"},
    )
    assert done["LogResult"]
    found = json.loads(aws(f"logs filter-log-events --log-group-name {GROUP} --filter-pattern greeting"))
    assert [event["message"] for event in found["events"]] == ["greeting Ada\n"]
    (stream,) = json.loads(aws(f"logs describe-log-streams --log-group-name {GROUP}"))["logStreams"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream["logStreamName"])
    shown = shell.run(SAM_CLI.program("sam"), "logs", "--stack-name", "greeter").out
    assert [line.split()[2] for line in shown.splitlines() if line.strip()] == [
        *("START", "greeting", "END", "REPORT")
    ]
    formation.delete_stack(StackName="greeter")


@exercises(
    AWS_CLI,
    "`s3 sync` (up, nothing to do, down, `--delete`), files above the size of a part, `s3 presign`, `s3 rb --force`",
)
def test_a_folder_is_kept_in_step_with_a_bucket(shell: Shell, aws: Callable[..., str]) -> None:
    up, down = shell.folder / "up", shell.folder / "down"
    files = {"a.txt": b"one", "sub/b ü.txt": b"two", "large.bin": bytes(9_000_000)}
    for name, content in files.items():
        (up / name).parent.mkdir(parents=True, exist_ok=True)
        (up / name).write_bytes(content)
        os.utime(
            up / name, (1_700_000_000, 1_700_000_000)
        )  # S3 has whole seconds: a file of this one looks newer
    aws("s3 mb s3://clients-sync")
    quiet = "--no-progress"
    assert aws("s3 sync up s3://clients-sync", quiet).count("upload: ") == 3
    assert aws("s3 sync up s3://clients-sync", quiet) == ""
    aws("s3 sync s3://clients-sync down", quiet)
    assert {name: (down / name).read_bytes() for name in files} == files
    (up / "a.txt").unlink()
    assert aws("s3 sync --delete up s3://clients-sync", quiet).split() == [
        "delete:",
        "s3://clients-sync/a.txt",
    ]
    url = aws("s3 presign s3://clients-sync/large.bin --expires-in 60").strip()
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == files["large.bin"]
    aws("s3 rb --force s3://clients-sync")


@exercises(
    AWS_CLI,
    "`cognito-idp`: pools and clients, sign-up with a code, sign-in, forgotten password, users that an administrator "
    "creates, `list-users`",
)
def test_users_sign_up_and_an_administrator_adds_others(
    aws: Callable[..., str], cloud: LocalCloudClient
) -> None:
    words = "--auto-verified-attributes email --username-attributes email"
    pool = json.loads(aws(f"cognito-idp create-user-pool --pool-name clients {words}"))["UserPool"]["Id"]
    flows = "--explicit-auth-flows ALLOW_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH"
    made = aws(f"cognito-idp create-user-pool-client --user-pool-id {pool} --client-name cli {flows}")
    client = f"--client-id {json.loads(made)['UserPoolClient']['ClientId']}"
    ada = "--username ada@example.com"
    attributes = "--user-attributes Name=email,Value=ada@example.com"
    signed = json.loads(aws(f"cognito-idp sign-up {client} {ada} --password Secret-123 {attributes}"))
    assert signed["CodeDeliveryDetails"] == {
        "Destination": "a***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    wrong = aws(f"cognito-idp confirm-sign-up {client} {ada} --confirmation-code none", expect=255)
    assert "CodeMismatchException" in wrong
    aws(f"cognito-idp confirm-sign-up {client} {ada} --confirmation-code {last_code(cloud)}")
    sent = json.loads(aws(f"cognito-idp forgot-password {client} {ada}"))
    assert sent["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    code = f"--confirmation-code {last_code(cloud)}"
    aws(f"cognito-idp confirm-forgot-password {client} {ada} --password Changed-456 {code}")
    login = f"cognito-idp initiate-auth {client} --auth-flow USER_PASSWORD_AUTH --auth-parameters"
    assert "NotAuthorizedException" in aws(login, "USERNAME=ada@example.com,PASSWORD=Secret-123", expect=255)
    tokens = json.loads(aws(login, "USERNAME=ada@example.com,PASSWORD=Changed-456"))["AuthenticationResult"]
    assert json.loads(aws(f"cognito-idp get-user --access-token {tokens['AccessToken']}"))["UserAttributes"]
    eve = f"--user-pool-id {pool} --username eve@example.com"
    aws(f"cognito-idp admin-create-user {eve} --temporary-password Passing-1 --message-action SUPPRESS")
    users = json.loads(aws(f"cognito-idp list-users --user-pool-id {pool}"))["Users"]
    assert sorted(user["UserStatus"] for user in users) == ["CONFIRMED", "FORCE_CHANGE_PASSWORD"]


def last_code(cloud: LocalCloudClient) -> str:
    """The code that Cognito sent last, which is a line of the log."""
    code: str = re.findall(r"verification code is (\d{6})", cloud.logs()[0].read_text())[-1]
    return code
