# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""What invokes functions by Lambda's own means: event source mappings and asynchronous invocations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
)
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, parameters

DEFAULTS: Mapping[str, Any] = {
    "Enabled": True,
    "FilterCriteria": {"Filters": []},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "ScalingConfig": {},
    "DestinationConfig": {},
}
"""What an update sends for a property that the template no longer sets."""
STREAM_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
}


class EventSourceMappingProvider:
    """AWS::Lambda::EventSourceMapping; Ref is its UUID."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("lambda")
        call = parameters(client, "create_event_source_mapping", properties)
        made = client.create_event_source_mapping(**call)
        return self._resource(context, made["UUID"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("lambda")
        queue = ":sqs:" in new.get("EventSourceArn", "")
        batch = 10 if queue else 100
        defaults = {**DEFAULTS, "BatchSize": batch, **({} if queue else STREAM_DEFAULTS)}
        call = parameters(client, "update_event_source_mapping", {**defaults, **new}, UUID=physical_id)
        client.update_event_source_mapping(**call)
        return self._resource(context, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").delete_event_source_mapping(UUID=physical_id)

    def _resource(self, context: Context, uuid: str) -> ProvidedResource:
        arn = f"arn:{context.partition}:lambda:{context.region}:{context.account}:event-source-mapping:{uuid}"
        return ProvidedResource(uuid, {"Id": uuid, "EventSourceMappingArn": arn})


class EventInvokeConfigProvider:
    """AWS::Lambda::EventInvokeConfig: how asynchronous invocations of a function are retried, and where they end."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        name = self._put(context, properties)
        return ProvidedResource(f"{name}|{properties['Qualifier']}")

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._put(context, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").delete_function_event_invoke_config(
                FunctionName=properties["FunctionName"], Qualifier=properties["Qualifier"]
            )

    def _put(self, context: Context, properties: Properties) -> str:
        client = context.client("lambda")
        call = parameters(client, "put_function_event_invoke_config", properties)
        client.put_function_event_invoke_config(**call)
        return str(properties["FunctionName"])
