"""The sample project as the tests of synth see it: read from disk once, its handler's code made fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.model.assembly import Assembly
from accountsctl.model.backend import Backend, Dependency, FilePosition, Resource
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import ResourceSource, TemplateSource
from accountsctl.ports.projects import Reading
from accountsctl.synth import assemble

ROOT = Path(__file__).resolve().parents[3]
FUNCTION = ResourceId("function", "accountsAPI")
CODE = {"index.py": b"def handler(event, context):\n    return {}\n"}

Sample = Callable[[str], Reading]


@cache
def _sample(environment: str) -> Reading:
    reading = FileProjects(ROOT).read(environment)
    source = replace(reading.project.sources[FUNCTION], code=CODE)
    return replace(
        reading, project=replace(reading.project, sources={**reading.project.sources, FUNCTION: source})
    )


@pytest.fixture
def sample() -> Sample:
    return _sample


class Edit:
    """A reading to be changed step by step, without a file being written."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def parameters(self, resource: str, **values: Any) -> Edit:
        """Lay `values` over a resource's parameters.json."""
        source = self._source(resource)
        return self._put(replace(source, parameters={**source.parameters, **values}))

    def code(self, resource: str, code: Mapping[str, bytes]) -> Edit:
        return self._put(replace(self._source(resource), code=code))

    def own_template(self, resource: str, file: str, text: str) -> Edit:
        path = f"amplify/backend/{resource}/{file}"
        return self._put(replace(self._source(resource), template=TemplateSource(path, text)))

    def template(self, name: str, text: str) -> Edit:
        project = self.reading.project
        templates = {**project.templates, name: TemplateSource(f"templates/{name}", text)}
        self.reading = replace(self.reading, project=replace(project, templates=templates))
        return self

    def resource(
        self, name: str, service: str = "Custom", depends_on: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ) -> Edit:
        """Add a resource, or change what one depends on. Dependency i of it stands in line 100 + i."""
        project = self.reading.project
        edges = tuple(
            Dependency(
                ResourceId(*on.split("/")), attributes, True, FilePosition("backend-config.json", 100 + i)
            )
            for i, (on, attributes) in enumerate(depends_on)
        )
        id_ = ResourceId(*name.split("/"))
        old = project.backend.get(id_)
        new = Resource(
            id_, old.service if old else service, False, edges, FilePosition("backend-config.json", 99)
        )
        rest = tuple(new if each.id == id_ else each for each in project.backend)
        backend = Backend(rest if old else (*rest, new), project.backend.source)
        sources = dict(project.sources)
        sources.setdefault(
            id_, ResourceSource(id_, {}, f"amplify/backend/{name}/parameters.json", None, {}, {})
        )
        self.reading = replace(self.reading, project=replace(project, backend=backend, sources=sources))
        return self

    def environment(self, **values: Any) -> Edit:
        project = self.reading.project
        changed = replace(project.environment, **values)
        self.reading = replace(self.reading, project=replace(project, environment=changed))
        return self

    def unsound(self, resource: str) -> Edit:
        """As if the resource's own files could not be read."""
        id_ = ResourceId(*resource.split("/"))
        project = self.reading.project
        sources = {key: value for key, value in project.sources.items() if key != id_}
        fault = Fault(f"amplify/backend/{resource}/parameters.json", 1, "unreadable")
        self.reading = Reading(
            replace(project, sources=sources), (*self.reading.faults, fault), frozenset({id_})
        )
        return self

    def assemble(self) -> Assembly:
        return assemble(self.reading)

    def faults(self) -> list[str]:
        """What `assemble` refuses, as ``file:line: what``."""
        with pytest.raises(ProjectError) as caught:
            assemble(self.reading)
        return [str(fault) for fault in caught.value.faults]

    def _source(self, resource: str) -> ResourceSource:
        return self.reading.project.sources[ResourceId(*resource.split("/"))]

    def _put(self, source: ResourceSource) -> Edit:
        project = self.reading.project
        self.reading = replace(
            self.reading, project=replace(project, sources={**project.sources, source.id: source})
        )
        return self


class StartEdit(Protocol):
    """The fixture `edit`: starts from the sample as it is in an environment."""

    def __call__(self, environment: str = "dev") -> Edit: ...


@pytest.fixture
def edit() -> StartEdit:
    def start(environment: str = "dev") -> Edit:
        return Edit(_sample(environment))

    return start
