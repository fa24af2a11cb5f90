"""What is read from disk before anything is rendered: values only, so that nothing is read later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.model.adoption import Adoption
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Environment, Parameters
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget
from accountsctl.model.template_body import TemplateBody

VARIABLES = "variables"
"""The parameter of a function that holds its environment variables."""
SECRETS = "secrets"
"""The parameter of a function that lists the names of its secrets."""


@dataclass(frozen=True)
class TemplateSource:
    """A template as written. `file` is relative to the project, or ``package:...`` for one of ours."""

    file: str
    text: str


@dataclass(frozen=True)
class ResourceSource:
    """Everything that the project's folder contains of one resource.

    `parameters` is its ``parameters.json`` (empty if there is none), `template` its own template if it has
    one, `code` the files under ``src/`` of a function by their posix path, `others` the text of every other
    file that a template may use (``schema/*.sql``), by path below the resource's folder.
    """

    id: ResourceId
    parameters: Parameters
    parameters_file: str
    template: TemplateSource | None
    code: Mapping[str, bytes]
    others: Mapping[str, str]
    built: Mapping[str, bytes] = field(default_factory=dict)
    """What `amplify build` left besides the template and its parameters, by path below ``build/``."""


@dataclass(frozen=True)
class Project:
    """A project, read for one environment."""

    name: str
    backend: Backend
    environment: Environment
    sources: Mapping[ResourceId, ResourceSource]
    templates: Mapping[str, TemplateSource]
    """Every template by its path below ``templates/``: the project's own where it has one, else the package's."""
    adoption: Adoption | None = None
    """What the environment's stack was when it was adopted; None if it was not."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text of each file that parameters were read from, by its path: faults name their lines."""
    amplify_files: Mapping[str, str] = field(default_factory=dict)
    """The text of each file that only Amplify acts on, such as its hooks, by its path: see `synth.unread`."""
    host: HostTarget | None = None
    """The machine that runs the functions, if that is not AWS."""

    @property
    def frozen(self) -> Mapping[ResourceId, TemplateBody]:
        """The templates that stay as they were when the environment was adopted."""
        return self.adoption.templates if self.adoption else {}

    def effective_parameters(self, resource: ResourceId) -> Parameters:
        """A resource's ``parameters.json`` with the environment's parameters laid over it, key by key.

        `VARIABLES` are laid over one by one; null in the environment removes one that all environments have.
        """
        source = self.sources.get(resource)
        common, own = (source.parameters if source else {}), self.environment.parameters_of(resource)
        merged = {**common, **own}
        if isinstance(own.get(VARIABLES), Mapping) and isinstance(common.get(VARIABLES, {}), Mapping):
            variables = {**common.get(VARIABLES, {}), **own[VARIABLES]}
            merged[VARIABLES] = {name: value for name, value in variables.items() if value is not None}
        return merged
