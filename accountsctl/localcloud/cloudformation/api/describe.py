"""Stacks, resources, events and change sets as the API shows them: members of botocore's shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accountsctl.localcloud.cloudformation.planning.preparation import required_capabilities
from accountsctl.localcloud.cloudformation.runtime.shapes import EventRecord, ResourceChange, TemplateValue
from accountsctl.localcloud.cloudformation.runtime.state import ChangeSet, Record, Stack
from accountsctl.localcloud.cloudformation.runtime.store import GONE
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
    gone = described.status == GONE
    return {
        "StackId": described.id,
        "StackName": described.name,
        "ChangeSetId": None if gone else described.change_set_id,
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
        "TimeoutInMinutes": described.timeout_minutes,
        "DeletionMode": described.deletion_mode,
        "RollbackConfiguration": described.rollback or {},
        "Capabilities": definition.capabilities or None,
        "Outputs": (definition.outputs if shown else []) or None,
        "Tags": tags(definition.tags),
        "EnableTerminationProtection": None if gone else described.protected,
        "RoleARN": described.role,
        "ParentId": described.parent_id,
        "RootId": described.root_id,
        "DriftInformation": {
            "StackDriftStatus": described.drift.status,
            "LastCheckTimestamp": described.drift.checked,
        },
        "RetainExceptOnCreate": described.retain_except_on_create or None,
    }


def summary(described: Stack) -> Shape:
    """A member of ListStacks."""
    return {**stack(described), "TemplateDescription": described.definition.description}


def tags(values: dict[str, str]) -> list[Shape]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _parameter(described: Stack, name: str) -> Shape:
    definition = described.definition
    value = definition.parameters.get(name, definition.given.get(name, ""))
    given = definition.given.get(name, definition.ssm_defaults.get(name))
    return _valued(name, value, given, definition.no_echo)


def _valued(name: str, value: TemplateValue, given: TemplateValue, hidden: list[str]) -> Shape:
    """A parameter with its value; what was `given` for an SSM type has another name than what it resolves to."""
    shown = masked(name, value, hidden)
    if given is None or name in hidden or given == shown:
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
        "Metadata": json.dumps(record.metadata if record.metadata is not None else {}),
        "DriftInformation": {
            "StackResourceDriftStatus": drift["StackResourceDriftStatus"] if drift else "NOT_CHECKED",
            "LastCheckTimestamp": drift["Timestamp"] if drift else None,
        },
    }


def stack_event(event: EventRecord) -> Shape:
    """A member of DescribeStackEvents; only DescribeEvents says which operation it belongs to."""
    return {name: value for name, value in event.items() if name not in ("OperationId", "OperationType")}


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
    defaults = (
        {name: known.get("Default", "") for name, known in template.parameters.items()} if template else {}
    )
    known = {**defaults, **given, **described.parameters}
    return {
        **change_set_summary(described),
        "Parameters": [_valued(name, value, given.get(name), hidden) for name, value in known.items()]
        or None,
        "NotificationARNs": (described.request.get("notifications") if described.request else None) or [],
        "RollbackConfiguration": (described.request.get("rollback") if described.request else None) or {},
        "Capabilities": described.request["capabilities"] if described.request else [],
        "Tags": tags(described.request["tags"] if described.request else {}) or None,
        "OnStackFailure": described.on_stack_failure,
        "Changes": _changes(described.changes, values=values),
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
        "ImportExistingResources": bool(described.request and described.request.get("adopts")) or None,
    }


def _changes(changes: Sequence[ResourceChange], *, values: bool) -> list[Shape]:
    """The changes by logical id, as AWS sorts them; what only may change is left out where values are shown."""
    shown = [change for change in changes if not (values and change.get("Potential"))]
    shown.sort(key=lambda change: change["LogicalResourceId"])
    return [{"Type": "Resource", "ResourceChange": _change(change, values=values)} for change in shown]


def _change(change: ResourceChange, *, values: bool) -> Shape:
    hidden = () if values else ("BeforeContext", "AfterContext")
    details = []
    for detail in change["Details"]:
        if detail.get("WithValues", values) is values:
            target = {key: value for key, value in detail["Target"].items() if values or key not in VALUES}
            details.append({**detail, "Target": target})
    return {key: value for key, value in change.items() if key not in hidden} | {"Details": details}


def validation(template: ParsedTemplate) -> Shape:
    """ValidateTemplate."""
    needed, why = required_capabilities(template)
    return {
        "Description": template.description,
        "Parameters": [
            {
                "ParameterKey": name,
                "DefaultValue": masked(name, parameter["Default"], []) if "Default" in parameter else None,
                "NoEcho": name in no_echo(template),
                "Description": parameter.get("Description"),
            }
            for name, parameter in template.parameters.items()
        ],
        "Capabilities": needed or None,
        "CapabilitiesReason": why,
        "DeclaredTransforms": template.transforms or None,
    }


def template_summary(template: ParsedTemplate, identifiers: Callable[[str], Sequence[str]]) -> Shape:
    """GetTemplateSummary; `identifiers` gives the properties of a type that name a resource to import."""
    parameters = template.parameters.values()
    summary_members = validation(template)
    for shown, parameter in zip(summary_members["Parameters"], parameters, strict=True):
        shown["ParameterType"] = parameter["Type"]
        allowed = [str(value) for value in parameter.get("AllowedValues", [])]
        shown["ParameterConstraints"] = {"AllowedValues": allowed}
    return {
        **summary_members,
        "ResourceTypes": sorted({kind for kind, _ in template.typed_resources}),
        "ResourceIdentifierSummaries": [
            {
                "ResourceType": kind,
                "LogicalResourceIds": [
                    name
                    for name, part in template.resources.items()
                    if isinstance(part, Mapping) and part.get("Type") == kind
                ],
                "ResourceIdentifiers": list(identifiers(kind)) or None,
            }
            for kind in dict.fromkeys(kind for kind, _ in template.typed_resources)
        ],
        "Version": template.body.get("AWSTemplateFormatVersion"),
        "Metadata": json.dumps(template.body["Metadata"]) if "Metadata" in template.body else None,
    }
