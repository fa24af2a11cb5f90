"""An adopted environment: its root and its nested stacks as they were deployed, under our keys.

A template that was adopted is not rendered. It goes under its content's hash into the bucket that the stack has, so
that what CloudFormation reads is what was adopted, whatever is uploaded to Amplify's keys. A function keeps the package
that Amplify uploaded until its code changes.

    adopted template        as it was; a new address, and a new package where the code has changed
    new resource            rendered as in any environment, and added to the root
    resource converted      rendered as a new one, into the nested stack that it has: see `converted`
    resource removed        its nested stack leaves the root
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.formats.layout import adopted_root, adopted_template
from accountsctl.model.adoption import Adoption
from accountsctl.model.assembly import Child, Template
from accountsctl.model.backend import Resource
from accountsctl.model.errors import Fault
from accountsctl.model.names import BUCKET_LOGICAL_ID, object_url
from accountsctl.model.project import Project, ResourceSource
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.closure import BUCKET_PARAMETER, PACKAGE_PARAMETER
from accountsctl.synth.packages import code_digest, package
from accountsctl.synth.packaging import deployed_code, function_requests
from accountsctl.synth.root import nested_stack

Wired = Iterable[tuple[Child, Mapping[str, object]]]
"""Children, each with the parameters that it gets."""


def frozen_child(project: Project, resource: Resource) -> Child | None:
    """The nested stack of an adopted resource, as it was; None for a resource that was not adopted."""
    body = project.frozen.get(resource.id)
    if body is None:
        return None
    template = canonical_template(resource.id, adopted_template(project.environment.name, resource.id), body)
    source = project.sources.get(resource.id)
    if source is None or not source.code or not code_changed(project, source):
        return Child(resource, template)
    requests = function_requests(source, body, project.host)
    return Child(resource, template, package(resource.id.name, deployed_code(source, requests), requests))


def code_changed(project: Project, source: ResourceSource) -> bool:
    """Whether a function's files are others than when its environment was adopted."""
    adoption = project.adoption
    return adoption is None or adoption.code.get(source.id) != code_digest(source.code)


def has_no_stack(project: Project, resource: Resource) -> bool:
    """Whether a resource has no nested stack of its own here: an imported one that only adopted resources use.

    Amplify passes the ids of imported pools as literals, which stand in the adopted root.
    """
    if project.adoption is None or not resource.imported or resource.id in project.frozen:
        return False
    return all(consumer.id in project.frozen for consumer in project.backend.consumers(resource.id))


def given_root(project: Project, adoption: Adoption, children: Collection[Child], wired: Wired) -> Template:
    """The adopted root with its nested stacks at our keys, without those that were removed, and with new ones.

    `wired` are the children that were not adopted.
    """
    body: dict[str, Any] = copy.deepcopy(dict(adoption.root))
    resources, bucket = body["Resources"], project.environment.bucket
    for child in children:
        if child.id in adoption.templates:
            _point(resources[child.id.logical_id], child, bucket, _url(project, bucket, child))
    deployed = adoption.templates.keys() | adoption.converted.keys()
    for removed in deployed - {child.id for child in children}:
        resources.pop(removed.logical_id, None)
    for child, parameters in wired:
        passed = {name: bucket if _is_bucket(value) else value for name, value in parameters.items()}
        stack = dict(nested_stack(child, passed))
        stack["Properties"] = {**stack["Properties"], "TemplateURL": _url(project, bucket, child)}
        resources[child.id.logical_id] = stack
    return canonical_template(None, adopted_root(project.environment.name), body)


def missing_outputs(root: Template, children: Collection[Child]) -> Iterator[Fault]:
    """Outputs that the adopted root takes from a nested stack, and that its template does not have any more."""
    by_name = {child.id.logical_id: child for child in children}
    wanted = {(stack, output) for stack, output in _taken(root.body) if stack in by_name}
    for stack, output in sorted(wanted):
        template = by_name[stack].template
        if output not in template.outputs:
            what = f'The root takes the output "{output}" of {by_name[stack].id}, which its template does not have.'
            yield Fault(template.source, 0, what, "Add the output, or convert its consumers as well.")


def _taken(value: object) -> Iterator[tuple[str, str]]:
    """The outputs of nested stacks to which intrinsics refer: logical id and output."""
    match value:
        case {"Fn::GetAtt": [str() as stack, str() as attribute]}:
            yield from (
                [(stack, attribute.removeprefix("Outputs."))] if attribute.startswith("Outputs.") else []
            )
        case Mapping():
            yield from (taken for part in value.values() for taken in _taken(part))
        case list():
            yield from (taken for part in value for taken in _taken(part))


def _point(stack: dict[str, Any], child: Child, bucket: str, url: str) -> None:
    """Have a nested stack read the child's template, and its package if the code has changed."""
    properties = stack.setdefault("Properties", {})
    properties["TemplateURL"] = url
    if child.package is not None:
        parameters = properties.setdefault("Parameters", {})
        parameters[PACKAGE_PARAMETER] = child.package.key
        if BUCKET_PARAMETER in child.template.parameters:
            parameters[BUCKET_PARAMETER] = bucket


def _url(project: Project, bucket: str, child: Child) -> str:
    return object_url(bucket, project.environment.region, child.key)


def _is_bucket(value: object) -> bool:
    return value == {"Ref": BUCKET_LOGICAL_ID}


def without_stackless(project: Project) -> Project:
    """The project without the resources that have no nested stack in an adopted environment."""
    kept = [resource for resource in project.backend if not has_no_stack(project, resource)]
    return replace(project, backend=replace(project.backend, resources=tuple(kept)))
