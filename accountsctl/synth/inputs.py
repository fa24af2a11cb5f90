"""What is known of one resource before its template is rendered: its effective parameters, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.formats.frontend.cors import EVERY_ORIGIN, allowed_origins
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import JsonPath
from accountsctl.formats.layout import environment_file
from accountsctl.model.backend import Dependency, Resource
from accountsctl.model.environment import Parameters
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.project import Project, ResourceSource
from accountsctl.synth.kinds import ResourceKind, kind_of


@dataclass(frozen=True)
class Inputs:
    """One resource, its source, and its parameters with the environment's laid over them."""

    project: Project
    resource: Resource
    source: ResourceSource
    parameters: Parameters

    @property
    def kind(self) -> ResourceKind | None:
        """Which of our templates it uses; None if it has its own."""
        return None if self.source.template else kind_of(self.resource)

    @property
    def whole(self) -> bool:
        """False if the reading dropped a dependency as faulty: then nothing is concluded from its absence."""
        return self.resource.complete

    def fault(self, key: str, what: str, hint: str = "", below: tuple[str | int, ...] = ()) -> Fault:
        """A fault of the parameter `key`, or of what stands `below` it, in the file that had the last word on it."""
        resource, environment = self.resource.id, self.project.environment
        if key in environment.parameters_of(resource):
            file = environment_file(environment.name)
            path: JsonPath = ("parameters", resource.category, resource.name, key, *below)
        else:
            file, path = self.source.parameters_file, (key, *below)
        text = self.project.texts.get(file)
        line = read(text, file).line_of(*path) if text else 0
        where = ".".join(str(part) for part in path)
        return Fault(file, line, f"{resource}: {what}", hint, str(resource), where)


def inputs_of(project: Project, resource: Resource) -> Inputs | None:
    """The inputs of one resource; None if its own files could not be read."""
    source = project.sources.get(resource.id)
    if source is None:
        return None
    return Inputs(project, resource, source, project.effective_parameters(resource.id))


def context(inputs: Inputs) -> dict[str, object]:
    """What every template sees; DESIGN's words, in plain values."""
    environment = inputs.project.environment
    return {
        "env": {
            "name": environment.name,
            "cloud": str(environment.cloud),
            "region": environment.region,
            "stackName": environment.stack_name,
            "protected": environment.protected,
            "naming": environment.naming,
            "zones": list(environment.zones),
        },
        "project": inputs.project.name,
        "resource": _view(inputs.resource),
        "parameters": inputs.parameters,
        "dependencies": [
            _dependency(inputs.project, dependency) for dependency in inputs.resource.depends_on
        ],
        "files": inputs.source.others,
    }


def callers_origins(project: Project, function: ResourceId) -> list[str]:
    """The origins that any API in front of `function` allows: the function sends the headers that its gateway sends."""
    consumers = project.backend.consumers(function)
    apis = [
        consumer.id
        for consumer in consumers
        if kind_of(consumer) is ResourceKind.API and consumer.id in project.sources
    ]
    origins = allowed_origins(project, apis)
    return [EVERY_ORIGIN] if EVERY_ORIGIN in origins else sorted(origins)


def _view(resource: Resource) -> dict[str, object]:
    return {
        "category": resource.id.category,
        "name": resource.id.name,
        "logicalId": resource.id.logical_id,
        "service": resource.service,
    }


def _dependency(project: Project, dependency: Dependency) -> dict[str, object]:
    target = project.backend.get(dependency.on)
    known = inputs_of(project, target) if target else None
    return {
        "category": dependency.on.category,
        "name": dependency.on.name,
        "service": target.service if target else "",
        "parameters": known.parameters if known else {},
        "attributes": {
            attribute: parameter_name(dependency.on, attribute) for attribute in dependency.attributes
        },
    }
