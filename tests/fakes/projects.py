"""A project in memory: the fake of `ports.Projects`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from accountsctl.model.assembly import Assembly
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource, TemplateSource
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.projects import Reading


class FakeProjects:
    """Holds one backend and its environments, without faults; `builds` records what was written, by path."""

    def __init__(
        self,
        backend: Backend,
        environments: Iterable[Environment],
        *,
        sources: Mapping[ResourceId, ResourceSource] | None = None,
        templates: Mapping[str, TemplateSource] | None = None,
        name: str = "accounts",
    ) -> None:
        self._backend = backend
        self._environments = {environment.name: environment for environment in environments}
        self._sources = dict(sources or {})
        self._templates = dict(templates or {})
        self._name = name
        self._checked_out: str | None = None
        self.builds: dict[str, str] = {}

    def environments(self) -> tuple[str, ...]:
        return tuple(sorted(self._environments))

    def environment(self, name: str) -> Environment:
        environment = self._environments.get(name)
        if environment is None:
            raise UsageError(
                f'There is no environment "{name}".',
                why=f"The project has: {', '.join(self.environments())}.",
                hint=did_you_mean(name, self.environments()) or "Choose one of these.",
            )
        return environment

    def checked_out(self) -> str | None:
        return self._checked_out

    def check_out(self, name: str) -> None:
        self._checked_out = self.environment(name).name

    def read(self, environment: str | None = None) -> Reading:
        name = environment or self._checked_out
        if name is None:
            raise UsageError("No environment is checked out.", hint="accountsctl env checkout NAME")
        project = Project(self._name, self._backend, self.environment(name), self._sources, self._templates)
        return Reading(project, (), frozenset())

    def write_build(self, assembly: Assembly) -> Sequence[str]:
        folder = f"amplify/build/{assembly.environment.name}"
        written = {f"{folder}/root.json": assembly.root.text}
        written |= {f"{folder}/{child.id}.json": child.template.text for child in assembly.children}
        others = {path: text for path, text in self.builds.items() if not path.startswith(f"{folder}/")}
        self.builds = {**others, **written}
        return tuple(written)
