"""`validate`: what AWS would refuse, all at once and before anything is sent.

    render                 the project's own faults, and every resource that could be rendered
    check the parameters   names that nothing reads, versions that have ended, sizes, regions
    lint the templates     AWS's resource schemas, for the templates that are new or changed
    read the code          syntax that a function's runtime cannot load, for the same resources

A push runs the same checks, and lints what it would create or change. A check that a fault of one resource
prevents is left out for that resource alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accountsctl.commands.stacks.syntax import syntax_faults
from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.plan import Action, Plan
from accountsctl.model.project import Project
from accountsctl.model.reports import ValidationResult
from accountsctl.ports.linter import Linter
from accountsctl.ports.projects import Projects, Reading
from accountsctl.ports.syntax import Syntax
from accountsctl.synth.assembling import Rendering
from accountsctl.synth.validation.checks import ended_engines, project_faults
from accountsctl.synth.validation.linted import lint_children

UNCHANGED = (Action.NONE, Action.DELETE)


@dataclass(frozen=True)
class Validate:
    """`validate`, and the checks before a push. `today` decides which versions have ended."""

    linter: Linter
    today: date = field(default_factory=date.today)
    syntax: Syntax | None = None

    def run(self, reading: Reading, rendering: Rendering, projects: Projects) -> ValidationResult:
        """Check everything. The rendered templates are written, so that the lines of faults can be looked up."""
        if rendering.assembly is not None:
            projects.write_build(rendering.assembly)
        return self.inspect(reading, rendering)

    def inspect(self, reading: Reading, rendering: Rendering) -> ValidationResult:
        """`run` without writing anything."""
        project = reading.project
        linted = lint_children(project, rendering.children, self.linter)
        read = self._syntax_faults(project, rendering.children)
        faults = tuple(sorted({*self.checked(reading, rendering), *linted.faults, *read}))
        return ValidationResult(project.environment.name, faults, tuple(sorted(set(linted.warnings))))

    def checked(self, reading: Reading, rendering: Rendering) -> tuple[Fault, ...]:
        """Every fault that is found without the linter: those of the rendering, and those of its parameters."""
        project, children = reading.project, rendering.children
        checked = project_faults(project, children, rendering.assembly)
        ended = ended_engines(project, children, self.today)
        return tuple(sorted({*rendering.faults, *checked, *ended}))

    def before_push(self, reading: Reading, intended: Plan) -> None:
        """Check a push; ProjectError with all faults. Nothing is written.

        Only what it would create or change is linted: a push that changes nothing takes no longer for it.
        """
        project, assembly = reading.project, intended.assembly
        faults = set(project_faults(project, assembly.children, assembly))
        actions = {change.id: change.action for change in intended.changes}
        created = [child for child in assembly.children if actions.get(child.id) is Action.CREATE]
        # A cluster that runs already stays, with Extended Support: only AWS's creation of one is refused.
        faults.update(ended_engines(project, created, self.today))
        changing = [
            child for child in assembly.children if actions.get(child.id, Action.NONE) not in UNCHANGED
        ]
        if not intended.empty:
            faults.update(lint_children(project, changing, self.linter).faults)
            faults.update(self._syntax_faults(project, changing))
        if faults:
            raise ProjectError(faults)

    def _syntax_faults(self, project: Project, children: Iterable[Child]) -> Iterable[Fault]:
        return syntax_faults(project, children, self.syntax) if self.syntax is not None else ()
