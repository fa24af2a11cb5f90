"""Drift detection: every resource of a stack is read back and compared with what its template sets.

A resource whose provider cannot read it back is not checked, as on AWS one that does not support drift detection:
it has no result. See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.planning.property_differences import property_differences
from accountsctl.localcloud.cloudformation.providers.attachments import (
    Attachment,
    attachments,
    without_attached,
)
from accountsctl.localcloud.cloudformation.providers.base import ProviderError
from accountsctl.localcloud.cloudformation.providers.calls import GONE
from accountsctl.localcloud.cloudformation.providers.reading import Readable
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties, ResourceDriftRecord
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Record, Stack, StackDrift, now
from accountsctl.localcloud.cloudformation.runtime.store import hide, secrets_of

log = logging.getLogger(__name__)
DRIFTED = ("MODIFIED", "DELETED")
DYNAMIC = "{{resolve:"


@dataclass(frozen=True)
class Detector:
    """Detects the drift of stacks at rest; it changes nothing but the results that stacks remember."""

    runtime: StackRuntime

    def check_stack(self, stack: Stack, only: Iterable[str]) -> bool:
        """Check the resources `only`, or all if it is empty; returns whether all of them could be read.

        Results of a stack that an operation has changed meanwhile are dropped.
        """
        operation = stack.operation_id
        wanted = frozenset(only)
        records = [
            record
            for record in list(stack.resources.values())
            if record.exists and (not wanted or record.logical_id in wanted)
        ]
        results = [result for record in records if (result := self.check(stack, record)) is not None]
        with self.runtime.store.lock:
            if stack.operation_id != operation:
                return False
            merged = {**stack.drift.resources, **{drift["LogicalResourceId"]: drift for drift in results}}
            states = {drift["StackResourceDriftStatus"] for drift in merged.values()}
            status = "DRIFTED" if states & set(DRIFTED) else "UNKNOWN" if "UNKNOWN" in states else "IN_SYNC"
            stack.drift = StackDrift(status, now(), merged)
        self.runtime.store.changed()
        return all(drift["StackResourceDriftStatus"] != "UNKNOWN" for drift in results)

    def check(self, stack: Stack, record: Record) -> ResourceDriftRecord | None:
        """The drift of one resource; None if its type does not support drift detection."""
        provider: object = self.runtime.provider(record.type)
        if record.type != STACK_TYPE and not isinstance(provider, Readable):
            return None
        expected = self._expected(record)
        try:
            if isinstance(provider, Readable):
                context = self.runtime.context(stack, record)
                actual = provider.read(context, record.physical_id or "", expected)
                actual = without_attached(expected, actual, _attached(stack, record))
            else:
                actual = self._nested(record)
        except (ClientError, ProviderError) as error:
            if not is_gone(error):
                return _result(stack, record, "UNKNOWN", reason=str(error))
            return _result(stack, record, "DELETED")
        except Exception as error:
            log.exception("%s could not be read", record.logical_id)
            return _result(stack, record, "UNKNOWN", reason=f"Internal Failure: {type(error).__name__}")
        return _compared(stack, record, expected, actual)

    def _expected(self, record: Record) -> Properties:
        """What the template sets, with the types of the schema; secrets from outside are not compared."""
        schema = self.runtime.schema(record.type)
        properties: Properties = schema.coerced(record.properties) if schema else record.properties
        for path in schema.write_only if schema else ():
            properties = _without(properties, path.split("/"))
        return {name: value for name, value in properties.items() if DYNAMIC not in json.dumps(value)}

    def _nested(self, record: Record) -> Properties:
        """A nested stack as a resource: its parameters."""
        child = self.runtime.store.stacks.get(record.physical_id or "")
        if child is None or child.status == "DELETE_COMPLETE":
            raise ProviderError("The stack does not exist", "NotFound")
        return {"Parameters": dict(child.definition.given)}


def _without(properties: Properties, path: list[str]) -> Properties:
    """`properties` without what stands at a path, and without what is empty then: no service gives it back."""
    name, *rest = path
    inner = properties.get(name)
    if name not in properties or (rest and not isinstance(inner, Mapping)):
        return properties
    left = _without(inner, rest) if rest and inner else None
    others = {key: value for key, value in properties.items() if key != name}
    return {**others, name: left} if left else others


def _attached(stack: Stack, record: Record) -> Iterator[Attachment]:
    """What the stack's other resources attach to this one."""
    for other in list(stack.resources.values()):
        if other.exists:
            for attachment in attachments(other.type, other.physical_id or "", other.properties):
                if (attachment.type, attachment.physical_id) == (record.type, record.physical_id):
                    yield attachment


def is_gone(error: Exception) -> bool:
    """Whether a read failed because there is nothing to read."""
    if not isinstance(error, ClientError | ProviderError):
        return False
    code = error.code or "" if isinstance(error, ProviderError) else error.response["Error"]["Code"]
    return code == "404" or bool(GONE.search(code))


def _compared(stack: Stack, record: Record, expected: Properties, actual: Properties) -> ResourceDriftRecord:
    secrets = secrets_of(stack.definition)
    differences = property_differences(expected, actual)
    result = _result(stack, record, "MODIFIED" if differences else "IN_SYNC")
    result["ExpectedProperties"] = json.dumps(hide(expected, secrets))
    result["ActualProperties"] = json.dumps(hide(_set(actual), secrets), default=str)
    result["PropertyDifferences"] = hide(differences, secrets)
    return result


def _set(actual: Properties) -> Mapping[str, object]:
    return {name: value for name, value in actual.items() if value is not None}


def _result(stack: Stack, record: Record, status: str, reason: str = "") -> ResourceDriftRecord:
    result: ResourceDriftRecord = {
        "StackId": stack.id,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id or "",
        "ResourceType": record.type,
        "StackResourceDriftStatus": status,
        "Timestamp": now(),
    }
    if reason:
        result["DriftStatusReason"] = reason
    return result
