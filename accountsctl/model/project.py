"""What is read from disk before anything is rendered: values only, no paths to follow later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.model.backend import Backend
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId


@dataclass(frozen=True)
class TemplateSource:
    """A template as written. `file` is relative to the project, or ``package:...`` for one of ours."""

    file: str
    text: str


@dataclass(frozen=True)
class ResourceSource:
    """All that is on disk of one resource.

    `parameters` is its ``parameters.json`` (empty where there is none), `template` its own template if it
    brings one, `code` the files under ``src/`` of a function by their posix path, `others` the text of every
    further file that a template may ask about (``schema/*.sql``), by path below the resource's folder.
    """

    id: ResourceId
    parameters: Mapping[str, Any]
    parameters_file: str
    template: TemplateSource | None
    code: Mapping[str, bytes]
    others: Mapping[str, str]


@dataclass(frozen=True)
class Project:
    """A project as read for one environment."""

    name: str
    backend: Backend
    environment: Environment
    sources: Mapping[ResourceId, ResourceSource]
    templates: Mapping[str, TemplateSource]
    """Every template of the project's ``templates/`` laid over the package's, by its path below ``templates/``."""

    def effective_parameters(self, resource: ResourceId) -> Mapping[str, Any]:
        """A resource's ``parameters.json`` with the environment's parameters laid over it, key by key."""
        source = self.sources.get(resource)
        return {**(source.parameters if source else {}), **self.environment.parameters_of(resource)}
