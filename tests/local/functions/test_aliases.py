"""What an alias has of its own: settings of asynchronous invocations, and a URL."""

from __future__ import annotations

import io
import json
import time
import urllib.request
import uuid
import zipfile
from typing import Any

from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients

SOURCE = """def handler(event, context):
    return {"version": context.function_version, "arn": context.invoked_function_arn}
"""
RIGHTS = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def made(client: ServiceClients) -> str:
    """A function called `...-function`, with version 1 behind the alias live; its name."""
    name = f"of-{uuid.uuid4().hex[:8]}-function"
    iam, functions = client("iam"), client("lambda")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(RIGHTS))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.py", SOURCE)
    functions.create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.14",
        Handler="index.handler",
        Code={"ZipFile": out.getvalue()},
        Publish=True,
    )
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return name


def test_an_alias_has_its_own_destination(client: ServiceClients) -> None:
    functions, queues, name = client("lambda"), client("sqs"), made(client)
    queue = queues.create_queue(QueueName=name)["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    functions.put_function_event_invoke_config(
        FunctionName=f"{name}:live", DestinationConfig={"OnSuccess": {"Destination": arn}}
    )
    functions.invoke(FunctionName=name, InvocationType="Event", Payload=b'"not to the queue"')
    functions.invoke(FunctionName=f"{name}:live", InvocationType="Event", Payload=b'"to the queue"')
    record: dict[str, Any] = json.loads(received(queues, queue))
    assert record["requestPayload"] == "to the queue"
    assert record["requestContext"]["functionArn"].endswith(f":{name}:live")
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "1"}
    assert record["responsePayload"]["arn"].endswith(f":{name}:live")


def received(queues: Any, url: str) -> str:
    """The next message of a queue."""
    for _ in range(600):
        messages = queues.receive_message(QueueUrl=url).get("Messages", [])
        if messages:
            return str(messages[0]["Body"])
        time.sleep(0.05)
    raise AssertionError("no message came")


def test_the_url_of_an_alias_runs_its_version(client: ServiceClients) -> None:
    functions, name = client("lambda"), made(client)
    url = functions.create_function_url_config(FunctionName=name, Qualifier="live", AuthType="NONE")
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        functions.add_permission(
            FunctionName=name, Qualifier="live", StatementId=action[7:], Action=action, Principal="*"
        )
    with urllib.request.urlopen(url["FunctionUrl"]) as response:
        body = json.loads(response.read())
    assert body["version"] == "1"
    assert body["arn"].endswith(f":{name}:live")
    functions.delete_alias(FunctionName=name, Name="live")
    assert functions.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"] == []
