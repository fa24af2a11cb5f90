"""A plan: what a push would do. Data only; the preview and the push are two readers of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accountsctl.model.assembly import Assembly
from accountsctl.model.names import ResourceId


class Action(StrEnum):
    """What happens to one resource of the backend."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    IMPORT = "import"
    NONE = "none"


@dataclass(frozen=True)
class Replacement:
    """A physical resource that an update replaces by a new one.

    `properties` are the create-only properties that change; `holds_data` is True for types whose content
    is lost with them (a database, a bucket, a user pool). `custom_named` is True if AWS will refuse to
    replace it because its physical name is fixed and does not change.
    """

    logical_id: str
    type: str
    properties: tuple[str, ...]
    holds_data: bool
    custom_named: bool = False


@dataclass(frozen=True)
class Change:
    """What a push does to one resource, and why. `reasons` are sentences for people."""

    id: ResourceId
    service: str
    action: Action
    reasons: tuple[str, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    loses: tuple[str, ...] = ()
    """Logical ids of data-holding resources that the push deletes; what is kept of them stands in `reasons`."""


@dataclass(frozen=True)
class Plan:
    """An assembly, compared with what is deployed."""

    assembly: Assembly
    changes: tuple[Change, ...]
    first: bool
    """Whether the root stack does not exist yet."""
    root_changed: bool
    """Whether the root template differs from the deployed one, whatever happens to the children."""

    @property
    def empty(self) -> bool:
        """Whether a push would change nothing."""
        return not self.root_changed

    @property
    def dangerous(self) -> bool:
        """Whether something that holds data would be replaced or deleted."""
        return any(
            change.loses or any(replacement.holds_data for replacement in change.replaces)
            for change in self.changes
        )
