"""Early validation: what a change set is refused for before anything is created.

Two checks refuse, each under its own name: properties that the resource's schema does not allow, and names
that exist already. A change set reports only which checks failed; which resource it was, and why, is reported by
DescribeEvents. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
The messages of required properties and of existing names are AWS's own; those of other faults follow their form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.planning.planner import PlannedResource, StackPlan
from accountsctl.localcloud.cloudformation.runtime.shapes import OperationEventRecord, TemplateValue
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, ChangeSet, new_id, now
from accountsctl.localcloud.cloudformation.template.functions import unknown_within


class Validation(StrEnum):
    """A check, by the name under which a change set reports it."""

    PROPERTIES = "AWS::EarlyValidation::PropertyValidation"
    NAMES = "AWS::EarlyValidation::ResourceExistenceCheck"


EVENT_NAMES = {
    Validation.PROPERTIES: "PROPERTY_VALIDATION",
    Validation.NAMES: "NAME_CONFLICT_VALIDATION",
}
Look = Callable[[Any, str], object]
"""Looks for a resource by its name: raises ClientError, or returns something empty, if there is none."""

LOOKS: dict[str, tuple[str, Look]] = {
    "AWS::IAM::Role": ("iam", lambda iam, name: iam.get_role(RoleName=name)),
    "AWS::Lambda::Function": ("lambda", lambda functions, name: functions.get_function(FunctionName=name)),
    "AWS::Logs::LogGroup": ("logs", lambda logs, name: _log_group(logs, name)),
    "AWS::RDS::DBCluster": ("rds", lambda rds, name: rds.describe_db_clusters(DBClusterIdentifier=name)),
    "AWS::RDS::DBInstance": ("rds", lambda rds, name: rds.describe_db_instances(DBInstanceIdentifier=name)),
    "AWS::RDS::DBSubnetGroup": (
        "rds",
        lambda rds, name: rds.describe_db_subnet_groups(DBSubnetGroupName=name),
    ),
    "AWS::S3::Bucket": ("s3", lambda s3, name: s3.head_bucket(Bucket=name)),
    "AWS::SSM::Parameter": ("ssm", lambda ssm, name: ssm.get_parameter(Name=name)),
}


@dataclass(frozen=True)
class ValidationFault:
    """One thing that early validation refuses; `pointer` is below the template's top."""

    validation: Validation
    resource: PlannedResource
    pointer: str
    message: str


def validate(runtime: StackRuntime, region: str, plan: StackPlan) -> list[ValidationFault]:
    """What early validation refuses of one stack's own resources, in the order in which they are created."""
    found: list[ValidationFault] = []
    for resource in plan.resources:
        if resource.type != STACK_TYPE:
            found += _properties(runtime, resource)
            found += _name(runtime, region, resource)
    return found


def reason(faults: Sequence[ValidationFault]) -> str:
    """The StatusReason of a change set that early validation refused."""
    names = ", ".join(dict.fromkeys(fault.validation.value for fault in faults))
    return (
        f"The following hook(s)/validation failed: [{names}]. To troubleshoot Early Validation errors, "
        "use the DescribeEvents API for detailed failure information."
    )


def events(change_set: ChangeSet, faults: Sequence[ValidationFault]) -> list[OperationEventRecord]:
    """What DescribeEvents lists of a change set."""
    operation = new_id()
    return [
        {
            "EventId": new_id(),
            "StackId": change_set.stack_id,
            "OperationId": operation,
            "OperationType": "CREATE_CHANGESET",
            "EventType": "VALIDATION_ERROR",
            "LogicalResourceId": fault.resource.logical_id,
            "PhysicalResourceId": "",
            "ResourceType": fault.resource.type,
            "Timestamp": now(),
            "ValidationFailureMode": "FAIL",
            "ValidationName": EVENT_NAMES[fault.validation],
            "ValidationStatus": "FAILED",
            "ValidationStatusReason": fault.message,
            "ValidationPath": fault.pointer,
        }
        for fault in faults
    ]


def _properties(runtime: StackRuntime, resource: PlannedResource) -> Iterator[ValidationFault]:
    schema = runtime.schema(resource.type)
    for pointer, message in schema.findings(resource.properties, _undecided) if schema else ():
        place = f"/Resources/{resource.logical_id}/Properties{pointer}"
        yield ValidationFault(Validation.PROPERTIES, resource, place, message)


def _undecided(value: TemplateValue) -> bool:
    """Whether a value is known only when its resource is created: of another resource, or by reference."""
    return unknown_within(value) or "{{resolve:" in json.dumps(value, default=str)


def _name(runtime: StackRuntime, region: str, resource: PlannedResource) -> Iterator[ValidationFault]:
    schema = runtime.schema(resource.type)
    identifier = schema.primary_identifier if schema else ()
    if len(identifier) != 1 or not (resource.created or resource.replaced):
        return
    name = resource.properties.get(identifier[0])
    if not isinstance(name, str) or _undecided(name):
        return
    name = name.lower() if resource.type.startswith("AWS::RDS::") else name
    # A replacement under the same name is refused by its own sentence when it is executed.
    if name != resource.replaced and _exists(runtime, region, resource.type, name):
        message = f"Resource of type '{resource.type}' with identifier '{name}' already exists."
        yield ValidationFault(Validation.NAMES, resource, f"/Resources/{resource.logical_id}", message)


def _exists(runtime: StackRuntime, region: str, resource_type: str, name: str) -> bool:
    with runtime.store.lock:
        for stack in runtime.store.stacks.values():
            if stack.region == region and any(
                record.exists and (record.type, record.physical_id) == (resource_type, name)
                for record in stack.resources.values()
            ):
                return True
    if resource_type not in LOOKS:
        return False
    service, look = LOOKS[resource_type]
    try:
        return bool(look(runtime.clients(service, region), name))
    except ClientError:
        return False


def _log_group(logs: Any, name: str) -> bool:
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return any(group["logGroupName"] == name for group in groups)
