"""How the resources of an environment differ from what its stacks' templates set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DriftStatus(StrEnum):
    """How one resource compares to its template. `NOT_CHECKED`: CloudFormation could not compare it."""

    IN_SYNC = "inSync"
    MODIFIED = "modified"
    DELETED = "deleted"
    NOT_CHECKED = "notChecked"


@dataclass(frozen=True)
class PropertyDrift:
    """One property. `path` is a JSON pointer below ``Properties``; a value that is not set is None, any other a text.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_PropertyDifference.html
    """

    path: str
    expected: str | None
    actual: str | None


@dataclass(frozen=True)
class ResourceDrift:
    """One resource of a stack. `reason` says why it was not checked, as far as CloudFormation reports it.

    `resource` is the ``category/name`` whose stack it is in, ``root`` for the root stack.
    """

    resource: str
    logical_id: str
    type: str
    physical_id: str
    status: DriftStatus
    differences: tuple[PropertyDrift, ...] = ()
    reason: str = ""

    @property
    def drifted(self) -> bool:
        """Whether it is not as its template sets it."""
        return self.status in (DriftStatus.MODIFIED, DriftStatus.DELETED)


@dataclass(frozen=True)
class EnvironmentDrift:
    """The drift of every resource of an environment. `failures`: stacks that could not be compared, each a sentence."""

    environment: str
    stack_name: str
    resources: tuple[ResourceDrift, ...]
    failures: tuple[str, ...] = ()

    @property
    def drifted(self) -> tuple[ResourceDrift, ...]:
        """The resources that are not as their templates set them."""
        return tuple(resource for resource in self.resources if resource.drifted)

    @property
    def exit_code(self) -> int:
        """1 if a resource has drifted; 3 if none has, but a stack could not be compared; 0 if all is in sync."""
        return 1 if self.drifted else 3 if self.failures else 0
