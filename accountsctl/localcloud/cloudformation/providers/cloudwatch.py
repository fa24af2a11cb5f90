# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""CloudWatch: alarms of one metric."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import chosen, parameters, refuse, tagged
from accountsctl.localcloud.cloudformation.providers.reading import found
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

READABLE = (
    "ActionsEnabled AlarmActions AlarmDescription ComparisonOperator EvaluationPeriods MetricName Namespace OKActions"
    " Period Statistic Threshold"
)
ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")


class AlarmProvider:
    """AWS::CloudWatch::Alarm; Ref is its name."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::CloudWatch::Alarm"]

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        alarms = found(context.client("cloudwatch"), "describe_alarms", AlarmNames=[physical_id])
        return alarms.first("MetricAlarms").properties(context, chosen(properties, READABLE))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return self._put(context, str(properties.get("AlarmName") or context.name(255)), properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return self._put(context, physical_id, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])

    def _put(self, context: Context, name: str, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        for action in unsupported_actions(properties):
            raise ProviderError(f"The embedded cloud runs no action {action} of an alarm")
        client = context.client("cloudwatch")
        call = parameters(client, "put_metric_alarm", tagged(context, properties), AlarmName=name)
        client.put_metric_alarm(**call)
        arn = f"arn:{context.partition}:cloudwatch:{context.region}:{context.account}:alarm:{name}"
        return ProvidedResource(name, {"Arn": arn})


def unsupported_actions(properties: Properties) -> Iterator[str]:
    """Actions other than topics and functions."""
    for kind in ACTIONS:
        for action in properties.get(kind) or ():
            if isinstance(action, str) and action.split(":")[2:3] not in (["sns"], ["lambda"]):
                yield action
