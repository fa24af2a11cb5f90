"""What the values of a template may depend on: the stack, its parameters, and the resources that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TemplateValue = Any
"""What an expression evaluates to: any JSON value, UNKNOWN, or NO_VALUE; its shape is the template's choice."""

NO_VALUE = object()
"""The value of AWS::NoValue: whatever holds it leaves it out."""

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html"""


@dataclass(frozen=True)
class Known:
    """What `Ref` and `Fn::GetAtt` return for a resource."""

    physical_id: str
    attributes: Mapping[str, TemplateValue]


@dataclass(frozen=True)
class Scope:
    """The inputs of a template's values that are not in the template itself."""

    region: str
    stack_id: str
    stack_name: str
    parameters: Mapping[str, TemplateValue]
    zones: Callable[[str], list[str]]
    export: Callable[[str], str | None]
    output: Callable[[str, str, str | None], str]
    """The value of another stack's output, by the stack, the output and the region."""
    notification_arns: list[str] = field(default_factory=list)
    planning: bool = False
    change_set: bool = False
    """Planning for a change set over nested stacks, in which AWS evaluates less than an update does."""
