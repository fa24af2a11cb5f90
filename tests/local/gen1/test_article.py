"""A project in the shape of the article that started it: from a clone to a call that is answered.

Everything that stops it is named before the first push, in one list; each cure that is named takes its line away.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.gen1 import article_project as article
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow
LOCAL = "amplify/environments/local.json"


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[LocalProject]:
    article.write(tmp_path)
    project = LocalProject(tmp_path)
    yield project
    project.run("local", "stop")


def named(project: LocalProject) -> Counter[str]:
    """How many findings each check of the files has; the stack is none, for it is not pushed."""
    checks = project.run("doctor", "--json", expect=None).json["checks"]
    return Counter(
        each["check"] for each in checks if each["outcome"] == "finding" and each["check"] != "stack"
    )


def change(project: LocalProject, file: str, edit: Callable[[article.Values], object]) -> None:
    path = project.root / file
    value = json.loads(path.read_text())
    edit(value)
    path.write_text(json.dumps(value, indent=2))


def take_a_runtime_that_lives(project: LocalProject) -> None:
    file = project.root / article.FUNCTION_TEMPLATE
    file.write_text(file.read_text().replace("nodejs14.x", "nodejs24.x"))


def take_serverless_v2(project: LocalProject) -> None:
    def edit(template: article.Values) -> None:
        cluster = template["Resources"]["RDSCluster"]["Properties"]
        del cluster["EngineMode"], cluster["ScalingConfiguration"]
        cluster["ServerlessV2ScalingConfiguration"] = {"MinCapacity": 0.5, "MaxCapacity": 2}
        cluster["EngineVersion"] = "17"
        template["Resources"]["Writer"] = {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "DBClusterIdentifier": {"Ref": "RDSCluster"},
                "DBInstanceClass": "db.serverless",
                "Engine": "aurora-postgresql",
            },
        }

    change(project, article.RDS, edit)


def install_the_sdk(project: LocalProject) -> None:
    folder = project.root / article.FUNCTION / "src/node_modules/aws-sdk"
    folder.mkdir(parents=True)
    (folder / "index.js").write_text(article.SDK)
    (folder / "package.json").write_text('{"name": "aws-sdk", "version": "2.1692.0"}')


def allow_the_data_api(project: LocalProject) -> None:
    actions = ("rds-data:ExecuteStatement", "secretsmanager:GetSecretValue")
    policies = [{"Action": [action], "Resource": ["*"]} for action in actions]
    (project.root / article.FUNCTION / "custom-policies.json").write_text(json.dumps(policies))


def take_the_key_out(project: LocalProject) -> None:
    change(project, article.TEAM, lambda team: team["dev"]["categories"]["function"].clear())
    change(project, LOCAL, lambda environment: environment.update(parameters={}))


# The embedded cloud refuses Serverless v1 as well, so what stops a push is gone with the last cure.
CURES = {
    "code": install_the_sdk,
    "rights": allow_the_data_api,
    "secrets": take_the_key_out,
    "database": take_serverless_v2,
    "project": take_a_runtime_that_lives,
}


def test_every_stop_is_named_before_the_first_push_and_its_cure_leads_to_an_answered_call(
    clone: LocalProject,
) -> None:
    clone.run("init")
    clone.run("env", "add", "local", "--cloud", "local", "--from", "dev")
    clone.run("env", "checkout", "local")
    stops = clone.run("doctor", expect=1)
    assert set(named(clone)) == set(CURES)
    for words in (
        "'nodejs14.x' was deprecated on '2023-12-04'",
        "Aurora Serverless v1, which AWS ended on 2025-03-31",
        "version 2 of the AWS SDK for JavaScript, which no runtime from nodejs18.x on contains",
        "calls rds-data, of which its role allows nothing",
        "paymentApiKey is a secret in plain text",
        "takes signed requests only (AWS_IAM), and no token of a user pool: ANY /items",
        "accountsctl call GET /items --iam",
    ):
        assert words in " ".join(stops.out.split()), words
    assert article.KEY not in stops.out + stops.err
    assert not (clone.root / "amplify/.local").exists()  # all of that without any cloud
    for check, cure in CURES.items():
        cure(clone)
        assert check not in named(clone), check
    clone.run("push", "--yes")
    called = clone.run("call", "GET", "/items", "--iam")
    assert json.loads(called.out) == ["ink"]
    assert clone.run("doctor").err.rstrip().endswith("Healthy.")


@pytest.fixture
def cured(clone: LocalProject) -> LocalProject:
    clone.run("init")
    clone.run("env", "add", "local", "--cloud", "local", "--from", "dev")
    clone.run("env", "checkout", "local")
    for cure in CURES.values():
        cure(clone)
    return clone


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("exports.handler = async () => { throw new Error('no stock'); };", "Error: no stock"),
        ("const missing = require('no-such-package');", "Cannot find module 'no-such-package'"),
        ("exports.handler = async () => process.exit(3);", "Runtime exited with error: exit status 3"),
    ],
)
def test_the_doctor_calls_nothing_healthy_while_calls_fail(
    cured: LocalProject, code: str, words: str
) -> None:
    (cured.root / article.FUNCTION / "src/index.js").write_text(code)
    cured.run("push", "--yes")
    for _ in range(3):
        assert "502" in cured.run("call", "GET", "/items", "--iam", expect=1).err
    examined = cured.run("doctor", expect=1)
    assert "function/shopFunction has failed 3 times in the last hour." in examined.out
    assert words in " ".join(examined.out.split())
