"""Actions of alarms: a topic or a function hears of each change of state."""

from __future__ import annotations

import json
from typing import Any, Protocol

from botocore.exceptions import ClientError

from accountsctl.localcloud.contracts.alarms import AlarmStates, AlarmTransition
from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.lookups import ACCOUNT, Lookups
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.contracts.resource_policies import Access, allows
from accountsctl.localcloud.moto_services import calls

SERVICE = "lambda.alarms.cloudwatch.amazonaws.com"
EVALUATED_BY = ("PutMetricAlarm", "PutMetricData", "DescribeAlarms", "DescribeAlarmsForMetric")
"""Calls before whose answer is used an alarm is judged: nothing here watches the clock."""


class AlarmLookups(AlarmStates, Lookups, Protocol):
    """Finds what has changed, and functions."""


class AlarmActions:
    """Runs the actions of alarms."""

    def __init__(self, states: AlarmLookups, clients: Clients) -> None:
        self._states = states
        self._clients = clients

    def observe(self, request: Request, region: str) -> None:
        """A call of CloudWatch was served: run the actions of the alarms that it has changed."""
        evaluate = calls.operation(request) in EVALUATED_BY
        for transition in self._states.alarm_transitions(region, evaluate=evaluate):
            for action in transition.actions:
                self._run(action, transition)

    def _run(self, action: str, transition: AlarmTransition) -> None:
        """Errors are reported in the log, as AWS records them in the alarm's history."""
        try:
            if ":sns:" in action:
                self._clients("sns", transition.region).publish(
                    TopicArn=action,
                    Subject=f'{transition.new}: "{transition.name}" in {transition.region}'[:100],
                    Message=json.dumps(message(transition)),
                )
            elif not self._may_invoke(action, transition):
                report(f"the policy of {action} does not let the alarm {transition.name} invoke it")
            else:
                self._clients("lambda", transition.region).invoke(
                    FunctionName=action,
                    InvocationType="Event",
                    Payload=json.dumps(event(transition)).encode(),
                )
        except ClientError as error:
            report(f"the alarm {transition.name} could not run its action {action}: {error}")

    def _may_invoke(self, arn: str, transition: AlarmTransition) -> bool:
        function = self._states.function(arn, transition.region)
        access = Access(SERVICE, "lambda:InvokeFunction", arn, transition.arn)
        return function is not None and allows(function.policy, access)


def message(transition: AlarmTransition) -> dict[str, Any]:
    """What a topic gets."""
    return {
        "AlarmName": transition.name,
        "AlarmDescription": transition.description,
        "AWSAccountId": ACCOUNT,
        "NewStateValue": transition.new,
        "NewStateReason": transition.reason,
        "StateChangeTime": transition.moment,
        "Region": transition.region,
        "AlarmArn": transition.arn,
        "OldStateValue": transition.old,
        "Trigger": dict(transition.settings),
    }


def event(transition: AlarmTransition) -> dict[str, Any]:
    """What a function gets.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
    """
    state = {"value": transition.new, "reason": transition.reason, "timestamp": transition.moment}
    return {
        "source": "aws.cloudwatch",
        "alarmArn": transition.arn,
        "accountId": ACCOUNT,
        "time": transition.moment,
        "region": transition.region,
        "alarmData": {
            "alarmName": transition.name,
            "state": state,
            "previousState": {"value": transition.old},
            "configuration": {"description": transition.description, "metrics": [dict(transition.settings)]},
        },
    }
