"""The project that one command is about: read once, and rendered when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from accountsctl.commands.stacks.packages import for_its_machine, with_packages
from accountsctl.commands.stacks.supported import Unsupported, unsupported_faults
from accountsctl.commands.stacks.validate import Validate
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.reports import ValidationResult
from accountsctl.ports.packages import Packages
from accountsctl.ports.projects import Projects, Reading
from accountsctl.ports.template_cache import TemplateCache
from accountsctl.synth import assemble
from accountsctl.synth.assembling import Rendering, render_project
from accountsctl.synth.omitted import omitting
from accountsctl.synth.unread import unread


class RenderedProject:
    """One environment of a project. `cache` keeps what is rendered between commands. Calls no cloud."""

    def __init__(
        self,
        projects: Projects,
        environment: str,
        cache: TemplateCache,
        validation: Validate,
        packages: Packages,
    ) -> None:
        self._projects = projects
        self._environment = environment
        self._cache = cache
        self._validation = validation
        self._packages = packages
        self._omit: tuple[str, ...] = ()
        self._reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """The project, without what the command omits."""
        if self._reading is None:
            reading = self._projects.read(self._environment)
            reading = replace(reading, project=for_its_machine(reading.project, self._packages))
            self._reading = omitting(reading, self._omit) if self._omit else reading
        return self._reading

    @property
    def unread(self) -> tuple[str, ...]:
        """What Amplify would act on and a push does not, as sentences."""
        return unread(self.reading.project)

    def assembly(self) -> Assembly:
        """The environment, rendered; ProjectError with all faults of the project."""
        return with_packages(assemble(self.reading, date.today(), self._cache), self._packages)

    def supported_assembly(self, omit: Sequence[str], unsupported: Unsupported) -> Assembly:
        """The environment, rendered; ProjectError also for what its cloud does not support.

        Resources of `omit` are left out, besides those that the environment's file omits.
        """
        if omit:
            self._omit, self._reading = tuple(omit), None
        rendering = self._rendering()
        lacking = unsupported_faults(rendering.children, self.reading.project, unsupported)
        if rendering.assembly is None or lacking:
            # What the later checks find is reported with it, not after it is fixed.
            raise ProjectError(self._stops(rendering, lacking))
        return with_packages(rendering.assembly, self._packages)

    def assembly_again(self) -> Assembly:
        """The environment, read and rendered again: what a function packs has changed on disk."""
        self._reading = None
        return self.assembly()

    def validate(self) -> ValidationResult:
        """`validate`."""
        return self._validation.run(self.reading, self._rendering(), self._projects)

    def stops(self, unsupported: Unsupported) -> tuple[Rendering, tuple[Fault, ...]]:
        """What can be rendered, and everything that would stop a push of all of it. Writes nothing."""
        rendering = self._rendering()
        lacking = unsupported_faults(rendering.children, self.reading.project, unsupported)
        return rendering, self._stops(rendering, lacking)

    def _stops(self, rendering: Rendering, lacking: Iterable[Fault]) -> tuple[Fault, ...]:
        found = self._validation.inspect(self.reading, rendering).faults
        return tuple(sorted({*found, *lacking}))

    def _rendering(self) -> Rendering:
        return render_project(self.reading, date.today(), self._cache)
