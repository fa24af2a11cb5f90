"""Resources that a local environment leaves out, since the embedded cloud does not support what they hold.

The rest of the backend is rendered as if they were not there. What depends on one of them gets a text for each
attribute that it requests; the text states what it stands for, so that a function that uses it fails plainly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from accountsctl.model.backend import Resource
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault, UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.project import Project
from accountsctl.ports.projects import Reading


def without_omitted(reading: Reading) -> Reading:
    """The reading without the resources that its environment omits; the same one if it omits none."""
    project = reading.project
    omitted = project.environment.omit
    if not omitted or project.environment.cloud is not Cloud.LOCAL:
        return reading
    unknown = [on for on in sorted(omitted) if project.backend.get(on) is None]
    faults = [
        Fault(
            project.backend.source,
            0,
            f"{on} is to be omitted, but is not in the backend.",
            "Correct its name.",
        )
        for on in unknown
    ]
    return replace(reading, project=_without(project, omitted), faults=(*reading.faults, *faults))


def omitting(reading: Reading, names: Iterable[str]) -> Reading:
    """The reading with further resources to omit; UsageError if one is not in the backend, or the cloud is AWS."""
    project = reading.project
    if project.environment.cloud is not Cloud.LOCAL:
        raise UsageError(
            f"Nothing can be omitted from {project.environment.name}: its cloud is AWS.",
            why="Only the embedded cloud may lack support for a resource.",
            hint="Push without --omit.",
        )
    known = [resource.id for resource in project.backend]
    resources = {find_resource(name, known) for name in names}
    environment = replace(project.environment, omit=project.environment.omit | resources)
    return replace(reading, project=replace(project, environment=environment))


def stub(on: ResourceId, attribute: str) -> str:
    """What a consumer gets in place of an omitted resource's attribute."""
    text = f"omitted-{on.category}-{on.name}-{attribute}"
    return f"arn:aws:omitted:::{text}" if attribute.lower().endswith("arn") else text


def _without(project: Project, omitted: Iterable[ResourceId]) -> Project:
    kept = [resource for resource in project.backend if resource.id not in omitted]
    parameters = {category: dict(names) for category, names in project.environment.parameters.items()}
    for resource in kept:
        stubs = {
            parameter_name(dependency.on, attribute): stub(dependency.on, attribute)
            for dependency in resource.depends_on
            if dependency.on in omitted
            for attribute in dependency.attributes
        }
        if stubs:
            of_category = parameters.setdefault(resource.id.category, {})
            of_category[resource.id.name] = {**stubs, **of_category.get(resource.id.name, {})}
    resources = tuple(_independent(resource, omitted) for resource in kept)
    backend = replace(project.backend, resources=resources)
    environment = replace(project.environment, parameters=parameters)
    return replace(project, backend=backend, environment=environment)


def _independent(resource: Resource, omitted: Iterable[ResourceId]) -> Resource:
    """A resource without its dependencies on what is omitted."""
    kept = tuple(dependency for dependency in resource.depends_on if dependency.on not in omitted)
    if len(kept) == len(resource.depends_on):
        return resource
    # Its entry states them too, and a resource with fewer dependencies than stated counts as read in part.
    stated = [{"category": edge.on.category, "resourceName": edge.on.name} for edge in kept]
    return replace(resource, depends_on=kept, entry={**resource.entry, "dependsOn": stated})
