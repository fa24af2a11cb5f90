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


class ReplacementKind(StrEnum):
    """Whether a change of a property replaces its resource by a new one."""

    ALWAYS = "always"
    CONDITIONAL = "conditional"
    NEVER = "never"


@dataclass(frozen=True)
class PropertyPreview:
    """A property of a resource on both sides; None if it is not set.

    `path` is below ``Properties``, joined by slashes, or another attribute's name. Values are JSON; a reference to
    a resource is ``${Name.Attribute}``, a secret is hidden. `why` says what decides on the replacement.
    """

    logical_id: str
    path: str
    before: object
    after: object
    replacement: ReplacementKind = ReplacementKind.NEVER
    why: str = ""


@dataclass(frozen=True)
class Replacement:
    """A physical resource that an update replaces by a new one, or may replace if it is not `certain`.

    `properties` are the create-only properties that change; `holds_data` is True for types whose content
    is lost with them (a database, a bucket, a user pool). `custom_named` is True if AWS will refuse to
    replace it because its physical name is fixed and does not change. `remains` says what is kept of it, and
    `by` what the new one holds.
    """

    logical_id: str
    type: str
    properties: tuple[str, ...]
    holds_data: bool
    custom_named: bool = False
    certain: bool = True
    remains: str = ""
    by: str = "an empty one"


@dataclass(frozen=True)
class Deletion:
    """A resource that leaves its stack, or may leave it if it is not `certain`."""

    logical_id: str
    type: str
    holds_data: bool
    remains: str
    certain: bool = True


@dataclass(frozen=True)
class Change:
    """What a push does to one resource, and why. `reasons` are sentences for people, also on its properties."""

    id: ResourceId
    service: str
    action: Action
    reasons: tuple[str, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    deletes: tuple[Deletion, ...] = ()
    properties: tuple[PropertyPreview, ...] = ()
    notes: tuple[str, ...] = ()
    """The sentences of `reasons` that are not on properties, replacements and deletions."""
    weakens: tuple[str, ...] = ()
    """Sentences on guards of data that become weaker."""
    holds_data: bool = False
    """Whether what is deployed of it holds data."""
    follows: bool = False
    """Whether nothing of it was edited: it changes only because of what it refers to."""

    @property
    def loses(self) -> tuple[str, ...]:
        """Logical ids of the data-holding resources that the push deletes or replaces, or may."""
        affected: tuple[Replacement | Deletion, ...] = (*self.replaces, *self.deletes)
        return tuple(resource.logical_id for resource in affected if resource.holds_data)


@dataclass(frozen=True)
class CodeUpdate:
    """A function whose code in Lambda is not what the template names, and that CloudFormation would leave as it is.

    `function` is its name in Lambda, `key` the code's in the deployment bucket.
    """

    id: ResourceId
    function: str
    key: str


@dataclass(frozen=True)
class Plan:
    """An assembly, compared with what is deployed."""

    assembly: Assembly
    changes: tuple[Change, ...]
    first: bool
    """Whether the root stack does not exist yet."""
    root_changed: bool
    """Whether the root template differs from the deployed one, whatever happens to the children."""
    deployed_digest: str = ""
    """The sha256 of the deployed root template as canonical JSON; empty if there is none."""
    stays: tuple[str, ...] = ()
    """The names of stacks that this environment has under other names; a first push leaves them as they are."""

    left_out: tuple[ResourceId, ...] = ()
    """The resources that the push of a part leaves as they are, and a complete push would change."""

    code_updates: tuple[CodeUpdate, ...] = ()
    """The functions that get their code from the push itself, by UpdateFunctionCode."""
    code_only: bool = False
    """Whether the stack stays as it is, because nothing but code differs and `push --watch` is in a hurry."""

    @property
    def empty(self) -> bool:
        """Whether a push would change nothing."""
        return not self.code_updates and (self.code_only or not self.root_changed)

    @property
    def changes_resources(self) -> bool:
        """Whether a resource would change: the first push of an adopted root changes only where its templates stand."""
        moved = self.assembly.adopted and all(change.action is Action.NONE for change in self.changes)
        return not self.empty and not moved

    @property
    def losses(self) -> tuple[Change, ...]:
        """The changes by which data is lost, or may be."""
        return tuple(change for change in self.changes if change.loses)

    @property
    def dangerous(self) -> bool:
        """Whether something that holds data would be replaced or deleted."""
        return bool(self.losses)


def other_stack_stays(name: str) -> str:
    """What a user of an environment with another stack should know, and what to do."""
    return (
        f"The stack {name} of this environment stays, with everything in it."
        f' To go on with it or to delete it, set "stackName" back to {name}.'
    )
