"""The shapes of CloudFormation's API that are kept as data, under AWS's own member names."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NotRequired, TypeAlias, TypedDict

Properties: TypeAlias = Mapping[str, Any]
"""Properties of a resource. Their values are open JSON: only the schema of the type knows more."""

TemplateValue: TypeAlias = Any
"""What an expression of a template evaluates to: JSON, UNKNOWN while planning, or NO_VALUE."""


class StackOutput(TypedDict):
    OutputKey: str
    OutputValue: str
    Description: NotRequired[str]
    ExportName: NotRequired[str]


class EventRecord(TypedDict):
    EventId: str
    StackId: str
    StackName: str
    LogicalResourceId: str
    PhysicalResourceId: str
    ResourceType: str
    Timestamp: str
    ResourceStatus: str
    OperationId: str
    OperationType: str
    ResourceStatusReason: NotRequired[str]
    ResourceProperties: NotRequired[str]
    ClientRequestToken: NotRequired[str]


class OperationEventRecord(TypedDict):
    """What DescribeEvents lists of a change set: one fault that early validation found."""

    EventId: str
    StackId: str
    OperationId: str
    OperationType: str
    EventType: str
    LogicalResourceId: str
    PhysicalResourceId: str
    ResourceType: str
    Timestamp: str
    ValidationFailureMode: str
    ValidationName: str
    ValidationStatus: str
    ValidationStatusReason: str
    ValidationPath: str


class RollbackTrigger(TypedDict):
    """An alarm; while it is on, an operation is rolled back."""

    Arn: str
    Type: str


class RollbackConfiguration(TypedDict, total=False):
    """The alarms of a stack's operations, and how long they are watched once the resources are done."""

    RollbackTriggers: list[RollbackTrigger]
    MonitoringTimeInMinutes: int


class PropertyDifference(TypedDict):
    """One property that is not as the template sets it; both values are text."""

    PropertyPath: str
    ExpectedValue: str
    ActualValue: str
    DifferenceType: str


class ResourceDriftRecord(TypedDict):
    """A StackResourceDrift of the API. The properties are JSON texts; a deleted resource has none."""

    StackId: str
    LogicalResourceId: str
    PhysicalResourceId: str
    ResourceType: str
    StackResourceDriftStatus: str
    Timestamp: str
    ExpectedProperties: NotRequired[str]
    ActualProperties: NotRequired[str]
    PropertyDifferences: NotRequired[list[PropertyDifference]]
    DriftStatusReason: NotRequired[str]


class ChangeAction(StrEnum):
    ADD = "Add"
    IMPORT = "Import"
    MODIFY = "Modify"
    REMOVE = "Remove"


class ReplacementLevel(StrEnum):
    """Whether a change replaces its resource."""

    YES = "True"
    MAYBE = "Conditional"
    NO = "False"


class Recreation(StrEnum):
    """RequiresRecreation: whether the change of one property replaces its resource."""

    NEVER = "Never"
    CONDITIONALLY = "Conditionally"
    ALWAYS = "Always"


class ChangeTarget(TypedDict):
    Attribute: str
    RequiresRecreation: Recreation
    Name: NotRequired[str]
    Path: NotRequired[str]
    AttributeChangeType: NotRequired[ChangeAction]
    BeforeValue: NotRequired[str]
    AfterValue: NotRequired[str]


class ChangeDetail(TypedDict):
    Target: ChangeTarget
    Evaluation: str
    ChangeSource: str
    CausingEntity: NotRequired[str]
    WithValues: NotRequired[bool]
    """Whether AWS lists the detail only where IncludePropertyValues asks for values (True), or only where it does not
    (False); no member of the API."""


class ResourceChange(TypedDict):
    Action: ChangeAction
    LogicalResourceId: str
    ResourceType: str
    Scope: list[str]
    Details: list[ChangeDetail]
    PhysicalResourceId: NotRequired[str | None]
    PolicyAction: NotRequired[str]
    Replacement: NotRequired[ReplacementLevel]
    BeforeContext: NotRequired[str]
    AfterContext: NotRequired[str]
    ChangeSetId: NotRequired[str]
    Potential: NotRequired[bool]
    """A change that AWS lists only where values are not asked for: what a resource refers to is changed, and its
    own values stay. No member of the API."""


class ChangeSetRequest(TypedDict):
    """What a change set was submitted with: its template and the values of parameters."""

    text: str
    given: dict[str, str]
    tags: dict[str, str]
    capabilities: list[str]
    adopts: NotRequired[bool]
    reviewed: NotRequired[bool]
    notifications: NotRequired[list[str] | None]
    rollback: NotRequired[RollbackConfiguration | None]
