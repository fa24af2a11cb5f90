"""CloudWatch alarms: metrics decide their state, and a topic or a function hears of each change."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.deployed.templates import TRUST, allowing, att, function, ref
from tests.local.deployed_api import Api
from tests.local.identity.templates import resource

pytestmark = pytest.mark.slow

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]
CODE = """
import boto3, json
def handler(event, context):
    records = event.get("Records")
    text = records[0]["Sns"]["Message"] if records else json.dumps(event)
    boto3.client("ssm").put_parameter(Name=context.function_name, Type="String", Overwrite=True, Value=text)
"""
ALARM = {
    "MetricName": "Orders",
    "Namespace": "Shop",
    "Statistic": "Sum",
    "Period": 86400,
    "EvaluationPeriods": 1,
    "Threshold": 10,
    "ComparisonOperator": "GreaterThanThreshold",
}


def alarmed(name: str, action: Any, **more: Any) -> dict[str, Any]:
    """An alarm with a topic and a function, of which `action` is one."""
    dimensions = [{"Name": "Test", "Value": name}]
    made = {
        "Api": resource("ApiGateway::RestApi", Name=name),
        "Role": resource(
            "IAM::Role", AssumeRolePolicyDocument=TRUST, Policies=[allowing("ssm:PutParameter")]
        ),
        "Function": function(CODE, Timeout=20),
        "Topic": resource("SNS::Topic"),
        "Subscription": resource(
            "SNS::Subscription", TopicArn=ref("Topic"), Protocol="lambda", Endpoint=att("Function", "Arn")
        ),
        "BySns": resource(
            "Lambda::Permission",
            FunctionName=ref("Function"),
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
        ),
        "ByAlarm": resource(
            "Lambda::Permission",
            FunctionName=ref("Function"),
            Action="lambda:InvokeFunction",
            Principal="lambda.alarms.cloudwatch.amazonaws.com",
            SourceArn=att("Alarm", "Arn"),
        ),
        "Alarm": resource(
            "CloudWatch::Alarm",
            **{**ALARM, "AlarmName": name, "Dimensions": dimensions, "AlarmActions": [action], **more},
        ),
    }
    return {"Resources": made, "Outputs": {key: {"Value": ref(key)} for key in ("Api", "Function", "Alarm")}}


def put(client: Clients, name: str, value: float) -> None:
    datum = {"MetricName": "Orders", "Value": value, "Dimensions": [{"Name": "Test", "Value": name}]}
    client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[datum])


def state(client: Clients, name: str) -> str:
    (alarm,) = client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def heard(client: Clients, api: Api) -> dict[str, Any]:
    """What the function heard, which may take a moment."""
    ssm = client("ssm")
    pause = threading.Event()
    for _ in range(100):
        try:
            text = ssm.get_parameter(Name=api.outputs["Function"])["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            pause.wait(0.2)
            continue
        message: dict[str, Any] = json.loads(text)
        return message
    raise AssertionError("the function heard nothing")


def test_a_metric_over_the_threshold_reaches_the_topic(deploy: Deploy, client: Clients) -> None:
    api = deploy(alarmed("topic", ref("Topic")))
    assert state(client, "topic") == "INSUFFICIENT_DATA"
    put(client, "topic", 6)
    assert state(client, "topic") == "OK"
    put(client, "topic", 6)
    assert state(client, "topic") == "ALARM"
    message = heard(client, api)
    assert {key: message[key] for key in ("AlarmName", "NewStateValue", "OldStateValue")} == {
        "AlarmName": "topic",
        "NewStateValue": "ALARM",
        "OldStateValue": "OK",
    }
    assert message["Trigger"]["Dimensions"] == [{"name": "Test", "value": "topic"}]


def test_a_state_that_is_set_reaches_the_function(deploy: Deploy, client: Clients) -> None:
    api = deploy(alarmed("function", att("Function", "Arn")))
    client("cloudwatch").set_alarm_state(AlarmName="function", StateValue="ALARM", StateReason="by hand")
    event = heard(client, api)
    assert (event["source"], event["alarmData"]["state"]["value"]) == ("aws.cloudwatch", "ALARM")
    assert event["alarmData"]["state"]["reason"] == "by hand"


def test_a_function_that_the_alarm_may_not_invoke_is_named_in_the_log(
    deploy: Deploy, client: Clients, cloud: LocalCloudClient
) -> None:
    template = alarmed("barred", att("Function", "Arn"))
    del template["Resources"]["ByAlarm"]
    deploy(template)
    client("cloudwatch").set_alarm_state(AlarmName="barred", StateValue="ALARM", StateReason="by hand")
    text = "".join(path.read_text() for path in cloud.logs())
    assert "does not let the alarm barred invoke it" in text


def test_missing_data_mean_what_the_alarm_says(deploy: Deploy, client: Clients) -> None:
    deploy(alarmed("quiet", ref("Topic"), TreatMissingData="notBreaching"))
    assert state(client, "quiet") == "OK"


def test_a_changed_alarm_keeps_its_state(deploy: Deploy, client: Clients) -> None:
    first = deploy(alarmed("kept", ref("Topic")))
    put(client, "kept", 20)
    deploy(alarmed("kept", ref("Topic"), AlarmDescription="new"), first)
    (alarm,) = client("cloudwatch").describe_alarms(AlarmNames=["kept"])["MetricAlarms"]
    assert (alarm["StateValue"], alarm["AlarmDescription"]) == ("ALARM", "new")


def test_what_is_not_evaluated_is_refused(client: Clients) -> None:
    with pytest.raises(ClientError, match="PutDashboard"):
        client("cloudwatch").put_dashboard(DashboardName="a", DashboardBody="{}")
