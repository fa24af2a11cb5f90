"""Environments are never confused: two in one embedded cloud, and credentials or stacks that are another's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.local.project import LocalProject, copy_sample

pytestmark = pytest.mark.slow

ACCOUNT = {"nickname": "Rent", "balance": 1, "type": "domestic", "account_number": "ONLY-DEV"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path / "accounts")
    yield made
    made.run("local", "stop")


def test_two_environments_beside_each_other_share_nothing(project: LocalProject) -> None:
    project.run("push")
    project.run("db", "init")
    project.run("call", "POST", "/accounts", "-d", json.dumps(ACCOUNT))
    project.run("env", "add", "staging")
    project.run("env", "checkout", "staging")
    pushed = project.run("push", "--json").json
    assert (pushed["stackName"], pushed["environment"]) == ("accounts-staging", "staging")
    project.run("db", "init")
    assert project.run("call", "GET", "/accounts").json == []
    dev = project.run("outputs", "--json", "-e", "dev").json
    staging = project.run("outputs", "--json").json
    shared = {
        (resource, key): value
        for resource, each in dev.items()
        for key, value in each.items()
        if staging[resource][key] == value and key not in ("Region", "DatabaseName")
    }
    assert shared == {}
    assert len(project.run("call", "GET", "/accounts", "-e", "dev").json) == 1
    project.run("env", "checkout", "nosuch", expect=2)
    assert project.run("env", "get").out == "staging\n"
    project.run("env", "remove", "staging", "--yes", "--confirm", "staging", expect=2)
    project.run("env", "checkout", "dev")
    project.run("env", "remove", "staging", "--yes", "--confirm", "staging")
    assert project.run("env", "list", "--json").json["envs"] == ["dev", "prod"]
    assert len(project.run("call", "GET", "/accounts").json) == 1


def test_a_push_with_what_is_anothers_is_refused_with_exit_3_before_any_change(project: LocalProject) -> None:
    aws = project.aws()
    cloudformation = boto3.client(
        "cloudformation",
        endpoint_url=aws["AWS_ENDPOINT_URL"],
        region_name="eu-west-1",
        aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
    )

    def stacks() -> set[str]:
        return {each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]}

    def refused(*words: str) -> str:
        error = project.run("push", "-e", "prod", "--yes", "--json", *words, expect=3, **aws).json["error"]
        return str(error["what"])

    environment = "amplify/environments/prod.json"
    project.edit(environment, accountId="999999999999")
    assert "another account" in refused()
    project.edit(environment, accountId="123456789012")
    assert "not the region" in refused("--region", "us-east-1")
    assert stacks() == set()
    cloudformation.create_stack(
        StackName="accounts-prod",
        TemplateBody=json.dumps({"Resources": {"P": {"Type": "AWS::S3::Bucket"}}}),
        Tags=[{"Key": "accountsctl:environment", "Value": "staging"}],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="accounts-prod", WaiterConfig={"Delay": 1}
    )
    assert "does not belong" in refused()
    assert "P" in cloudformation.get_template(StackName="accounts-prod")["TemplateBody"]["Resources"]
    assert stacks() == {"accounts-prod"}


def test_git_sees_no_change_after_a_day_of_work(project: LocalProject) -> None:
    git = ["git", "-c", "user.name=someone", "-c", "user.email=someone@example.com"]

    def status() -> str:
        command = [*git, "status", "--porcelain"]
        return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=True).stdout

    ignored = Path(__file__).parents[2] / ".gitignore"
    (project.root / ".gitignore").write_text(ignored.read_text())
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as cloned"]):
        subprocess.run([*git, *words], cwd=project.root, check=True)
    for words in (
        ["push"],
        ["status"],
        ["env", "checkout", "dev"],
        ["db", "init"],
        ["call", "GET", "/accounts"],
    ):
        project.run(*words)
        assert status() == "", words


def test_a_link_that_cognito_does_not_confirm_is_refused_and_drift_is_told_on_every_plan(
    project: LocalProject,
) -> None:
    aws = project.aws()
    cognito = boto3.client(
        "cognito-idp",
        endpoint_url=aws["AWS_ENDPOINT_URL"],
        region_name="eu-west-1",
        aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
    )
    pool = cognito.create_user_pool(PoolName="team")["UserPool"]["Id"]

    def client(**settings: Any) -> str:
        made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="c", **settings)
        return str(made["UserPoolClient"]["ClientId"])

    web, secret = client(), client(GenerateSecret=True)
    no_srp = client(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    link = ["import", "auth", "mfeaccounts", "-e", "prod", "--user-pool-id"]
    for ids, problem in [
        (["eu-west-1_Nowhere01", "--client-id", web], "does not exist"),
        ([pool, "--client-id", "1234567890abcdefghijklmnop"], "does not belong"),
        ([pool, "--client-id", web, "--web-client-id", secret], "has a secret"),
    ]:
        assert problem in project.run(*link, *ids, expect=3, **aws).err
    # Its tokens work, whoever signs in by other means: that is a note.
    assert "ALLOW_USER_SRP_AUTH" in project.run(*link, pool, "--client-id", no_srp, **aws).err
    project.run(*link, pool, "--client-id", web, **aws)
    assert project.run("push", "-e", "prod", "--dry-run", "--json", **aws).json["drift"] == []
    cognito.delete_user_pool_client(UserPoolId=pool, ClientId=web)
    (drift,) = project.run("push", "-e", "prod", "--dry-run", "--json", **aws).json["drift"]
    assert "does not belong" in drift
