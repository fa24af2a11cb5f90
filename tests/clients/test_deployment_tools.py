"""The sample's stacks by the tools that teams deploy with: create, change, nothing to do, delete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.sample_stacks import SampleStacks
from tests.clients.tools import AWS_CLI, REGION, SAM_CLI, Client, Shell, exercises

pytestmark = pytest.mark.slow

SCEPTRE = Client("Sceptre", ("sceptre==4.7.0",))
BUCKET = "clients-artifacts"


def memory_and_tags(shell: Shell, name: str) -> tuple[int, dict[str, str]]:
    """What Lambda says of a function, by the AWS CLI."""
    aws = AWS_CLI.program("aws")
    found = json.loads(shell.run(aws, "lambda", "get-function", "--function-name", name).out)
    return found["Configuration"]["MemorySize"], found.get("Tags", {})


def answer_of(shell: Shell, name: str) -> str:
    """What a function returns."""
    aws = AWS_CLI.program("aws")
    shell.run(aws, "lambda", "invoke", "--function-name", name, "answer.json")
    body: str = json.loads((shell.folder / "answer.json").read_text())["body"]
    return body


@exercises(
    AWS_CLI,
    "`s3 mb`, `cloudformation package`, `deploy` (create, tags only, parameters only, code, nothing to do), `wait`, "
    "`describe-stacks`, `delete-stack`, `lambda invoke`",
)
def test_aws_cli(shell: Shell, tmp_path: Path) -> None:
    stacks = SampleStacks(tmp_path, "awscli")
    aws = AWS_CLI.program("aws")
    shell.run(aws, "s3", "mb", f"s3://{BUCKET}-aws")

    def deploy(*more: str, expect: int = 0) -> str:
        package = ["--template-file", "root.json", "--s3-bucket", f"{BUCKET}-aws", "--use-json"]
        shell.run(aws, "cloudformation", "package", *package, "--output-template-file", "packaged.json")
        words = [
            "--template-file",
            "packaged.json",
            "--stack-name",
            "aws-accounts",
            "--no-fail-on-empty-changeset",
        ]
        capable = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        return shell.run(aws, "cloudformation", "deploy", *words, *capable, *more, expect=expect).out

    assert "Successfully created/updated stack" in deploy()
    assert answer_of(shell, stacks.function) == "one"
    deploy("--tags", "team=accounts")
    assert memory_and_tags(shell, stacks.function) == (256, {"team": "accounts", **_own_tags(shell, stacks)})
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert memory_and_tags(shell, stacks.function)[0] == 512
    stacks.save("two")
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert answer_of(shell, stacks.function) == "two"
    assert "No changes to deploy" in deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    shell.run(aws, "cloudformation", "delete-stack", "--stack-name", "aws-accounts")
    shell.run(aws, "cloudformation", "wait", "stack-delete-complete", "--stack-name", "aws-accounts")
    shell.run(aws, "lambda", "get-function", "--function-name", stacks.function, expect=255)


def _own_tags(shell: Shell, stacks: SampleStacks) -> dict[str, str]:
    """The tags that CloudFormation itself gives."""
    _, tags = memory_and_tags(shell, stacks.function)
    return {name: value for name, value in tags.items() if name.startswith("aws:")}


@exercises(
    SAM_CLI,
    "`deploy` (create, tags, parameters, code, nothing to do), `remote invoke`; not `delete` of nested stacks: it reads"
    " their templates from S3's own hosts only",
)
def test_sam_cli(shell: Shell, tmp_path: Path) -> None:
    stacks = SampleStacks(tmp_path, "samcli")
    sam = SAM_CLI.program("sam")

    def deploy(*more: str, expect: int = 0) -> str:
        words = ["--template-file", "root.json", "--stack-name", "sam-accounts", "--resolve-s3"]
        capable = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        quick = ["--no-progressbar", "--no-confirm-changeset"]
        return shell.run(sam, "deploy", *words, *capable, *quick, *more, expect=expect).out

    assert "Successfully created/updated stack" in deploy()
    deploy("--tags", "team=accounts")
    assert memory_and_tags(shell, stacks.function)[1].get("team") == "accounts"
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert memory_and_tags(shell, stacks.function)[0] == 512
    stacks.save("two")
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert answer_of(shell, stacks.function) == "two"
    same = ["--tags", "team=accounts", "--parameter-overrides", "Memory=512", "--no-fail-on-empty-changeset"]
    assert "No changes to deploy" in deploy(*same)
    assert '"two"' in shell.run(sam, "remote", "invoke", _arn(shell, stacks.function)).out
    words = ("delete", "--stack-name", "sam-accounts", "--no-prompts", "--region", REGION)
    assert "is not a valid S3 url" in shell.run(sam, *words, expect=1).out
    shell.run(AWS_CLI.program("aws"), "cloudformation", "delete-stack", "--stack-name", "sam-accounts")
    shell.run(
        AWS_CLI.program("aws"),
        "cloudformation",
        "wait",
        "stack-delete-complete",
        "--stack-name",
        "sam-accounts",
    )
    shell.run(
        AWS_CLI.program("aws"), "lambda", "get-function", "--function-name", stacks.function, expect=255
    )


def _arn(shell: Shell, name: str) -> str:
    aws = AWS_CLI.program("aws")
    found = json.loads(shell.run(aws, "lambda", "get-function", "--function-name", name).out)
    arn: str = found["Configuration"]["FunctionArn"]
    return arn


@exercises(
    SCEPTRE,
    "`launch` (create, tags, parameters, code, nothing to do), `list outputs`, `status`, `validate`, `delete`",
)
def test_sceptre(shell: Shell, tmp_path: Path) -> None:
    stacks = SampleStacks(tmp_path, "sceptre")
    aws, sceptre = AWS_CLI.program("aws"), SCEPTRE.program("sceptre")
    shell.run(aws, "s3", "mb", f"s3://{BUCKET}-sceptre")
    (tmp_path / "config/dev").mkdir(parents=True)
    (tmp_path / "config/config.yaml").write_text(f"project_code: shop\nregion: {REGION}\n")
    (tmp_path / "templates").mkdir()

    def launch(expect: int = 0, **settings: object) -> str:
        package = ["--template-file", "root.json", "--s3-bucket", f"{BUCKET}-sceptre", "--use-json"]
        shell.run(aws, "cloudformation", "package", *package, "--output-template-file", "templates/root.json")
        stated = {"template": {"path": "root.json", "type": "file"}, **settings}
        (tmp_path / "config/dev/accounts.yaml").write_text(json.dumps(stated))
        return shell.run(sceptre, "launch", "-y", "dev/accounts.yaml", expect=expect).out

    assert "CREATE_COMPLETE" in launch()
    launch(stack_tags={"team": "accounts"})
    assert memory_and_tags(shell, stacks.function)[1].get("team") == "accounts"
    launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert memory_and_tags(shell, stacks.function)[0] == 512
    stacks.save("two")
    launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert answer_of(shell, stacks.function) == "two"
    assert "No updates to perform" in launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert "UPDATE_COMPLETE" in shell.run(sceptre, "status", "dev/accounts.yaml").out
    assert "execute-api" in shell.run(sceptre, "list", "outputs", "dev/accounts.yaml").out
    shell.run(sceptre, "validate", "dev/accounts.yaml")
    shell.run(sceptre, "delete", "-y", "dev/accounts.yaml")
    shell.run(aws, "lambda", "get-function", "--function-name", stacks.function, expect=255)
