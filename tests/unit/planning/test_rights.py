"""The policy of a project: what its templates and accountsctl need, on its own resources, and no more."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.stacks.policy import INLINE, project_policy
from accountsctl.model.assembly import Assembly
from accountsctl.model.policy import ProjectPolicy
from accountsctl.planning.rights.arns import ArnScope
from accountsctl.planning.rights.handlers import handler_actions
from accountsctl.planning.rights.policy import PolicyRole
from accountsctl.synth import assemble
from accountsctl.ui.rendering import to_json, to_text
from accountsctl.ui.results import registered as registered
from accountsctl.ui.screen import Screen
from tests.iam import allows

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT, ROLE = "123456789012", "arn:aws:iam::123456789012:role/cloudformation"
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def rendered() -> Assembly:
    return assemble(FileProjects(ROOT).read("prod"))


def in_account(assembly: Assembly, **more: Any) -> Assembly:
    return replace(assembly, environment=replace(assembly.environment, account_id=ACCOUNT, **more))


def with_resource(assembly: Assembly, kind: str, **properties: Any) -> Assembly:
    """The project with one more resource in its function's stack."""
    children = []
    for child in assembly.children:
        body = child.template.body
        if child.id.category == "function":
            more = {"Extra": {"Type": kind, "Properties": properties}}
            body = {**body, "Resources": {**body["Resources"], **more}}
        children.append(replace(child, template=replace(child.template, body=body)))
    return replace(assembly, children=tuple(children))


def policy(assembly: Assembly, role: PolicyRole = PolicyRole.DEPLOY) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(project_policy(assembly, role).document))
    return document


