"""A part of an environment: the resources that a push names, with all that they depend on.

Everything else stays as it is deployed, template and parameters: its nested stack is taken from the deployed root as it
stands there. What is neither named nor deployed is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.backend import FilePosition, Resource
from accountsctl.model.errors import UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import ResourceId
from accountsctl.model.template_body import TemplateBody, TemplateResource, nested_stacks
from accountsctl.synth.canonical import canonical_template

TemplateOf = Callable[[str], TemplateBody]
"""Logical id of a nested stack -> its deployed template."""


@dataclass(frozen=True)
class PartialAssembly:
    """`left_out` are the resources of which a complete push would change something, in the order of the backend."""

    assembly: Assembly
    left_out: tuple[ResourceId, ...]


def named_resources(assembly: Assembly, names: Iterable[str]) -> frozenset[ResourceId]:
    """The resources called ``category/name``, or by a name that only one has; UsageError for any other."""
    known = [child.id for child in assembly.children]
    return frozenset(find_resource(name, known) for name in names)


def partial(
    assembly: Assembly,
    named: frozenset[ResourceId],
    deployed: TemplateBody | None,
    template_of: TemplateOf,
) -> PartialAssembly:
    """The assembly with the `named` resources and what they depend on; the rest as in the `deployed` root.

    UsageError if a resource that stays needs an output that one of the named ones no longer has.
    """
    chosen = with_dependencies(assembly, named)
    before = nested_stacks(deployed or {})
    after = nested_stacks(assembly.root.body)
    children = {child.id.logical_id: child for child in assembly.children}
    kept = {name: stack for name, stack in before.items() if name not in _ids(chosen)}
    stacks = {name: stack for name, stack in after.items() if name in _ids(chosen)} | kept
    left_out = tuple(
        child.id
        for name, child in children.items()
        if child.id not in chosen and after.get(name) != before.get(name)
    )
    parts = [child for child in assembly.children if child.id in chosen]
    parts += [
        _as_deployed(name, stack, children.get(name), template_of(name)) for name, stack in kept.items()
    ]
    _check_outputs(kept, parts, chosen)
    body = {**assembly.root.body, "Resources": {**_own(assembly.root.body, deployed, set(stacks)), **stacks}}
    root = canonical_template(assembly.root.id, assembly.root.source, body)
    return PartialAssembly(replace(assembly, root=root, children=tuple(parts)), left_out)


def with_dependencies(assembly: Assembly, named: Iterable[ResourceId]) -> frozenset[ResourceId]:
    """The resources and everything that they depend on, directly or not."""
    chosen: set[ResourceId] = set()
    waiting = list(named)
    while waiting:
        resource = waiting.pop()
        child = assembly.child(resource)
        if child is not None and resource not in chosen:
            chosen.add(resource)
            waiting += [dependency.on for dependency in child.resource.depends_on]
    return frozenset(chosen)


def _ids(resources: Iterable[ResourceId]) -> frozenset[str]:
    return frozenset(resource.logical_id for resource in resources)


def _own(
    desired: TemplateBody, deployed: TemplateBody | None, stacks: set[str]
) -> dict[str, TemplateResource]:
    """The root's own resources: as they are to be, but one that refers to a stack that is not there stays as it is."""
    every = nested_stacks(desired)
    before = (deployed or {}).get("Resources", {})
    found: dict[str, TemplateResource] = {}
    for name, resource in desired["Resources"].items():
        missing = set(_references(resource)) & (set(every) - stacks)
        if name in every:
            continue
        if not missing:
            found[name] = resource
        elif name in before:
            found[name] = before[name]
    known = nested_stacks(deployed or {})
    gone = {name: resource for name, resource in before.items() if name not in known}
    return {**gone, **found}


def _as_deployed(
    logical_id: str, stack: TemplateResource, child: Child | None, template: TemplateBody
) -> Child:
    """The stack of a resource that stays, whether or not the backend still has it."""
    owner = stack.get("Metadata", {}).get("accountsctl", {})
    gone = ResourceId(str(owner.get("category", "")), str(owner.get("name", logical_id)))
    resource = (
        child.resource
        if child
        else Resource(gone, str(owner.get("service", "")), False, (), FilePosition("", 0))
    )
    source = child.template.source if child else "deployed"
    return Child(resource, canonical_template(resource.id, source, template))


def _check_outputs(
    kept: Mapping[str, TemplateResource], parts: Iterable[Child], chosen: frozenset[ResourceId]
) -> None:
    children = {child.id.logical_id: child for child in parts}
    for name, stack in kept.items():
        for target, output in _outputs_used(stack):
            child = children.get(target)
            if child is not None and child.id in chosen and output not in child.template.outputs:
                raise UsageError(
                    f"{children[name].id}, which stays as it is deployed, needs {output} of {child.id}.",
                    why=f"{child.id} is pushed, and no longer has this output.",
                    hint=f"Push both: accountsctl push {child.id} {children[name].id}",
                )


def _outputs_used(node: object) -> Iterator[tuple[str, str]]:
    """The outputs of other stacks that a stack's parameters take: logical id and output."""
    match node:
        case {"Fn::GetAtt": [str(name), str(attribute)]} if attribute.startswith("Outputs."):
            yield name, attribute.removeprefix("Outputs.")
        case Mapping():
            for value in node.values():
                yield from _outputs_used(value)
        case list():
            for value in node:
                yield from _outputs_used(value)


def _references(node: object) -> Iterator[str]:
    """The logical ids that a resource refers to or waits for."""
    match node:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case Mapping():
            waits = node.get("DependsOn", [])
            yield from [waits] if isinstance(waits, str) else waits if isinstance(waits, list) else []
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)
