"""`add trigger`: what is written into the project, pushed, and delivered; and what `remove trigger` takes back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.local.project import COMMAND, LocalProject
from tests.local.project_parts import FUNCTION, HANDLER, PARTS, project_of_parts

pytestmark = pytest.mark.slow

PARAMETERS = "amplify/backend/function/worker/parameters.json"
BACKEND = "backend-config.json"
PRINTS = 'import json\n\ndef handler(event, context):\n    print("GOT " + json.dumps(event))\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = project_of_parts(tmp_path_factory.mktemp("triggers") / "shop")
    (made.root / HANDLER).write_text(PRINTS)
    yield made
    made.run("local", "stop")


def received(project: LocalProject, *texts: str) -> None:
    """Read what the function logs until each text was in a line of it."""
    words = [str(COMMAND), "logs", "worker", "-f", "--filter", "GOT", "--json"]
    with subprocess.Popen(words, cwd=project.root, stdout=subprocess.PIPE, text=True) as process:
        missing = set(texts)
        assert process.stdout is not None
        for line in process.stdout:
            missing -= {text for text in missing if text in line}
            if not missing:
                break
        process.kill()
    assert not missing


def test_queue_table_topic_and_schedule_call_the_function(project: LocalProject) -> None:
    project.run("add", "trigger", "worker", "--queue", PARTS)
    project.run("add", "trigger", "worker", "--table", PARTS)
    project.run("add", "trigger", "worker", "--topic", PARTS)
    project.run("add", "trigger", "worker", "--schedule", "rate(1 minute)")
    project.run("push", "--yes")
    outputs = project.run("outputs", "--json").json[PARTS]
    project.client("sqs").send_message(QueueUrl=outputs["QueueUrl"], MessageBody="by-queue")
    project.client("sns").publish(TopicArn=outputs["TopicArn"], Message="by-topic")
    project.client("dynamodb").put_item(TableName=outputs["TableName"], Item={"id": {"S": "by-table"}})
    received(project, "by-queue", "by-topic", "by-table")
    (rule,) = project.client("events").list_rules()["Rules"]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")

    granted = {
        action
        for statement in project.statements(FUNCTION)
        if statement.get("Sid") != "OwnLog"
        for action in statement["Action"]
    }
    assert granted == {
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        *(f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")),
    }


def test_what_is_removed_leaves_no_trace(project: LocalProject) -> None:
    project.run("remove", "trigger", "worker", "--schedule", "rate(1 minute)")
    for flag in ("--queue", "--table", "--topic"):
        project.run("remove", "trigger", "worker", flag, PARTS)
    assert "triggers" not in json.loads((project.root / PARAMETERS).read_text())
    backend = json.loads((project.root / BACKEND).read_text())
    assert backend["function"]["worker"]["dependsOn"] == []
    project.run("push", "--yes")
    assert project.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []
    assert project.client("events").list_rules()["Rules"] == []


def test_a_bucket_calls_the_function_that_may_use_it(project: LocalProject) -> None:
    project.run("add", "trigger", "worker", "--bucket", PARTS, "--event", "s3:ObjectCreated:Put")
    refused = project.run("add", "dependency", FUNCTION, PARTS, "QueueUrl", expect=2)
    assert "A cycle" in refused.err
    project.run("push", "--yes")
    bucket = project.run("outputs", PARTS, "BucketName").out.strip()
    project.client("s3").put_object(Bucket=bucket, Key="by-bucket.txt", Body=b"x")
    received(project, "by-bucket.txt")
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} <= {
        action for statement in project.statements(FUNCTION) for action in statement["Action"]
    }
    project.run("remove", "trigger", "worker", "--bucket", PARTS)
    project.run("push", "--yes")
    assert "LambdaFunctionConfigurations" not in project.client("s3").get_bucket_notification_configuration(
        Bucket=bucket
    )
    assert json.loads((project.root / BACKEND).read_text())["parts"]["all"]["dependsOn"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--schedule", "rate(1 hours)"), "is not a schedule"),
        (("--schedule", "rate(2 hour)"), "is not a schedule"),
        (("--schedule", "cron(0 8 * * ?)"), "is not a schedule"),
        (("--schedule", "hourly"), "is not a schedule"),
        (("--queue", "parts/none"), "There is no resource parts/none"),
        (("--queue", FUNCTION), "cannot be a trigger"),
        (("--queue", f"{PARTS}:TopicArn"), "which output of parts/all"),
        (("--bucket", PARTS, "--event", "s3:ObjectCreate:*"), 'Did you mean "s3:ObjectCreated:*"?'),
        (("--queue", PARTS, "--event", "s3:ObjectCreated:*"), "--event works with --bucket only"),
        (("--queue", PARTS, "--topic", PARTS), "State one of"),
        ((), "State one of"),
    ],
)
def test_what_cannot_call_a_function_is_refused(
    words: tuple[str, ...], said: str, project: LocalProject
) -> None:
    before = (project.root / BACKEND).read_text(), (project.root / PARAMETERS).read_text()
    assert said in project.run("add", "trigger", "worker", *words, expect=2).err
    assert ((project.root / BACKEND).read_text(), (project.root / PARAMETERS).read_text()) == before


def test_a_trigger_that_is_not_there_is_not_removed(project: LocalProject) -> None:
    assert (
        "Its triggers are: none" in project.run("remove", "trigger", "worker", "--queue", PARTS, expect=2).err
    )


@pytest.mark.parametrize(
    ("triggers", "said"),
    [
        ("hourly", '"triggers" must be a list'),
        ([{"cron": "x"}], "one of the keys schedule, queue"),
        ([{"schedule": "rate(1 hour)", "queue": PARTS}], "one of the keys schedule, queue"),
        ([{"queue": PARTS, "batch": 1}], 'nothing reads "batch"'),
        ([{"queue": "outbox"}], "must name a resource"),
        ([{"queue": "parts/none"}], "parts/none, of a trigger, does not exist"),
        ([{"queue": PARTS}], "needs the output of parts/all that names its queue"),
        ([{"bucket": PARTS}], "its dependsOn must request Name, Arn, LambdaExecutionRole"),
        ([{"schedule": "rate(1 hour)"}, {"schedule": "rate(1 hour)"}], "is stated twice"),
    ],
)
def test_triggers_that_were_written_by_hand_are_checked(
    triggers: object, said: str, project: LocalProject
) -> None:
    file = project.root / PARAMETERS
    before = file.read_text()
    file.write_text(json.dumps({**json.loads(before), "triggers": triggers}))
    refused = project.run("render", expect=2).err
    file.write_text(before)
    assert said in refused
    assert "parameters.json:" in refused


def test_a_queue_that_hands_out_messages_too_soon_is_refused(project: LocalProject) -> None:
    project.run("update", "function", "worker", "--timeout", "61")
    refused = project.run("add", "trigger", "worker", "--queue", PARTS, expect=2).err
    assert "VisibilityTimeout of 60 s is below the function's timeout of 61 s" in refused
    project.run("update", "function", "worker", "--timeout", "25")
