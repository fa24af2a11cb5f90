"""The sample's stacks by the tools that teams deploy with: create, change, nothing to do, delete."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.clients.sample_stacks import SampleStacks
from tests.clients.tools import AWS_CLI, REGION, SAM_CLI, Client, Shell, exercises
from tests.local.conftest import service_clients

pytestmark = pytest.mark.slow

SCEPTRE = Client("Sceptre", ("sceptre==4.7.0",))
BUCKET = "clients-artifacts"


@pytest.fixture
def functions(cloud: LocalCloudClient) -> Functions:
    return Functions(service_clients(cloud)("lambda"))


@dataclass(frozen=True)
class Functions:
    """What Lambda says of functions. By a client of this process: each start of the AWS CLI takes two seconds."""

    client: Any

    def memory_and_tags(self, name: str) -> tuple[int, dict[str, str]]:
        """The memory in MB, and the tags of the user."""
        found = self.client.get_function(FunctionName=name)
        tags = {key: value for key, value in found.get("Tags", {}).items() if not key.startswith("aws:")}
        return found["Configuration"]["MemorySize"], tags

    def arn(self, name: str) -> str:
        """The function's ARN."""
        return str(self.client.get_function(FunctionName=name)["Configuration"]["FunctionArn"])

    def answer(self, name: str) -> str:
        """The body that a function returns."""
        return str(json.load(self.client.invoke(FunctionName=name)["Payload"])["body"])

    def is_gone(self, name: str) -> bool:
        """Whether there is no function of this name."""
        try:
            self.client.get_function(FunctionName=name)
        except self.client.exceptions.ResourceNotFoundException:
            return True
        return False


@exercises(
    AWS_CLI,
    "`s3 mb`, `cloudformation package`, `deploy` (create, tags only, parameters only, code, nothing to do), `wait`, "
    "`describe-stacks`, `delete-stack`, `lambda invoke`",
)
def test_aws_cli(shell: Shell, functions: Functions, tmp_path: Path) -> None:
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
    shell.run(aws, "lambda", "invoke", "--function-name", stacks.function, "answer.json")
    assert json.loads((tmp_path / "answer.json").read_text())["body"] == "one"
    deploy("--tags", "team=accounts")
    assert functions.memory_and_tags(stacks.function) == (256, {"team": "accounts"})
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert functions.memory_and_tags(stacks.function)[0] == 512
    stacks.save("two")
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert functions.answer(stacks.function) == "two"
    assert "No changes to deploy" in deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    shell.run(aws, "cloudformation", "delete-stack", "--stack-name", "aws-accounts")
    shell.run(aws, "cloudformation", "wait", "stack-delete-complete", "--stack-name", "aws-accounts")
    assert functions.is_gone(stacks.function)


@exercises(
    SAM_CLI,
    "`deploy` (create, tags, parameters, code, nothing to do), `remote invoke`; not `delete` of nested stacks: it reads"
    " their templates from S3's own hosts only",
)
def test_sam_cli(shell: Shell, functions: Functions, cloud: LocalCloudClient, tmp_path: Path) -> None:
    stacks = SampleStacks(tmp_path, "samcli")
    sam = SAM_CLI.program("sam")

    def deploy(*more: str, expect: int = 0) -> str:
        words = ["--template-file", "root.json", "--stack-name", "sam-accounts", "--resolve-s3"]
        capable = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        quick = ["--no-progressbar", "--no-confirm-changeset"]
        return shell.run(sam, "deploy", *words, *capable, *quick, *more, expect=expect).out

    assert "Successfully created/updated stack" in deploy()
    deploy("--tags", "team=accounts")
    assert functions.memory_and_tags(stacks.function)[1].get("team") == "accounts"
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert functions.memory_and_tags(stacks.function)[0] == 512
    stacks.save("two")
    deploy("--tags", "team=accounts", "--parameter-overrides", "Memory=512")
    assert functions.answer(stacks.function) == "two"
    same = ["--tags", "team=accounts", "--parameter-overrides", "Memory=512", "--no-fail-on-empty-changeset"]
    assert "No changes to deploy" in deploy(*same)
    assert '"two"' in shell.run(sam, "remote", "invoke", functions.arn(stacks.function)).out
    words = ("delete", "--stack-name", "sam-accounts", "--no-prompts", "--region", REGION)
    assert "is not a valid S3 url" in shell.run(sam, *words, expect=1).out
    formation = service_clients(cloud)("cloudformation")
    formation.delete_stack(StackName="sam-accounts")
    formation.get_waiter("stack_delete_complete").wait(
        StackName="sam-accounts", WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    assert functions.is_gone(stacks.function)


@exercises(
    SCEPTRE,
    "`launch` (create, tags, parameters, code, nothing to do), `list outputs`, `status`, `validate`, `delete`",
)
def test_sceptre(shell: Shell, functions: Functions, tmp_path: Path) -> None:
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
    assert functions.memory_and_tags(stacks.function)[1].get("team") == "accounts"
    launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert functions.memory_and_tags(stacks.function)[0] == 512
    stacks.save("two")
    launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert functions.answer(stacks.function) == "two"
    assert "No updates to perform" in launch(stack_tags={"team": "accounts"}, parameters={"Memory": "512"})
    assert "UPDATE_COMPLETE" in shell.run(sceptre, "status", "dev/accounts.yaml").out
    assert "execute-api" in shell.run(sceptre, "list", "outputs", "dev/accounts.yaml").out
    shell.run(sceptre, "validate", "dev/accounts.yaml")
    shell.run(sceptre, "delete", "-y", "dev/accounts.yaml")
    assert functions.is_gone(stacks.function)
