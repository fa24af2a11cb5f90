"""Calling a resource's provider the way CloudFormation calls a handler, and wording what it says.

Before a call dynamic references are resolved and the properties are checked against the schema; the
provider gets them with the types that its schema declares. `explain` turns any refusal into the
ResourceStatusReason that AWS would show.
"""

# ruff: noqa: ARG002 - one signature for every handler and provider

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.planner import StackPlan
from accountsctl.localcloud.cloudformation.providers.base import (
    ProvidedResource,
    Provider,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import refuse, tag_map
from accountsctl.localcloud.cloudformation.providers.fixed_properties import refusal
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import Record, Stack
from accountsctl.localcloud.cloudformation.template.limits import check_tag_keys
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

log = logging.getLogger(__name__)

WITHOUT_HANDLER_SCHEMA = ("AWS::SSM::Parameter",)
"""Types whose properties CloudFormation checks by itself, in words of its own (recorded on AWS)."""

REQUIRED = re.compile(r"#: required key \[(.+)\] not found")


class ResourceHandler(Protocol):
    """What the engine asks of a resource, be it a provider's or a nested stack."""

    def create(
        self, stack: Stack, record: Record, properties: Properties, plan: StackPlan | None = None
    ) -> ProvidedResource:
        """`plan` is that of a nested stack; None if there is none for these properties."""

    def update(
        self,
        stack: Stack,
        record: Record,
        old: Properties,
        new: Properties,
        plan: StackPlan | None = None,
    ) -> ProvidedResource: ...

    def revert(self, stack: Stack, record: Record, attempted: Properties, before: Record) -> ProvidedResource:
        """Undo an update that was tried: bring the resource back to `before`."""

    def commit(self, stack: Stack, record: Record) -> None:
        """The whole operation succeeded: what was kept for a rollback may go."""

    def delete(self, stack: Stack, record: Record) -> None: ...

    def snapshot(self, stack: Stack, record: Record) -> None: ...


class ProviderHandler:
    """The handler of every type but nested stacks."""

    def __init__(self, runtime: StackRuntime) -> None:
        self._runtime = runtime

    def create(
        self, stack: Stack, record: Record, properties: Properties, plan: StackPlan | None = None
    ) -> ProvidedResource:
        ready = self._ready(stack, record, properties)
        return self._provider(record).create(self._runtime.context(stack, record), ready)

    def update(
        self,
        stack: Stack,
        record: Record,
        old: Properties,
        new: Properties,
        plan: StackPlan | None = None,
    ) -> ProvidedResource:
        ready = self._ready(stack, record, new)
        before = self._converted(record, self._runtime.resolve(dict(old), stack.region))
        assert record.physical_id is not None
        message = refusal(record.type, record.physical_id, before, ready)
        if message is not None:
            raise CloudFormationError(_returned(message, "NotUpdatable"))
        context = self._runtime.context(stack, record)
        return self._provider(record).update(context, record.physical_id, before, ready)

    def revert(self, stack: Stack, record: Record, attempted: Properties, before: Record) -> ProvidedResource:
        wanted = self._ready(stack, record, before.properties)
        tried = self._converted(record, self._runtime.resolve(dict(attempted), stack.region))
        assert record.physical_id is not None
        context = replace(self._runtime.context(stack, record), rollback=True)
        return self._provider(record).update(context, record.physical_id, tried, wanted)

    def commit(self, stack: Stack, record: Record) -> None:
        """Nothing is kept for a rollback beyond the old properties."""

    def delete(self, stack: Stack, record: Record) -> None:
        assert record.physical_id is not None
        context = self._runtime.context(stack, record)
        # A secret that the properties name may be gone by now, and no handler needs it to delete.
        self._provider(record).delete(context, record.physical_id, record.properties)

    def snapshot(self, stack: Stack, record: Record) -> None:
        take = getattr(self._provider(record), "snapshot", None)
        if take is None:
            raise CloudFormationError(f"Resource type {record.type} does not support the Snapshot policy")
        take(self._runtime.context(stack, record), record.physical_id, record.properties)

    def _provider(self, record: Record) -> Provider:
        provider = self._runtime.provider(record.type)
        assert provider is not None  # checked before anything was created
        return provider

    def _ready(self, stack: Stack, record: Record, properties: Properties) -> dict[str, Any]:
        resolved = self._runtime.resolve(dict(properties), stack.region)
        schema = self._runtime.schema(record.type)
        faults = schema.faults(resolved) if schema else []
        if faults:
            raise CloudFormationError(_faults(record, faults))
        converted = self._converted(record, resolved)
        _check_tags(converted)
        set_here = {
            name: value for name, value in converted.items() if value not in (None, False, "", [], {})
        }
        try:
            refuse(set_here, UNSUPPORTED_PROPERTIES.get(record.type, ""))
        except ProviderError as error:
            raise CloudFormationError(explain(error)) from error
        return converted

    def _converted(self, record: Record, properties: dict[str, Any]) -> dict[str, Any]:
        schema = self._runtime.schema(record.type)
        return schema.coerced(properties) if schema else properties


def _check_tags(properties: Properties) -> None:
    """Raise CloudFormationError for a tag of a resource that only AWS itself may set: every service refuses it."""
    for name, tags in properties.items():
        if name.endswith("Tags") and isinstance(tags, list | Mapping):
            try:
                check_tag_keys(tag_map(tags))
            except CloudFormationError as error:
                raise CloudFormationError(_returned(str(error), "InvalidRequest")) from error


def _faults(record: Record, faults: list[str]) -> str:
    if record.type in WITHOUT_HANDLER_SCHEMA:
        required = [REQUIRED.fullmatch(fault) for fault in faults]
        if all(required):
            named = "; ".join(f"The property {{/{match[1]}}} is required" for match in required if match)
            return f"Property validation failure: [{named}]"
    alone = [fault for fault in faults if not fault.startswith("#")]
    keyed = [f"[{fault}]" for fault in faults if fault.startswith("#")]
    if keyed:
        keyed = [
            f"Properties validation failed for resource {record.logical_id} with message:\n"
            + "\n".join(keyed)
        ]
    return "\n".join(alone + keyed)


def explain(error: Exception, resource_type: str = "") -> str:
    """The ResourceStatusReason for what a handler raised."""
    if isinstance(error, CloudFormationError):
        return str(error)
    if isinstance(error, ProviderError):
        return str(error) if error.code is None else _returned(str(error), error.code)
    if isinstance(error, ClientError):
        return _service_refusal(error, resource_type)
    # No refusal of ours or of a service: most likely a bug of ours, wrong parameters of a call included.
    log.error("a resource failed unexpectedly", exc_info=error)
    return _returned(f"{type(error).__name__}: {error}", "InternalFailure")


def _service_refusal(error: ClientError, resource_type: str) -> str:
    detail = error.response.get("Error", {})
    answer = error.response.get("ResponseMetadata", {})
    status = answer.get("HTTPStatusCode", 400)
    message = detail.get("Message") or detail.get("Code", "")
    request_id = answer.get("RequestId") or uuid.uuid4()
    parts = resource_type.split("::")
    service = parts[1] if len(parts) == 3 else str(error.operation_name)
    service = service.capitalize() if service.isupper() else service  # as AWS's SDK spells them: Rds, Lambda
    text = f"{message} (Service: {service}, Status Code: {status}, Request ID: {request_id})"
    return _returned(text, _handler_code(str(detail.get("Code", "")), status))


def _returned(message: str, code: str) -> str:
    return (
        f'Resource handler returned message: "{message}" '
        f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})"
    )


def _handler_code(code: str, status: int) -> str:
    table = {
        "AlreadyExist": "AlreadyExists",
        "EntityAlreadyExists": "AlreadyExists",
        "BucketAlreadyOwnedByYou": "AlreadyExists",
        "Duplicate": "AlreadyExists",
        "NotFound": "NotFound",
        "NoSuch": "NotFound",
        "AccessDenied": "AccessDenied",
        "Throttl": "Throttling",
        "LimitExceeded": "ServiceLimitExceeded",
        "Quota": "ServiceLimitExceeded",
        "Conflict": "ResourceConflict",
    }
    found = [meaning for part, meaning in table.items() if part in code]
    if found:
        return found[0]
    return "GeneralServiceException" if status >= 500 else "InvalidRequest"
