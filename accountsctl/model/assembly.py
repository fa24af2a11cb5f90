"""What a push uploads and deploys: the root template, one template for each resource, and packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.model.backend import Resource
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId, package_key, template_key


@dataclass(frozen=True)
class Template:
    """A rendered template as canonical JSON. `digest` is the sha256 of `text`; `source` the file it came from."""

    id: ResourceId | None
    source: str
    text: str
    digest: str
    body: Mapping[str, Any]

    @property
    def parameters(self) -> frozenset[str]:
        """The names it declares under Parameters."""
        return frozenset(self.body.get("Parameters", {}))

    @property
    def outputs(self) -> frozenset[str]:
        """The names it declares under Outputs."""
        return frozenset(self.body.get("Outputs", {}))


@dataclass(frozen=True)
class Package:
    """A function's code as one zip, the same bytes for the same files."""

    name: str
    content: bytes
    digest: str

    @property
    def key(self) -> str:
        """Its place in the deployment bucket."""
        return package_key(self.name, self.digest)


@dataclass(frozen=True)
class Child:
    """One resource's nested stack."""

    resource: Resource
    template: Template
    package: Package | None = None

    @property
    def id(self) -> ResourceId:
        """The resource's id."""
        return self.resource.id

    @property
    def key(self) -> str:
        """The template's place in the deployment bucket."""
        return template_key(self.resource.id, self.template.digest)


@dataclass(frozen=True)
class Assembly:
    """A whole environment, rendered. `seed` is the root with the deployment bucket alone: the first push's start."""

    environment: Environment
    project: str
    root: Template
    seed: Template
    children: tuple[Child, ...]

    def child(self, resource: ResourceId) -> Child | None:
        """The nested stack of `resource`, or None."""
        return next((each for each in self.children if each.id == resource), None)
