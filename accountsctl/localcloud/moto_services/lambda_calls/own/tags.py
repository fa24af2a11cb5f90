"""Tags of functions and event source mappings; https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    invalid,
    missing,
    no_function,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.configurations import revise

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.functions import LambdaFunction

LARGEST = 50
UNQUALIFIED = "Tags on function aliases and versions are not supported. Please specify a function ARN."


def tag(call: LambdaCall) -> JsonObject:
    """TagResource."""
    given = dict(call.input["Tags"])
    tags, function = _tags(call)
    if not given:
        raise invalid("An error occurred and the request cannot be processed.")
    check_count({**tags, **given})
    tags.update(given)
    if function is not None:
        revise(function)
    return {}


def untag(call: LambdaCall) -> JsonObject:
    """UntagResource; one that is not there is passed over."""
    if not call.input.get("TagKeys"):
        text = (
            "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be"
            " null"
        )
        raise LambdaFault("ValidationException", text)
    tags, function = _tags(call)
    for key in call.input["TagKeys"]:
        tags.pop(key, None)
    if function is not None:
        revise(function)
    return {}


def list_tags(call: LambdaCall) -> JsonObject:
    """ListTags."""
    return {"Tags": dict(_tags(call)[0])}


def check_count(tags: JsonObject) -> None:
    """Raise LambdaFault for more tags than a resource may have."""
    if len(tags) > LARGEST:
        raise invalid("Number of tags exceeds resource tag limit.")


def _tags(call: LambdaCall) -> tuple[dict[str, str], LambdaFunction | None]:
    """The resource's tags, to be changed in place, and the function if it is one."""
    parts = str(call.input["Resource"]).split(":")
    if len(parts) > 6 and parts[5] == "event-source-mapping":
        mapping = call.backend.get_event_source_mapping(parts[6])
        if mapping is None:
            raise missing()
        return mapping.tags, None
    if len(parts) > 7:
        raise invalid(UNQUALIFIED)
    entry = names.stored(call, parts[-1])
    if entry is None:
        raise no_function(":".join(parts))
    return entry["latest"].tags, entry["latest"]
