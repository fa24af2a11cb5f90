"""What functions print is in CloudWatch Logs, as far as their roles allow it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients
from tests.local.lambdas.conftest import zipped

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

CODE = """
def handler(event, context):
    print("one", event.get("n"))
    print("two")
    return context.log_stream_name
"""
EVERYTHING = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
Make = Callable[[list[str]], str]


@pytest.fixture
def logs(client: ServiceClients) -> CloudWatchLogsClient:
    logs: CloudWatchLogsClient = client("logs")
    return logs


@pytest.fixture
def make(client: ServiceClients) -> Make:
    """Make a function whose role allows these actions on its own log group; returns its name."""

    def made(actions: list[str]) -> str:
        name = f"logging-{uuid.uuid4().hex[:8]}"
        trusted = {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_document(trusted))["Role"]
        resource = f"arn:aws:logs:*:*:log-group:/aws/lambda/{name}:*"
        allowed = {"Effect": "Allow", "Action": [*actions, "s3:Nothing"], "Resource": resource}
        client("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=_document(allowed))
        client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="index.handler",
            Role=role["Arn"],
            Code={"ZipFile": zipped({"index.py": CODE})},
        )
        return name

    return made


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def invoke(client: ServiceClients, name: str, n: int = 1) -> str:
    """Invoke a function; returns the stream that it was shown."""
    done = client("lambda").invoke(FunctionName=name, Payload=json.dumps({"n": n}))
    return str(json.loads(done["Payload"].read()))


def messages(logs: CloudWatchLogsClient, name: str, **more: Any) -> list[str]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{name}", **more)
    return [event["message"] for page in pages for event in page["events"]]


def test_an_invocation_is_in_the_log_group_that_it_creates(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    stream = invoke(client, name)
    invoke(client, name, 2)
    found = messages(logs, name)
    assert [line.split()[0] for line in found] == ["START", "one", "two", "END", "REPORT"] * 2
    assert found[1:3] == ["one 1\n", "two\n"]
    assert messages(logs, name, PaginationConfig={"PageSize": 3}) == found
    assert messages(logs, name, filterPattern='"one 2"') == ["one 2\n"]
    assert messages(logs, name, logStreamNamePrefix=stream[:11]) == found
    assert (
        messages(logs, name, logStreamNamePrefix="2001") == messages(logs, name, logStreamNames=["x"]) == []
    )
    group = f"/aws/lambda/{name}"
    streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)
    assert [found["logStreamName"] for found in streams["logStreams"]] == [stream]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
    assert [event["message"] for event in events] == found


def test_events_before_and_after_the_times_of_a_request_are_not_returned(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    invoke(client, name)
    group = f"/aws/lambda/{name}"
    last = logs.filter_log_events(logGroupName=group)["events"][-1]["timestamp"]
    assert messages(logs, name, startTime=last)[-1].startswith("REPORT")
    assert messages(logs, name, startTime=last + 1) == []
    assert messages(logs, name, endTime=last - 60_000) == []


def test_what_a_client_puts_into_a_functions_stream_is_read_with_it(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    stream, group = invoke(client, name), f"/aws/lambda/{name}"
    time = logs.filter_log_events(logGroupName=group)["events"][-1]["timestamp"] + 1
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(
        logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": time, "message": "put"}]
    )
    for _ in range(2):
        assert [line.split()[0] for line in messages(logs, name)] == [
            *("START", "one", "two", "END", "REPORT"),
            "put",
        ]


@pytest.mark.parametrize("actions", [["logs:CreateLogStream", "logs:PutLogEvents"], ["logs:CreateLogGroup"]])
def test_a_role_that_does_not_allow_it_leaves_no_log_group(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make, actions: list[str]
) -> None:
    name = make(actions)
    invoke(client, name)
    assert logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"] == []


def test_a_role_that_may_only_write_does_so_in_a_group_that_is_there(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(["logs:CreateLogStream", "logs:PutLogEvents"])
    logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
    invoke(client, name)
    assert len(messages(logs, name)) == 5


def test_a_deleted_group_comes_back_without_its_events(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    group, stream = f"/aws/lambda/{name}", invoke(client, name)
    logs.delete_log_stream(logGroupName=group, logStreamName=stream)
    assert messages(logs, name) == []
    with pytest.raises(ClientError, match="does not exist"):
        logs.delete_log_stream(logGroupName=group, logStreamName=stream)
    invoke(client, name)
    logs.delete_log_group(logGroupName=group)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        messages(logs, name)
    invoke(client, name, 3)
    assert messages(logs, name)[1] == "one 3\n"
    assert len(messages(logs, name)) == 5


def test_a_pattern_or_token_that_is_not_valid_is_refused(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    invoke(client, name)
    group = f"/aws/lambda/{name}"
    for wrong in ({"filterPattern": "{ $.a = }"}, {"nextToken": "x"}, {"limit": 10_001}):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            logs.filter_log_events(logGroupName=group, **wrong)


def test_insights_queries_what_functions_print(
    client: ServiceClients, logs: CloudWatchLogsClient, make: Make
) -> None:
    name = make(EVERYTHING)
    invoke(client, name)
    query = logs.start_query(
        logGroupName=f"/aws/lambda/{name}",
        startTime=0,
        endTime=2**40,
        queryString="fields @message | limit 50",
    )
    results = logs.get_query_results(queryId=query["queryId"])["results"]
    assert "one 1\n" in [field["value"] for row in results for field in row]
