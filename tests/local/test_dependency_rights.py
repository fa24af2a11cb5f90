"""What a function may do with what it depends on: the policy of its role in the embedded cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.iam import allows
from tests.local.project import LocalProject
from tests.local.project_parts import FUNCTION, PARTS, project_of_parts

pytestmark = pytest.mark.slow

TABLE_ACTIONS = (
    *("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem"),
    *("Query", "Scan", "UpdateItem"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = project_of_parts(tmp_path_factory.mktemp("rights") / "shop")
    yield made
    made.run("local", "stop")


def test_each_type_gives_the_rights_that_using_it_needs_and_no_more(project: LocalProject) -> None:
    added = project.run("add", "dependency", FUNCTION, PARTS)
    assert "s3:GetObject" in added.err
    project.run("push", "--yes")
    outputs = project.run("outputs", "--json").json[PARTS]
    account = project.client("sts").get_caller_identity()["Account"]
    where = f"eu-west-1:{account}"
    granted = {
        (action, resource)
        for statement in project.statements(FUNCTION)
        if statement.get("Sid") != "OwnLog"
        for action in _several(statement["Action"])
        for resource in _several(statement["Resource"])
    }
    bucket = f"arn:aws:s3:::{outputs['BucketName']}"
    assert granted == {
        *((f"s3:{action}", f"{bucket}/*") for action in ("GetObject", "PutObject", "DeleteObject")),
        ("s3:ListBucket", bucket),
        *(
            (f"dynamodb:{action}", f"{outputs['TableArn']}{end}")
            for action in TABLE_ACTIONS
            for end in ("", "/index/*")
        ),
        ("sqs:SendMessage", outputs["QueueArn"]),
        ("sns:Publish", outputs["TopicArn"]),
        ("events:PutEvents", f"arn:aws:events:{where}:event-bus/orders"),
        ("ssm:GetParameter", f"arn:aws:ssm:{where}:parameter/shop/limit"),
        ("secretsmanager:GetSecretValue", outputs["SecretArn"]),
    }


def test_a_name_or_a_url_alone_leads_to_the_same_resource(project: LocalProject) -> None:
    project.run("remove", "dependency", FUNCTION, PARTS)
    project.run("add", "dependency", FUNCTION, PARTS, "QueueUrl", "TableName")
    project.run("push", "--yes")
    account = project.client("sts").get_caller_identity()["Account"]
    outputs = project.run("outputs", "--json").json[PARTS]
    statements = project.statements(FUNCTION)
    lists = {key: [_several(statement[key]) for statement in statements] for key in ("Action", "Resource")}
    policy = {
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": resources}
            for actions, resources in zip(lists["Action"], lists["Resource"], strict=True)
        ]
    }
    assert allows(policy, "sqs:SendMessage", outputs["QueueArn"])
    assert allows(policy, "dynamodb:Query", f"{outputs['TableArn']}/index/by-name")
    assert account in outputs["QueueArn"]
    assert not allows(policy, "sqs:ReceiveMessage", outputs["QueueArn"])
    assert not allows(policy, "sns:Publish", outputs["TopicArn"])


def test_what_is_no_longer_depended_on_can_no_longer_be_used(project: LocalProject) -> None:
    project.run("remove", "dependency", FUNCTION, PARTS)
    project.run("push", "--yes")
    assert [statement.get("Sid") for statement in project.statements(FUNCTION)] == ["OwnLog"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((FUNCTION, "function/worker"), "function/worker does not depend on function/worker"),
        ((FUNCTION, "parts/none"), "There is no resource parts/none"),
        ((FUNCTION, PARTS, "Nonsense"), "does not depend on parts/all"),
    ],
)
def test_only_what_is_there_is_removed(words: tuple[str, ...], said: str, project: LocalProject) -> None:
    project.run("remove", "dependency", FUNCTION, PARTS, expect=None)
    assert said in project.run("remove", "dependency", *words, expect=2).err


def test_one_output_is_removed_and_the_others_stay(project: LocalProject) -> None:
    project.run("add", "dependency", FUNCTION, PARTS, "QueueArn", "TopicArn")
    project.run("remove", "dependency", FUNCTION, PARTS, "QueueArn")
    rendered = Path(project.root, "backend-config.json").read_text()
    assert '"TopicArn"' in rendered
    assert "QueueArn" not in rendered
    missing = project.run("remove", "dependency", FUNCTION, PARTS, "QueueArn", expect=2)
    assert "does not get QueueArn of parts/all" in missing.err


def _several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
