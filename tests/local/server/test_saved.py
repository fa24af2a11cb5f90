"""What a cloud that does not run answers from its state: what reads stacks, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.saved import saved_cloud


@pytest.fixture
def client(tmp_path: Path) -> Callable[[str], Any]:
    """Clients of a cloud that never saved anything."""
    answers = saved_cloud(tmp_path / "amplify/.local")

    def connect(service: str) -> Any:
        make: Callable[..., Any] = boto3.client  # the stubs accept only a literal name
        made = make(
            service,
            region_name="eu-west-1",
            endpoint_url="http://127.0.0.1:1",
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )
        made.meta.events.register_first("before-send", answers)
        return made

    return connect


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    error = refused.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_stacks_and_the_caller_are_read_and_no_folder_is_made(
    client: Callable[[str], Any], tmp_path: Path
) -> None:
    cloudformation = client("cloudformation")
    assert cloudformation.describe_stacks()["Stacks"] == []
    assert "does not exist" in refusal(lambda: cloudformation.describe_stacks(StackName="shop"))
    assert client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert not (tmp_path / "amplify").exists()


def test_what_changes_something_or_needs_another_service_is_refused(client: Callable[[str], Any]) -> None:
    cloudformation = client("cloudformation")
    for call, name in (
        (lambda: cloudformation.create_stack(StackName="shop", TemplateBody="{}"), "CreateStack"),
        (lambda: cloudformation.delete_stack(StackName="shop"), "DeleteStack"),
        (lambda: client("rds").describe_db_clusters(), "DescribeDBClusters"),
    ):
        assert refusal(call) == f"UnsupportedOperation: {name} needs the embedded cloud to run."
    assert cloudformation.describe_stacks()["Stacks"] == []
