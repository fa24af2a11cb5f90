"""What CloudFormation remembers: stacks, resources, steps of a running operation. Plain, JSON-able data.

Property values are kept as the template gives them once intrinsics are evaluated; a dynamic reference
(``{{resolve:...}}``) stays the text that it is, so no secret is stored, and comparing old with new
compares what the author wrote.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accountsctl.localcloud.cloudformation.runtime.shapes import (
    ChangeSetRequest,
    EventRecord,
    OperationEventRecord,
    ResourceChange,
    ResourceDriftRecord,
    RollbackConfiguration,
    StackOutput,
)
from accountsctl.localcloud.cloudformation.template.members import CUSTOM_RESOURCE as CUSTOM_RESOURCE
from accountsctl.localcloud.cloudformation.template.members import is_custom as is_custom

STACK_TYPE = "AWS::CloudFormation::Stack"
WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"
WAIT_HANDLE = "AWS::CloudFormation::WaitConditionHandle"
MACRO_TYPE = "AWS::CloudFormation::Macro"


def now() -> str:
    """This moment, as the query protocol writes timestamps."""
    return timestamp(dt.datetime.now(dt.UTC))


def timestamp(moment: dt.datetime) -> str:
    """A moment as text; in this form the earlier one is the lesser one."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass
class Record:
    """A resource of a stack: what was asked for, what exists, how it stands."""

    logical_id: str
    type: str
    token: str
    physical_id: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    metadata: Any = None
    tags: dict[str, str] = field(default_factory=dict)
    deletion_policy: str | None = None
    update_replace_policy: str | None = None
    depends_on: list[str] = field(default_factory=list)
    status: str = "CREATE_IN_PROGRESS"
    reason: str | None = None
    timestamp: str = ""
    initiated: bool = False
    imported: bool = False
    no_echo: bool = False

    @property
    def exists(self) -> bool:
        return self.physical_id is not None and self.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")


@dataclass
class Definition:
    """What a stack was last asked to be, and what came of it."""

    text: str = ""
    processed: str | None = None  # what a transform made of the text
    given: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    adopts: bool = False
    outputs: list[StackOutput] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    description: str | None = None
    no_echo: list[str] = field(default_factory=list)
    ssm_defaults: dict[str, str] = field(default_factory=dict)
    """The names of SSM parameters that stand for parameters' values because the caller gave no other."""


class StepKind(StrEnum):
    """What a step did; DISCARD takes the place of REPLACE once the old resource is back in force."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    KEEP = "keep"
    DISCARD = "discard"


@dataclass
class Step:
    """One thing that a running update did, written down before it is done, so that it can be undone.

    `before` is the record as it was, None if the update creates it; `wanted` are the properties that were
    being applied.
    """

    logical_id: str
    action: StepKind
    before: Record | None
    wanted: dict[str, Any]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Step:
        """The step of this JSON."""
        before = Record(**data["before"]) if data["before"] else None
        return cls(data["logical_id"], StepKind(data["action"]), before, data["wanted"])


@dataclass
class StackDrift:
    """The result of a stack's last drift detection; `resources` by logical id, only those that were checked."""

    status: str = "NOT_CHECKED"
    checked: str | None = None
    resources: dict[str, ResourceDriftRecord] = field(default_factory=dict)


@dataclass
class Stack:
    """A stack with its whole history. `journal` and `pending_delete` live from an update's start to its clean-up."""

    id: str
    name: str
    region: str
    created: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    definition: Definition = field(default_factory=Definition)
    previous: Definition | None = None
    resources: dict[str, Record] = field(default_factory=dict)
    events: list[EventRecord] = field(default_factory=list)
    journal: list[Step] = field(default_factory=list)
    pending_delete: list[str] = field(default_factory=list)
    updated: str | None = None
    deleted: str | None = None
    parent_id: str | None = None
    root_id: str | None = None
    protected: bool = False
    policy: str | None = None
    policy_during_update: str | None = None
    timeout_minutes: int | None = None
    deletion_mode: str | None = None
    rollback: RollbackConfiguration | None = None
    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    retained: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notification_arns: list[str] = field(default_factory=list)
    token: str | None = None
    operation_id: str = ""
    operation_type: str = ""
    change_set_id: str | None = None
    role: str | None = None
    drift: StackDrift = field(default_factory=StackDrift)

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @classmethod
    def parse(cls, data: dict[str, Any]) -> Stack:
        """The stack of this JSON, which has an object for each dataclass."""
        fields = dict(data)
        if "doomed" in fields:
            # The name of this list in states that were saved before it was renamed.
            fields["pending_delete"] = fields.pop("doomed")
        fields["definition"] = Definition(**fields["definition"])
        fields["previous"] = Definition(**fields["previous"]) if fields["previous"] else None
        fields["resources"] = {name: Record(**record) for name, record in fields["resources"].items()}
        fields["drift"] = StackDrift(**fields.get("drift", {}))
        fields["journal"] = [Step.parse(step) for step in fields["journal"]]
        return cls(**fields)


@dataclass
class ChangeSet:
    """A change set; `changes` are AWS's ResourceChange structures, worked out when it was created."""

    id: str
    name: str
    stack_id: str
    stack_name: str
    created: str
    type: str
    request: ChangeSetRequest | None
    status: str = "CREATE_IN_PROGRESS"
    status_reason: str | None = None
    execution_status: str = "UNAVAILABLE"
    description: str | None = None
    include_nested: bool = False
    on_stack_failure: str | None = None
    changes: list[ResourceChange] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    parent_id: str | None = None
    root_id: str | None = None
    token: str | None = None
    role: str | None = None
    events: list[OperationEventRecord] = field(default_factory=list)
