"""The resources of a project's rendered templates, with the values of their parameters as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accountsctl.model.assembly import Child
from accountsctl.model.health import Check, Outcome
from accountsctl.model.project import Project
from accountsctl.model.template_body import STACK
from accountsctl.planning.compared import pseudo_parameters
from accountsctl.planning.stack_tree import EvaluatedTree
from accountsctl.planning.values import Value
from accountsctl.synth.assembling import Rendering
from accountsctl.synth.validation.places import template_fault

FUNCTION = "AWS::Lambda::Function"


@dataclass(frozen=True)
class RenderedResource:
    """A resource of one child's template. Properties are as `planning.values` has them."""

    child: Child
    name: str
    type: str
    properties: Mapping[str, Value]

    def text(self, key: str) -> str:
        """A property that is plain text; empty if it is missing or only AWS knows it."""
        value = self.properties.get(key)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class EvaluatedProject:
    """A project with everything that could be rendered of it."""

    project: Project
    rendering: Rendering
    resources: tuple[RenderedResource, ...]

    def of_type(self, *types: str) -> Iterator[RenderedResource]:
        """The resources of some types."""
        return (resource for resource in self.resources if resource.type in types)

    def check(
        self, name: str, outcome: Outcome, found: tuple[RenderedResource, str], message: str, cure: str
    ) -> Check:
        """A check about a property of a resource, with the file and line of that property."""
        resource, key = found
        path = ("Resources", resource.name, "Properties", key)
        fault = template_fault(self.project, resource.child, path, message, cure)
        return Check(name, outcome, str(fault), fault.hint)


def evaluated_project(project: Project, rendering: Rendering) -> EvaluatedProject:
    """Evaluate the templates; without an assembly (the project has faults) no parameter has a value."""
    return EvaluatedProject(project, rendering, tuple(_resources(project, rendering)))


def _resources(project: Project, rendering: Rendering) -> Iterator[RenderedResource]:
    bodies = {child.id.logical_id: child.template.body for child in rendering.children}
    deployed = rendering.assembly.root.body.get("Resources", {}) if rendering.assembly else {}
    stacks = {name: {"Type": STACK} for name in bodies}
    tree = EvaluatedTree(
        {"Resources": {**stacks, **deployed}}, bodies.__getitem__, {}, pseudo_parameters(project.environment)
    )
    for child in rendering.children:
        for address, resource in tree.resources(child.id.logical_id).items():
            properties = resource.properties if isinstance(resource.properties, Mapping) else {}
            yield RenderedResource(child, address.name, resource.type, properties)
