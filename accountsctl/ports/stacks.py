"""CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Ending:
    """How an operation on a stack ended. `failure` is its first cause; None if it succeeded or reported none."""

    status: str
    succeeded: bool
    failure: StackEvent | None = None


class Stacks(Protocol):
    """CloudFormation (adapter: `adapters.aws.stacks`)."""

    def current(self, name: str) -> DeployedStack | None:
        """The deployed root stack, or None if there is none."""

    def template(self, stack: str) -> TemplateBody:
        """The template of any stack, nested ones by ARN, as it was uploaded."""

    def outputs(self, stack: str) -> Mapping[str, str]:
        """The outputs of any stack."""

    def deploy(
        self, name: str, template: str, tags: Mapping[str, str], *, create: bool, listen: Listener
    ) -> Ending | None:
        """Send a template through one change set over nested stacks and follow it to its end.

        None if CloudFormation finds nothing to change. Never raises for a failed stack.
        """
