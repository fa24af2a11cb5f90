"""`validate`: what AWS would refuse, all at once and before anything is sent.

    render                 the project's own faults, and every resource that could be rendered
    check the parameters   names that nothing reads, versions that have ended, sizes, regions
    lint the templates     AWS's resource schemas, for the templates that are new or changed

A push runs the same checks on what it would change. A check that a fault of one resource prevents is left out
for that resource alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.plan import Action, Plan
from accountsctl.model.reports import ValidationResult
from accountsctl.ports.linter import Linter
from accountsctl.ports.projects import Projects, Reading
from accountsctl.synth.assembling import Rendering
from accountsctl.synth.validation.linted import lint_children

UNCHANGED = (Action.NONE, Action.DELETE)


@dataclass(frozen=True)
class Validate:
    """`validate`, and the checks before a push."""

    linter: Linter

    def run(self, reading: Reading, rendering: Rendering, projects: Projects) -> ValidationResult:
        """Check everything. The rendered templates are written, so that the lines of faults can be looked up."""
        if rendering.assembly is not None:
            projects.write_build(rendering.assembly)
        return self._result(reading, rendering.children, rendering.faults)

    def before_push(self, reading: Reading, intended: Plan) -> None:
        """Check what a push would create or change; ProjectError with all faults. Nothing is written."""
        if intended.empty:
            return
        changing = {change.id for change in intended.changes if change.action not in UNCHANGED}
        children = [child for child in intended.assembly.children if child.id in changing]
        result = self._result(reading, children, ())
        if result.faults:
            raise ProjectError(result.faults)

    def _result(
        self, reading: Reading, children: Iterable[Child], known: Iterable[Fault]
    ) -> ValidationResult:
        project = reading.project
        linted = lint_children(project, children, self.linter)
        faults = tuple(sorted({*known, *linted.faults}))
        return ValidationResult(project.environment.name, faults, tuple(sorted(set(linted.warnings))))
