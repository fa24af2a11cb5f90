"""Rollback triggers: alarms that take an operation back when its resources are done, or for some minutes after that.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import RollbackConfiguration
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Stack

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"
BETWEEN = 1.0
"""Seconds between two looks at the alarms."""


def check_triggers(configuration: Mapping[str, Any]) -> None:
    """Raise CloudFormationError for a trigger that is not an alarm of one metric."""
    for trigger in configuration.get("RollbackTriggers", []):
        if trigger["Type"] not in (ALARM, COMPOSITE_ALARM):
            raise CloudFormationError("Rollback Trigger Type not supported")
        if ":alarm:" not in trigger["Arn"]:
            raise CloudFormationError("RelativeId of a Rollback Trigger's ARN is incorrect")
        if trigger["Type"] != ALARM:
            raise CloudFormationError(
                f"The embedded cloud does not imitate the rollback trigger {trigger['Arn']} of type {trigger['Type']}"
            )


def watch(runtime: StackRuntime, stack: Stack) -> str | None:
    """Watch the alarms of a stack whose resources are done; returns why it is to be rolled back, None if it stands."""
    configuration = stack.rollback or {}
    reason = _breach(runtime, stack, configuration)
    seconds = 60.0 * configuration.get("MonitoringTimeInMinutes", 0)
    if reason or not seconds or stack.parent_id:
        return reason
    end = runtime.delays.clock() + seconds
    while not (reason or runtime.delays.closed or runtime.is_given_up(stack)):
        left = end - runtime.delays.clock()
        if left <= 0:
            break
        # The alarms are read between the pauses: what a pause calls is called under the lock of all that wait.
        runtime.delays.pause(min(left, BETWEEN), lambda: runtime.is_given_up(stack))
        reason = _breach(runtime, stack, configuration)
    return reason


def _breach(runtime: StackRuntime, stack: Stack, configuration: RollbackConfiguration) -> str | None:
    arns = [trigger["Arn"] for trigger in configuration.get("RollbackTriggers", [])]
    names = {arn.partition(":alarm:")[2]: arn for arn in arns}
    if not names:
        return None
    try:
        found = runtime.clients("cloudwatch", stack.region).describe_alarms(AlarmNames=list(names))
    except ClientError as error:
        return f"The rollback triggers could not be read: {error}. "
    states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found["MetricAlarms"]}
    missing = [arn for name, arn in names.items() if name not in states]
    if missing:
        return f"The following rollback trigger(s) are not available: [{', '.join(missing)}]. "
    breached = [arn for name, arn in names.items() if states[name] == "ALARM"]
    if breached:
        return f"The following rollback trigger(s) are in ALARM state: [{', '.join(breached)}]. "
    return None
