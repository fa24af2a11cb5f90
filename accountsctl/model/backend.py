"""A project's backend: its resources, and what each depends on.

`formats.backend_config` parses the file; here are the values and the questions about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.model.names import ResourceId

BackendEntry = Mapping[str, Any]
"""A resource's object in backend-config.json. Amplify defines its keys; unknown ones are kept."""


@dataclass(frozen=True)
class FilePosition:
    """Where something stands: a file relative to the project's root, and its line from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Dependency:
    """One entry of a resource's ``dependsOn``. `orders` is False for the two edges that Amplify drops:
    an AppSync API to its auth, and an edge to a function with ``triggerProvider: Cognito``."""

    on: ResourceId
    attributes: tuple[str, ...]
    orders: bool
    place: FilePosition


@dataclass(frozen=True)
class Resource:
    """One resource of the backend. `entry` is its object in backend-config.json, unknown keys included."""

    id: ResourceId
    service: str
    imported: bool
    depends_on: tuple[Dependency, ...]
    place: FilePosition
    entry: BackendEntry = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Backend:
    """All resources, in the order of the file. `source` is the file's path relative to the project's root."""

    resources: tuple[Resource, ...]
    source: str

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def get(self, resource: ResourceId) -> Resource | None:
        """The resource with this id; None if there is none."""
        return next((candidate for candidate in self.resources if candidate.id == resource), None)

    def consumers(self, resource: ResourceId) -> tuple[Resource, ...]:
        """The resources that depend on `resource`, in the order of the file."""
        return tuple(
            consumer
            for consumer in self.resources
            if any(dependency.on == resource for dependency in consumer.depends_on)
        )
