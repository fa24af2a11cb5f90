"""Secrets of functions: stored by the command, read by the function, and found in no file of the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.project import HANDLER, LocalProject, copy_sample

pytestmark = pytest.mark.slow

READS = """
import boto3, os

def handler(event, context):
    ssm = boto3.client("ssm")
    found = ssm.get_parameter(Name=os.environ["STRIPE_KEY"], WithDecryption=True)
    return {"place": os.environ["STRIPE_KEY"], "value": found["Parameter"]["Value"]}
"""
VALUE, NEXT = "unguessable-4711", "unguessable-4712"
PLACE = "/accountsctl/accounts-dev/accountsAPI/STRIPE_KEY"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path_factory.mktemp("secrets") / "accounts")
    (made.root / HANDLER).write_text(READS)
    yield made
    made.run("local", "stop")


def test_the_function_reads_what_was_stored_and_may_read_no_more(project: LocalProject) -> None:
    stored = project.run("function", "secret", "set", "STRIPE_KEY", stdin=f"{VALUE}\n")
    project.run("push", "--yes")
    assert project.run("invoke", "accountsAPI", "--json").json["payload"] == {"place": PLACE, "value": VALUE}
    again = project.run("function", "secret", "set", "accountsAPI", "STRIPE_KEY", stdin=NEXT)
    assert project.run("invoke", "accountsAPI", "--json").json["payload"]["value"] == NEXT
    assert project.run("push", "--json", "--yes").json["changed"] is False

    assert VALUE not in stored.out + stored.err + again.out + again.err
    for file in (project.root / "amplify").rglob("*"):
        if file.is_file() and ".local" not in file.parts:
            assert VALUE.encode() not in file.read_bytes()
            assert NEXT.encode() not in file.read_bytes()
    rights = project.statements("function/accountsAPI")
    account = project.client("sts").get_caller_identity()["Account"]
    assert [right for right in rights if "ssm" in str(right["Action"])] == [
        {
            "Effect": "Allow",
            "Action": "ssm:GetParameter",
            "Resource": [f"arn:aws:ssm:eu-west-1:{account}:parameter{PLACE}"],
        }
    ]


def test_the_list_says_what_is_missing_and_removal_takes_it_all(project: LocalProject) -> None:
    project.run("function", "secret", "set", "STRIPE_KEY", stdin=VALUE)
    row = {"function": "accountsAPI", "name": "STRIPE_KEY", "parameter": PLACE, "stored": True}
    listed = project.run("function", "secret", "list", "--json").json
    assert listed == {"environment": "dev", "secrets": [row]}
    project.client("ssm").delete_parameter(Name=PLACE)
    missing = project.run("function", "secret", "list", expect=1)
    assert "accountsctl function secret set accountsAPI STRIPE_KEY -e dev" in missing.err
    project.run("function", "secret", "set", "STRIPE_KEY", stdin=VALUE)
    project.run("function", "secret", "remove", "STRIPE_KEY")
    assert project.run("function", "secret", "list", "--json").json["secrets"] == []
    assert project.client("ssm").get_parameters(Names=[PLACE])["InvalidParameters"] == [PLACE]


@pytest.mark.parametrize(
    ("words", "value", "said"),
    [
        (("set", "STRIPE_KEY=abc"), "", "must not be an argument"),
        (("set", "accountsAPI", "STRIPE_KEY", "abc"), "", "A value is never an argument"),
        (("set", "STRIPE_KEY"), "", "it must have 1 to 4,096"),
        (("set", "STRIPE_KEY"), "x" * 4097, "it must have 1 to 4,096"),
        (("set", "AWS_SECRET_ACCESS_KEY"), "x", "set by Lambda itself"),
        (("set", "other", "STRIPE_KEY"), "x", "There is no function other"),
        (("remove", "STRIPE_KEYS"), "", "has no secret STRIPE_KEYS"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    words: tuple[str, ...], value: str, said: str, project: LocalProject
) -> None:
    assert said in project.run("function", "secret", *words, stdin=value, expect=2).err


def test_a_variable_is_not_turned_into_a_secret(project: LocalProject) -> None:
    project.run("function", "env", "set", "PLAIN=yes")
    refused = project.run("function", "secret", "set", "PLAIN", stdin="x", expect=2)
    assert "accountsctl function env unset accountsAPI PLAIN" in refused.err
    assert (
        project.client("ssm").get_parameters(Names=[PLACE.replace("STRIPE_KEY", "PLAIN")])["Parameters"] == []
    )
