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
    imports: Mapping[str, str] = field(default_factory=dict)
    """Parameters that get the value of another stack's export, by name: ``dependsOn`` states it as ``exports``."""

    @property
    def complete(self) -> bool:
        """Whether every dependency that its entry states could be read; a second one on the same resource is merged."""
        written = self.entry.get("dependsOn", [])
        if not isinstance(written, list):
            return True
        targets = {
            (str(edge.get("category")), str(edge.get("resourceName"))) if isinstance(edge, Mapping) else index
            for index, edge in enumerate(written)
            if not (isinstance(edge, Mapping) and "exports" in edge and "resourceName" not in edge)
        }
        return len(targets) <= len(self.depends_on)


@dataclass(frozen=True)
class Backend:
    """All resources, in the order of the file. `source` is the file's path relative to the project's root."""

    resources: tuple[Resource, ...]
    source: str
    passed_over: tuple[ResourceId, ...] = ()
    """What the file names and no push deploys: the hosting of a front end, which Amplify keeps there too."""

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
