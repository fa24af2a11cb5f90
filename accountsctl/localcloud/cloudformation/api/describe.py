"""Stacks, resources, events and change sets as the API shows them: members of botocore's shapes."""

from __future__ import annotations

import json
from typing import Any

from accountsctl.localcloud.cloudformation.planning.preparation import required_capabilities
from accountsctl.localcloud.cloudformation.runtime.shapes import EventRecord, ResourceChange
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Record, Stack
from accountsctl.localcloud.cloudformation.template.parameters import masked, no_echo
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, load

Shape = dict[str, Any]
VALUES = ("AfterValue", "AttributeChangeType", "BeforeValue", "Path")
"""What a detail of a change set has only where IncludePropertyValues asks for it."""

HAS_OUTPUTS = ("CREATE_COMPLETE", "UPDATE", "DELETE")


def stack(described: Stack) -> Shape:
    """A member of DescribeStacks."""
    definition = described.definition
    shown = described.status.startswith(HAS_OUTPUTS)
    return {
        "StackId": described.id,
        "StackName": described.name,
        "ChangeSetId": described.change_set_id,
        "Description": definition.description,
        "Parameters": [_parameter(described, name) for name in (definition.parameters or definition.given)]
        or None,
        "CreationTime": described.created,
        "LastUpdatedTime": described.updated,
        "DeletionTime": described.deleted,
        "StackStatus": described.status,
        "StackStatusReason": described.reason,
        "DisableRollback": described.on_failure == "DO_NOTHING",
        "NotificationARNs": described.notification_arns,
        "Capabilities": definition.capabilities or None,
        "Outputs": (definition.outputs if shown else []) or None,
        "Tags": tags(definition.tags),
        "EnableTerminationProtection": described.protected,
        "RoleARN": described.role,
        "ParentId": described.parent_id,
        "RootId": described.root_id,
        "DriftInformation": {
            "StackDriftStatus": described.drift.status,
            "LastCheckTimestamp": described.drift.checked,
        },
        "RetainExceptOnCreate": described.retain_except_on_create,
    }


def summary(described: Stack) -> Shape:
    """A member of ListStacks."""
    return {**stack(described), "TemplateDescription": described.definition.description}


def tags(values: dict[str, str]) -> list[Shape]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _parameter(described: Stack, name: str) -> Shape:
    definition = described.definition
    value = definition.parameters.get(name, definition.given.get(name, ""))
    shown = masked(name, value, definition.no_echo)
    given = definition.given.get(name)
    if given is None or name in definition.no_echo or given == shown:
        return {"ParameterKey": name, "ParameterValue": shown}
    resolved = shown.replace(" ", "") != str(given).replace(" ", "")
    return {
        "ParameterKey": name,
        "ParameterValue": str(given),
        "ResolvedValue": shown if resolved else None,
    }


def resource(owner: Stack, record: Record) -> Shape:
    """A resource as DescribeStackResource(s) and ListStackResources show it."""
    drift = owner.drift.resources.get(record.logical_id)
    return {
        "StackName": owner.name,
        "StackId": owner.id,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Timestamp": record.timestamp,
        "LastUpdatedTimestamp": record.timestamp,
        "ResourceStatus": record.status,
        "ResourceStatusReason": record.reason,
        "Metadata": json.dumps(record.metadata) if record.metadata is not None else None,
        "DriftInformation": {
            "StackResourceDriftStatus": drift["StackResourceDriftStatus"] if drift else "NOT_CHECKED",
            "LastCheckTimestamp": drift["Timestamp"] if drift else None,
        },
    }


def operation_event(event: EventRecord) -> Shape:
    """A member of DescribeEvents: a stack event, or the failure that a handler reported."""
    failed = event["ResourceStatus"].endswith("_FAILED")
    own = event["PhysicalResourceId"] == event["StackId"]
    kind = "STACK_EVENT" if own else "PROVISIONING_ERROR" if failed else "PROGRESS_EVENT"
    status = (
        "FAILED" if failed else "IN_PROGRESS" if "IN_PROGRESS" in event["ResourceStatus"] else "SUCCEEDED"
    )
    return {**event, "EventType": kind, "OperationStatus": status if own else None}


def change_set(described: ChangeSet, values: bool) -> Shape:
    """DescribeChangeSet; `values` is IncludePropertyValues."""
    template = load(described.request["text"]) if described.request else None
    hidden = no_echo(template) if template else []
    given = described.request["given"] if described.request else {}
    return {
        **change_set_summary(described),
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": masked(name, value, hidden)}
            for name, value in given.items()
        ],
        "Capabilities": described.request["capabilities"] if described.request else [],
        "Tags": tags(described.request["tags"] if described.request else {}),
        "OnStackFailure": described.on_stack_failure,
        "Changes": [
            {"Type": "Resource", "ResourceChange": change if values else _without_values(change)}
            for change in described.changes
        ],
    }


def change_set_summary(described: ChangeSet) -> Shape:
    """A member of ListChangeSets."""
    return {
        "ChangeSetName": described.name,
        "ChangeSetId": described.id,
        "StackId": described.stack_id or None,
        "StackName": described.stack_name,
        "Description": described.description,
        "CreationTime": described.created,
        "ExecutionStatus": described.execution_status,
        "Status": described.status,
        "StatusReason": described.status_reason,
        "IncludeNestedStacks": described.include_nested,
        "ParentChangeSetId": described.parent_id,
        "RootChangeSetId": described.root_id,
        "ImportExistingResources": bool(described.request and described.request.get("adopts")),
    }


def _without_values(change: ResourceChange) -> Shape:
    dropped = ("BeforeContext", "AfterContext")
    details = []
    for detail in change["Details"]:
        target = {key: value for key, value in detail["Target"].items() if key not in VALUES}
        details.append({**detail, "Target": target})
    return {key: value for key, value in change.items() if key not in dropped} | {"Details": details}


def template_summary(template: ParsedTemplate) -> Shape:
    """GetTemplateSummary and ValidateTemplate."""
    needed, why = required_capabilities(template)
    return {
        "Description": template.description,
        "Parameters": [
            {
                "ParameterKey": name,
                "DefaultValue": masked(name, parameter["Default"], []) if "Default" in parameter else None,
                "ParameterType": parameter["Type"],
                "NoEcho": name in no_echo(template),
                "Description": parameter.get("Description"),
                "ParameterConstraints": {
                    "AllowedValues": [str(v) for v in parameter.get("AllowedValues", [])]
                },
            }
            for name, parameter in template.parameters.items()
        ],
        "Capabilities": needed,
        "CapabilitiesReason": why,
        "ResourceTypes": sorted({kind for kind, _ in template.typed_resources}),
        "Version": template.body.get("AWSTemplateFormatVersion"),
        "Metadata": json.dumps(template.body["Metadata"]) if "Metadata" in template.body else None,
        "DeclaredTransforms": template.transforms,
    }
