"""Closure: every parameter of every child is fed, and every attribute asked for is an output.

Checked before anything leaves the machine, all faults at once. Nothing is concluded from a resource
that could not be read or rendered: its outputs are not known to be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.formats.layout import environment_file
from accountsctl.model.assembly import Child
from accountsctl.model.backend import Dependency, Resource
from accountsctl.model.errors import Fault
from accountsctl.model.names import BUCKET_LOGICAL_ID, ResourceId, parameter_name
from accountsctl.model.project import Project
from accountsctl.model.template_body import references
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.parsing import line_of_key
from accountsctl.synth.root_references import ROLES, role_parameters, with_our_names

BUCKET_PARAMETER = "deploymentBucketName"
PACKAGE_PARAMETER = "s3Key"
FILES_BUCKET, FILES_PREFIX = "S3DeploymentBucket", "S3DeploymentRootKey"
"""Where the template of an AppSync API finds its nested stacks and resolvers."""
TRIGGER_ROLE = "LambdaExecutionRole"
"""What Amplify passes of a function that Cognito calls, though dependsOn does not request it."""
ENVIRONMENT_PARAMETER = "env"
NOT_ASKED = frozenset({"Fn::GetAtt", "Fn::ImportValue", "Fn::Join", "Fn::Sub", "Ref"})


def dependency_faults(
    project: Project, resource: Resource, rendered: Mapping[ResourceId, Child]
) -> Iterator[Fault]:
    """Dependencies on nothing, and attributes that their target does not output.

    Asked of every resource, one that could not be read itself included: what it wants stands in the backend.
    """
    for dependency in resource.depends_on:
        if project.backend.get(dependency.on) is None:
            yield Fault(
                dependency.place.file,
                dependency.place.line,
                f"{resource.id} depends on {dependency.on}, which is not in the backend.",
                "Add that resource, or remove the dependency.",
            )
        elif target := rendered.get(dependency.on):
            yield from _missing_outputs(project, resource, dependency, target)


def _missing_outputs(
    project: Project, resource: Resource, dependency: Dependency, target: Child
) -> Iterator[Fault]:
    outputs = target.template.outputs
    for attribute in dependency.attributes:
        if attribute not in outputs:
            yield Fault(
                dependency.place.file,
                dependency.place.line,
                f'{resource.id} asks for the attribute "{attribute}" of {dependency.on}, which outputs'
                f" {', '.join(sorted(outputs)) or 'nothing'}.",
                _output_hint(project, target),
            )


def _output_hint(project: Project, target: Child) -> str:
    if target.resource.imported:
        name = project.environment.name
        return f"Add the id to {environment_file(name)}; accountsctl import auth -e {name} does that."
    return f"Add the output to {target.template.source}, or ask for another attribute."


def child_parameters(child: Child, inputs: Inputs, template_text: str) -> dict[str, object]:
    """What the root passes to a child: only what it declares. Faulty names every parameter that nothing feeds."""
    offered = _offered(child, inputs)
    fed: dict[str, object] = {}
    faults = []
    for name, declared in child.template.body.get("Parameters", {}).items():
        if name in offered:
            fed[name] = offered[name]
        elif not isinstance(declared, Mapping) or "Default" not in declared:
            faults.append(_unfed(child, inputs, name, template_text))
    faults += _references_to_nothing(inputs, fed) if inputs.whole else []
    if faults and inputs.whole:
        raise Faulty(*faults)
    return fed


def _references_to_nothing(inputs: Inputs, fed: Mapping[str, object]) -> list[Fault]:
    """Values of parameters.json that refer to something that the root will not have."""
    project = inputs.project
    present = {BUCKET_LOGICAL_ID, *ROLES, *(resource.id.logical_id for resource in project.backend)}
    return [
        inputs.fault(
            name,
            f'the parameter "{name}" refers to {reference}, which the root stack does not have.',
            f"The root has {', '.join(sorted(present))}.",
        )
        for name in inputs.parameters
        if name in fed
        for reference in references(fed[name])
        if reference not in present
    ]


def _offered(child: Child, inputs: Inputs) -> dict[str, object]:
    """Everything that could be passed; what others depend on us for wins over a literal of the same name."""
    offered: dict[str, object] = {
        name: value
        for name, value in role_parameters(inputs.project).items()
        if not _has_default(child, name)
    }
    offered |= {key: _literal(inputs, key, value) for key, value in inputs.parameters.items()}
    offered[ENVIRONMENT_PARAMETER] = inputs.project.environment.name
    offered[BUCKET_PARAMETER] = {"Ref": BUCKET_LOGICAL_ID}
    if child.package:
        offered[PACKAGE_PARAMETER] = child.package.key
    if child.built:
        offered |= {FILES_BUCKET: {"Ref": BUCKET_LOGICAL_ID}, FILES_PREFIX: child.built.prefix}
    for dependency in inputs.resource.depends_on:
        passed = dependency.attributes if dependency.orders else (*dependency.attributes, TRIGGER_ROLE)
        for attribute in passed:
            value = {"Fn::GetAtt": [dependency.on.logical_id, f"Outputs.{attribute}"]}
            offered[parameter_name(dependency.on, attribute)] = value
    offered |= {name: {"Fn::ImportValue": export} for name, export in inputs.resource.imports.items()}
    return offered


def _has_default(child: Child, parameter: str) -> bool:
    return "Default" in child.template.body.get("Parameters", {}).get(parameter, {})


def _literal(inputs: Inputs, key: str, value: object) -> object:
    """A value as a nested stack takes it: text; a list is joined by commas; an intrinsic passes as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(_literal(inputs, key, item)) for item in value)
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in NOT_ASKED:
        return with_our_names(dict(value))
    return value if isinstance(value, Mapping) or value is None else str(value)


def _unfed(child: Child, inputs: Inputs, name: str, template_text: str) -> Fault:
    source = inputs.source
    hint = f'Add "{name}" to {source.parameters_file}, or give it a Default.'
    if name == PACKAGE_PARAMETER:
        hint = f"Put the function's code into amplify/backend/{child.id}/src/."
    return Fault(
        child.template.source,
        line_of_key(template_text, name),
        f'Nothing feeds the parameter "{name}" of {child.id}: no dependency, no value in parameters.json, no Default.',
        hint,
    )