def arn(service: str, resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


DEPLOYS = [
    ("cloudformation:CreateChangeSet", arn("cloudformation", "stack/accounts-prod/1")),
    ("cloudformation:DescribeChangeSet", arn("cloudformation", "stack/accounts-prod-apiaccountsAPI-X/1")),
    ("cloudformation:CreateStack", arn("cloudformation", "stack/accounts-prod-apiaccountsAPI-X/1")),
    ("s3:PutObject", "arn:aws:s3:::accounts-prod-deploymentbucket-x/functions/a.zip"),
    ("s3:CreateBucket", "arn:aws:s3:::accounts-prod-deploymentbucket-x"),
    ("rds:CreateDBCluster", arn("rds", "cluster:dbalacluster-prod")),
    ("rds:CreateDBCluster", arn("rds", "subgrp:accounts-prod-rdsaccountscluster-dbsubnetgroup-x")),
    ("rds:CreateDBCluster", arn("rds", "cluster-pg:default.aurora-postgresql17")),
    ("rds:CreateDBInstance", arn("rds", "db:accounts-prod-rdsaccountscluster-writer-x")),
    ("rds:CreateDBClusterSnapshot", arn("rds", "cluster-snapshot:accounts-prod-snapshot-rdscluster-x")),
    ("rds-data:ExecuteStatement", arn("rds", "cluster:dbalacluster-prod")),
    ("secretsmanager:CreateSecret", arn("secretsmanager", "secret:rds!cluster-1-AbCdEf")),
    ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:rds!cluster-1-AbCdEf")),
    ("kms:CreateGrant", arn("kms", "key/1")),
    ("ec2:CreateVpc", arn("ec2", "vpc/vpc-1")),
    ("lambda:CreateFunction", arn("lambda", "function:accountsAPI-prod")),
    ("lambda:AddPermission", arn("lambda", "function:accountsAPI-prod")),
    ("iam:CreateRole", arn("iam", "role/accounts-prod-functionaccounts-LambdaExecutionRole-x", "")),
    ("iam:PassRole", arn("iam", "role/accounts-prod-functionaccounts-LambdaExecutionRole-x", "")),
    ("logs:CreateLogGroup", arn("logs", "log-group:/aws/lambda/accountsAPI-prod")),
    ("apigateway:POST", f"arn:aws:apigateway:{REGION}::/restapis"),
    ("apigateway:PATCH", f"arn:aws:apigateway:{REGION}::/restapis/a/stages/prod"),
    ("cognito-idp:DescribeUserPool", arn("cognito-idp", "userpool/eu-west-1_Prod00001")),
    # A handler that looks for what is there lists all of the account.
    ("rds:DescribeDBSubnetGroups", arn("rds", "subgrp:default")),
    ("iam:ListRolePolicies", arn("iam", "role/admin", "")),
]
DOES_NOT = [
    ("cloudformation:DeleteStack", arn("cloudformation", "stack/other-prod/1")),
    ("cloudformation:CreateChangeSet", arn("cloudformation", "stack/accounts-production/1")),
    ("s3:PutObject", "arn:aws:s3:::another-bucket/a"),
    ("rds:DeleteDBCluster", arn("rds", "cluster:another")),
    ("rds-data:ExecuteStatement", arn("rds", "cluster:another")),
    ("lambda:UpdateFunctionCode", arn("lambda", "function:another")),
    ("lambda:CreateFunction", arn("lambda", "function:accountsAPI-prod", account="999999999999")),
    ("iam:PutRolePolicy", arn("iam", "role/admin", "")),
    ("iam:PassRole", arn("iam", "role/admin", "")),
    ("iam:CreateUser", arn("iam", "user/accounts-prod", "")),
    ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:mine")),
    ("kms:Decrypt", arn("kms", "key/1")),
    ("kms:ScheduleKeyDeletion", arn("kms", "key/1")),
    ("logs:DeleteLogGroup", arn("logs", "log-group:/aws/lambda/another")),
    ("lambda:InvokeFunction", arn("lambda", "function:accountsAPI-prod")),
    ("s3:PutBucketWebsite", "arn:aws:s3:::accounts-prod-deploymentbucket-x"),
    ("cognito-idp:DescribeUserPool", arn("cognito-idp", "userpool/eu-west-1_Other")),
    ("s3:ListBucket", "arn:aws:s3:::another-bucket"),
]


@pytest.mark.parametrize(("action", "resource"), DEPLOYS)
def test_a_push_is_allowed(rendered: Assembly, action: str, resource: str) -> None:
    assert allows(policy(in_account(rendered)), action, resource)


@pytest.mark.parametrize(("action", "resource"), DOES_NOT)
def test_what_a_push_does_not_do_is_not_allowed(rendered: Assembly, action: str, resource: str) -> None:
    assert not allows(policy(in_account(rendered)), action, resource)


def handled_types(assembly: Assembly) -> set[str]:
    return {each["Type"] for child in assembly.children for each in child.template.body["Resources"].values()}


@pytest.mark.parametrize("role", PolicyRole)
def test_every_action_of_every_handler_is_in_it(rendered: Assembly, role: PolicyRole) -> None:
    allowed = {action for statement in policy(rendered, role)["Statement"] for action in statement["Action"]}
    for child in rendered.children:
        for resource in child.template.body["Resources"].values():
            wanted = handler_actions(resource["Type"], resource.get("Properties", {}))
            assert wanted is not None
            assert wanted <= allowed, resource["Type"]


def test_with_a_role_of_cloudformation_whoever_deploys_only_passes_it_on(rendered: Assembly) -> None:
    assembly = in_account(rendered, role_arn=ROLE)
    deploy, handed = policy(assembly), policy(assembly, PolicyRole.CLOUDFORMATION)

    assert allows(deploy, "iam:PassRole", ROLE)
    passing = next(each for each in deploy["Statement"] if "iam:PassRole" in each["Action"])
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    for action, resource in DEPLOYS:
        own = action.startswith(("cloudformation:C", "cloudformation:D", "s3:P", "rds-data", "cognito-idp"))
        own = (own or action == "secretsmanager:GetSecretValue") and action != "cloudformation:CreateStack"
        assert allows(deploy, action, resource) == own, action
        service = action.partition(":")[0]
        if service not in ("rds-data", "cognito-idp") and action not in (
            "s3:PutObject",
            "secretsmanager:GetSecretValue",
            "cloudformation:CreateChangeSet",
        ):
            assert allows(handed, action, resource), action


def test_the_role_of_cloudformation_may_not_touch_the_root_stack_or_read_the_database(
    rendered: Assembly,
) -> None:
    handed = policy(in_account(rendered), PolicyRole.CLOUDFORMATION)

    assert not allows(handed, "cloudformation:DeleteStack", arn("cloudformation", "stack/accounts-prod/1"))
    assert not allows(handed, "rds-data:ExecuteStatement", arn("rds", "cluster:dbalacluster-prod"))
    assert not allows(handed, "s3:PutObject", "arn:aws:s3:::accounts-prod-deploymentbucket-x/a")
    assert allows(handed, "s3:GetObject", "arn:aws:s3:::accounts-prod-deploymentbucket-x/a")


def test_what_is_dangerous_has_a_condition(rendered: Assembly) -> None:
    statements = policy(rendered)["Statement"]
    for action in ("iam:PassRole", "kms:CreateGrant"):
        assert all("Condition" in each for each in statements if action in each["Action"])
    assert not any("*" in action for each in statements for action in each["Action"])


def test_a_property_brings_the_rights_that_it_needs(rendered: Assembly) -> None:
    plain = with_resource(in_account(rendered), "AWS::S3::Bucket", BucketName="site")
    site = with_resource(in_account(rendered), "AWS::S3::Bucket", BucketName="site", WebsiteConfiguration={})

    assert not allows(policy(plain), "s3:PutBucketWebsite", "arn:aws:s3:::site")
    assert allows(policy(site), "s3:PutBucketWebsite", "arn:aws:s3:::site")


def test_a_resource_with_a_computed_name_has_any_name(rendered: Assembly) -> None:
    computed = with_resource(
        in_account(rendered), "AWS::SQS::Queue", QueueName={"Fn::Sub": "a-${AWS::StackId}"}
    )
    named = with_resource(in_account(rendered), "AWS::SQS::Queue", QueueName="mine")
    nameless = with_resource(in_account(rendered), "AWS::SQS::Queue")
    queue = {name: arn("sqs", name) for name in ("mine", "other", "accounts-prod-functionaccountsAPI-Q")}

    def creatable(assembly: Assembly) -> list[str]:
        return [name for name, each in queue.items() if allows(policy(assembly), "sqs:CreateQueue", each)]

    assert creatable(computed) == list(queue)
    assert creatable(named) == ["mine"]
    assert creatable(nameless) == ["accounts-prod-functionaccountsAPI-Q"]


def test_a_type_without_published_rights_is_named(rendered: Assembly) -> None:
    known = project_policy(with_resource(rendered, "Custom::Thing"), PolicyRole.DEPLOY)
    unknown = project_policy(with_resource(rendered, "AWS::Made::Up"), PolicyRole.DEPLOY)

    assert not any("publishes" in note for note in known.notes)
    assert any("AWS publishes no rights for AWS::Made::Up" in note for note in unknown.notes)


@pytest.mark.parametrize("role", PolicyRole)
def test_the_samples_policy_fits_into_a_role(rendered: Assembly, role: PolicyRole) -> None:
    document = policy(in_account(rendered), role)
    assert len(json.dumps(document, separators=(",", ":"))) <= INLINE


@pytest.mark.parametrize("cloudformations_role", [pytest.param(None, marks=pytest.mark.slow), ROLE])
@pytest.mark.parametrize("role", PolicyRole)
def test_it_is_valid_by_the_grammar_and_the_actions_of_iam(
    rendered: Assembly, role: PolicyRole, cloudformations_role: str | None
) -> None:
    document = policy(in_account(rendered, role_arn=cloudformations_role), role)
    template = {
        "Resources": {
            "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
        }
    }
    assert lint(json.dumps(template), config=ManualArgs(regions=[REGION])) == []
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


def test_the_linter_would_find_a_broken_policy() -> None:
    broken = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Nonsense"]}]}
    template = {
        "Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": broken}}}
    }
    assert lint(json.dumps(template), config=ManualArgs(regions=[REGION])) != []


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_arns_are_of_the_regions_partition(rendered: Assembly, region: str, partition: str) -> None:
    scope = ArnScope.of(replace(rendered.environment, region=region, account_id=None))

    assert scope.arn("lambda", "function:a") == f"arn:{partition}:lambda:{region}:*:function:a"
    assert scope.arn("iam", "role/a") == f"arn:{partition}:iam::*:role/a"
    assert scope.arn("s3", "a") == f"arn:{partition}:s3:::a"
    assert scope.arn("apigateway", "/restapis") == f"arn:{partition}:apigateway:{region}::/restapis"


