"""CloudFormation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from accountsctl.model.events import Listener, StackEvent

TemplateBody = Mapping[str, Any]
"""A CloudFormation template as JSON."""


@dataclass(frozen=True)
class DeployedStack:
    """A root stack as it is now. `children` maps a nested stack's logical id to its ARN."""

    name: str
    status: str
    tags: Mapping[str, str]
    template: TemplateBody
    outputs: Mapping[str, str]
    children: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The root's parameters; those with NoEcho are masked by AWS."""
    changed: datetime | None = None
    """When its last update began, or its creation."""


@dataclass(frozen=True)
class Ending:
    """How an operation on a stack ended. `failure` is its first cause; None if it succeeded or reported none."""

    status: str
    succeeded: bool
    failure: StackEvent | None = None


@dataclass(frozen=True)
class IntendedChange:
    """What a change set would do with one resource: AWS's own ``Action`` and ``Replacement``.

    `path` are the logical ids from the root: of its nested stack, if it is in one, and its own.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
    """

    path: tuple[str, ...]
    type: str
    action: str
    replacement: str = ""
    dynamic: bool = False
    """Whether AWS will only know while it executes the change set if anything changes: a value comes from an output."""

    @property
    def stack(self) -> str:
        """The logical id of the root's nested stack that it is in; empty for a resource of the root itself."""
        return self.path[0] if len(self.path) > 1 else ""

    @property
    def name(self) -> str:
        """The resource's own logical id."""
        return self.path[-1]

    @property
    def ends_resource(self) -> bool:
        """Whether the resource surely is deleted or replaced."""
        return self.action == "Remove" or self.replacement == "True"


Review = Callable[[Sequence[IntendedChange]], None]
"""Raises AccountsctlError to have the change set discarded instead of executed."""


def accept(_: Sequence[IntendedChange]) -> None:
    """A review that accepts every change set."""


class Stacks(Protocol):
    """CloudFormation (adapter: `adapters.aws.stacks`)."""

    def current(self, name: str) -> DeployedStack | None:
        """The deployed root stack, or None if there is none."""

    def template(self, stack: str) -> TemplateBody:
        """The template of any stack, nested ones by ARN, as it was uploaded."""

    def outputs(self, stack: str) -> Mapping[str, str]:
        """The outputs of any stack."""

    def deploy(
        self,
        name: str,
        template: str,
        tags: Mapping[str, str],
        *,
        create: bool,
        listen: Listener,
        review: Review = accept,
    ) -> Ending | None:
        """Send a template through one change set over nested stacks and follow it to its end.

        None if CloudFormation finds nothing to change. Never raises for a failed stack. `review` sees what the
        change set would do before it is executed.
        """
