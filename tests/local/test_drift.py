"""`drift` on the sample: in sync as it was pushed; a change by another tool is named with its property."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from tests.local.conftest import REGION
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture
def service(deployed: LocalProject) -> Callable[[str], Any]:
    """Clients of the project's embedded cloud, as another tool has them."""
    variables = deployed.aws()
    session: Any = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"],
        variables["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
    return lambda name: session.client(name, endpoint_url=variables["AWS_ENDPOINT_URL"])


@pytest.fixture
def function(deployed: LocalProject, service: Callable[[str], Any]) -> Iterator[tuple[Any, str]]:
    """Lambda's client and the function's name; its configuration is put back afterwards."""
    client = service("lambda")
    name = deployed.run("outputs", "function/accountsAPI", "Name").out.strip()
    before = client.get_function_configuration(FunctionName=name)
    yield client, name
    client.update_function_configuration(
        FunctionName=name, Timeout=before["Timeout"], Environment=before["Environment"]
    )


def test_what_was_pushed_is_in_sync(deployed: LocalProject) -> None:
    done = deployed.run("drift")

    assert done.out == ""
    assert "dev is in sync" in done.err
    statuses = {each["status"] for each in deployed.run("drift", "--json").json["resources"]}
    assert statuses == {"inSync", "notChecked"}


def test_every_resource_of_the_sample_is_compared_but_the_placeholder(deployed: LocalProject) -> None:
    found = deployed.run("drift", "--json").json["resources"]
    unchecked = [each["type"] for each in found if each["status"] == "notChecked"]

    assert len(found) > 30
    assert unchecked == ["AWS::CloudFormation::WaitConditionHandle"]


def test_a_function_that_was_changed_by_hand_is_named_with_both_values(
    deployed: LocalProject, function: tuple[Any, str]
) -> None:
    client, name = function
    client.update_function_configuration(FunctionName=name, Timeout=7)

    done = deployed.run("drift", expect=1)
    assert done.out.splitlines() == [
        f"function/accountsAPI  LambdaFunction (AWS::Lambda::Function {name}) was changed",
        "  /Timeout  expected 25, actual 7",
    ]
    assert deployed.run("drift", "--json", expect=1).json["drifted"] is True


def test_a_push_of_unchanged_files_does_not_end_a_drift(
    deployed: LocalProject, function: tuple[Any, str]
) -> None:
    client, name = function
    client.update_function_configuration(FunctionName=name, Timeout=7)

    assert "Nothing to push" in deployed.run("push").err
    deployed.run("drift", expect=1)


def test_status_shows_the_drift_on_request_only(deployed: LocalProject, function: tuple[Any, str]) -> None:
    client, name = function
    client.update_function_configuration(FunctionName=name, Timeout=7)

    assert "Timeout" not in deployed.run("status").out
    assert "drift" not in deployed.run("status", "--json").json
    text = deployed.run("status", "--drift", expect=1)
    assert "function/accountsAPI  Lambda" in text.out
    assert "  /Timeout  expected 25, actual 7" in text.out
    found = deployed.run("status", "--drift", "--json", expect=1).json
    assert found["resources"][0]["resource"] == "auth/mfeaccounts"
    assert found["drift"]["drifted"] is True