def shown(result: ProjectPolicy) -> tuple[str, str]:
    screen = Screen(io.StringIO(), io.StringIO())
    to_text(result, screen)
    assert isinstance(screen.out, io.StringIO)
    assert isinstance(screen.err, io.StringIO)
    return screen.out.getvalue(), screen.err.getvalue()


def test_stdout_is_the_document_alone_and_stderr_what_to_know(rendered: Assembly) -> None:
    result = project_policy(rendered, PolicyRole.DEPLOY)
    out, err = shown(result)

    assert json.loads(out) == policy(rendered)
    assert "with accountId in the environment's file" in err
    handed = project_policy(in_account(rendered, role_arn=ROLE), PolicyRole.DEPLOY)
    assert f"CloudFormation takes on {ROLE}" in shown(handed)[1]
    assert "account is not known" not in shown(handed)[1]


def test_json_has_the_trust_policy_of_cloudformations_role(rendered: Assembly) -> None:
    deploy: Any = to_json(project_policy(rendered, PolicyRole.DEPLOY))
    handed: Any = to_json(project_policy(rendered, PolicyRole.CLOUDFORMATION))

    assert (deploy["environment"], deploy["role"], deploy["trust"]) == ("prod", "deploy", None)
    assert handed["trust"]["Statement"][0]["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert handed["policy"] == policy(rendered, PolicyRole.CLOUDFORMATION)
