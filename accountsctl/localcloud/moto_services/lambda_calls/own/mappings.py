"""Event source mappings; https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    invalid,
    missing,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.source_mappings import EventSourceMapping

OF_STREAMS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
"""What a mapping of a stream has if its maker left it out."""


def create(call: LambdaCall) -> JsonObject:
    """CreateEventSourceMapping."""
    arn = str(call.input.get("EventSourceArn") or "")
    if not arn:
        raise invalid("Unrecognized event source.")
    _check_start(call, arn)
    wanted = names.named(call)
    try:
        names.resolved(call, wanted)
    except LambdaFault:
        raise invalid("Function does not exist") from None
    made = call.backend.create_event_source_mapping(dict(call.input))
    return {**_reported(_ours(made)), "State": "Creating"}


def update(call: LambdaCall) -> JsonObject:
    """UpdateEventSourceMapping."""
    mapping = _mapping(call)
    enabled = mapping.enabled
    changes = {name: value for name, value in call.input.items() if name != "UUID"}
    call.backend.update_event_source_mapping(mapping.uuid, changes)
    moving = {True: "Enabling", False: "Disabling"}
    return {
        **_reported(mapping),
        "State": "Updating" if mapping.enabled == enabled else moving[mapping.enabled],
    }


def get(call: LambdaCall) -> JsonObject:
    """GetEventSourceMapping."""
    return _reported(_mapping(call))


def list_mappings(call: LambdaCall) -> JsonObject:
    """ListEventSourceMappings, of a source and of a function if the call names them."""
    source, function = call.input.get("EventSourceArn"), call.input.get("FunctionName")
    arn = names.named(call).qualified_arn if function else None
    found = [
        _reported(_ours(mapping))
        for mapping in call.backend._event_source_mappings.values()
        if source in (None, mapping.event_source_arn) and arn in (None, mapping.function_arn)
    ]
    return page(call, "EventSourceMappings", found)


def delete(call: LambdaCall) -> JsonObject:
    """DeleteEventSourceMapping."""
    mapping = _mapping(call)
    call.backend.delete_event_source_mapping(mapping.uuid)
    return {**_reported(mapping), "State": "Deleting"}


def _mapping(call: LambdaCall) -> EventSourceMapping:
    mapping = call.backend.get_event_source_mapping(str(call.input["UUID"]))
    if mapping is None:
        raise missing()
    return _ours(mapping)


def _ours(mapping: object) -> EventSourceMapping:
    """moto's mapping, with what we add to it."""
    return cast("EventSourceMapping", mapping)


def _check_start(call: LambdaCall, source: str) -> None:
    start, moment = call.input.get("StartingPosition"), call.input.get("StartingPositionTimestamp")
    if source.startswith("arn:aws:sqs:"):
        if start is not None or moment is not None:
            raise invalid("StartingPosition is not valid for SQS event sources.")
        return
    if start is None:
        raise invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must"
            " not be null."
        )
    if moment is not None and start != "AT_TIMESTAMP":
        raise invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP")
    if start == "AT_TIMESTAMP" and source.startswith("arn:aws:dynamodb:"):
        raise invalid(f"Unsupported starting position for arn type: {source}")


def _reported(mapping: EventSourceMapping) -> JsonObject:
    found = {name: value for name, value in mapping.get_configuration().items() if name != "Tags"}
    found = {"FunctionResponseTypes": [], "MaximumBatchingWindowInSeconds": 0, **found}
    if ":sqs:" in mapping.event_source_arn:
        return {**found, "StateTransitionReason": "USER_INITIATED"}
    read = mapping.checkpoint != mapping.__dict__.get("begun", mapping.checkpoint)
    result = "OK" if read else "No records processed"
    return {**OF_STREAMS, **found, "StateTransitionReason": "User action", "LastProcessingResult": result}
