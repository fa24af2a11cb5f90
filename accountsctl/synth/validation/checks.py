"""All checks that need no linter: pure and quick, so every push runs them on the complete project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.inputs import inputs_of
from accountsctl.synth.validation.dependencies import packages_not_installed
from accountsctl.synth.validation.engines import ended_in_templates, ended_parameters
from accountsctl.synth.validation.keys import own_words, unknown_keys
from accountsctl.synth.validation.limits import child_limits, root_limits
from accountsctl.synth.validation.regions import missing_data_api, too_few_zones


def project_faults(project: Project, children: Iterable[Child], assembly: Assembly | None) -> Iterator[Fault]:
    """Every fault of a project's parameters, code and templates. `children` are those that could be rendered."""
    rendered = {child.id: child for child in children}
    words = own_words(project)
    for resource in project.backend:
        inputs, child = inputs_of(project, resource), rendered.get(resource.id)
        if resource.id in project.frozen:  # deployed from what was adopted, whatever its files state
            if inputs is not None and child is not None and child.package is not None:
                yield from packages_not_installed(inputs)
        elif inputs is not None:
            yield from unknown_keys(inputs, child, words)
            yield from too_few_zones(inputs)
            yield from packages_not_installed(inputs)
            if child is not None:
                yield from child_limits(inputs, child)
    yield from missing_data_api(project, rendered.values())
    if assembly is not None:
        yield from root_limits(assembly)


def ended_engines(project: Project, children: Iterable[Child], today: date) -> Iterator[Fault]:
    """Databases that cannot be created any more, because their engine's standard support has ended."""
    children = list(children)
    rendered = {child.id for child in children}
    for resource in project.backend:
        inputs = inputs_of(project, resource) if resource.id in rendered else None
        if inputs is not None:
            yield from ended_parameters(inputs, today)
    yield from ended_in_templates(project, children, today)
