"""What we fix in moto's event source mappings: they are delivered by `accountsctl.localcloud.events`, not by moto, a
mapping to a version or an alias stays with it, and what is not delivered is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.function_names import name_and_qualifier
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services import signers, streams
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from moto.awslambda.models import EventSourceMapping as MotoMapping
    from moto.awslambda.models import LambdaBackend

    class EventSourceMapping(MotoMapping):
        """moto's mapping, with the last record of its stream that is done, which we add."""

        checkpoint: int


UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Lambda::EventSourceMapping"].replace("Kms", "KMS").split()
READS: Mapping[str, tuple[str, ...]] = {
    "sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
    "dynamodb": ("GetRecords", "GetShardIterator", "DescribeStream"),
}
"""What the function's role must allow on the source, by service."""
SOURCES = ("sqs", "dynamodb")


def install() -> None:
    """Fix moto.awslambda's event source mappings. Once per process."""
    moto = models("lambda")
    wrap(moto.LambdaBackend, "create_event_source_mapping", _create)
    wrap(moto.LambdaBackend, "update_event_source_mapping", _update)


def _create(
    original: Callable[..., EventSourceMapping], backend: LambdaBackend, spec: JsonObject
) -> EventSourceMapping:
    source = str(spec.get("EventSourceArn", ""))
    _refuse(spec, source)
    function = backend.get_function(str(spec.get("FunctionName", "")))
    target = _qualified(function.function_arn, str(spec["FunctionName"]))
    if any(
        mapping.event_source_arn == source and mapping.function_arn == target
        for mapping in backend._event_source_mappings.values()
    ):
        text = (
            f'An event source mapping with event source arn (" {source} ") and function name'
            f' (" {function.function_name} ") already exists. Please update or delete the existing mapping.'
        )
        raise _client_error("ResourceConflictException", text, 409)
    _refuse_short_visibility(source, int(function.timeout))
    _refuse_role(function.role, source)
    mapping = original(backend, spec)
    mapping.function_arn = target
    mapping.checkpoint = mapping.__dict__["begun"] = _start(mapping)
    _detach(mapping)
    return mapping


def _update(
    original: Callable[..., EventSourceMapping | None], backend: LambdaBackend, uuid: str, spec: JsonObject
) -> EventSourceMapping | None:
    mapping = backend.get_event_source_mapping(uuid)
    if mapping is not None:
        _refuse(spec, mapping.event_source_arn)
    changed = original(backend, uuid, spec)
    if changed is not None and "FunctionName" in spec:
        changed.function_arn = _qualified(changed.function_arn, str(spec["FunctionName"]))
    return changed


def _refuse(spec: Mapping[str, object], source: str) -> None:
    """Refuse what this cloud would accept without delivering it."""
    named = [name for name in UNSUPPORTED if spec.get(name)]
    if int(str(spec.get("ParallelizationFactor") or 1)) > 1:
        named.append("ParallelizationFactor")
    if named:
        text = f"The embedded cloud does not provide {', '.join(named)} of an event source mapping."
        raise _client_error("InvalidParameterValueException", text)
    if spec.get("StartingPosition") not in (None, "LATEST", "TRIM_HORIZON"):
        text = "The embedded cloud does not provide StartingPosition AT_TIMESTAMP."
        raise _client_error("InvalidParameterValueException", text)
    service = source.split(":")[2] if source.count(":") >= 5 else source
    if service not in SOURCES:
        text = f"The embedded cloud does not deliver events of {service or 'no source'} to functions."
        raise _client_error("InvalidParameterValueException", text)


def _refuse_role(role_arn: str, source: str) -> None:
    """Lambda reads the source as the function's role."""
    service = source.split(":")[2]
    lacking = [
        action
        for action in READS[service]
        if signers.role_permits(role_arn, f"{service}:{action}", source) is False
    ]
    if not lacking:
        return
    if service == "sqs":
        text = f"The provided execution role does not have permissions to call {lacking[0]} on SQS"
    else:
        text = (
            f"Cannot access stream {source}. Please ensure the role can perform the GetRecords, GetShardIterator,"
            " DescribeStream, and ListStreams Actions on your stream in IAM."
        )
    raise _client_error("InvalidParameterValueException", text)


def _start(mapping: EventSourceMapping) -> int:
    """The last record that the mapping passes over: none, or all that there were when it was created."""
    if ":sqs:" in mapping.event_source_arn:
        return 0
    shard = streams.shard_of(mapping.event_source_arn)
    return streams.latest(shard) if shard is not None and mapping.starting_position == "LATEST" else 0


def _refuse_short_visibility(source: str, timeout: int) -> None:
    """A message that becomes visible again while the function works on it would be worked on twice."""
    region, name = source.split(":")[3], source.rpartition(":")[2]
    queue = backends("sqs")[ACCOUNT][region].queues.get(name) if ":sqs:" in source else None
    if queue is not None and queue.visibility_timeout < timeout:
        text = (
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout:"
            f" {timeout} seconds"
        )
        raise _client_error("InvalidParameterValueException", text)


def _qualified(arn: str, name: str) -> str:
    """The function's ARN with the version or alias that `name` has; moto resolves an alias to its version."""
    plain = ":".join(arn.split(":")[:7])
    _, qualifier = name_and_qualifier(name)
    return f"{plain}:{qualifier}" if qualifier else plain


def _detach(mapping: EventSourceMapping) -> None:
    """Take the mapping from its queue, where moto would run the function by Docker. See `streams` for tables."""
    region = mapping.event_source_arn.split(":")[3]
    for queue in backends("sqs")[ACCOUNT][region].queues.values():
        queue.lambda_event_source_mappings.clear()


def _client_error(code: str, message: str, status: int = 400) -> Exception:
    from moto.awslambda.exceptions import LambdaClientError

    error = LambdaClientError(code, message)
    error.code = status
    return error
