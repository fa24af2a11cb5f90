"""The road from a project as read to an Assembly, stage by stage.

1. *Inputs*: a resource's ``parameters.json`` with the environment's parameters laid over it. No stage
   after this one looks at where a value came from, but to name the file of a fault.
2. *Text*: the resource's own template, or ours for its kind, through Jinja. A template sees values and
   decides nothing that a stage after it must know.
3. *Values*: the YAML or JSON, long-form. From here on its spelling does not matter.
4. *Names*: an API's Deployment gets the hash of what it freezes.
5. *Rights*: a function may use what it depends on, as far as the outputs that it gets name resources, and its
   triggers may call it.
6. *Closure*: every parameter fed, every attribute an output, no cycle.
7. *Root*: one nested stack for each resource.

A fault in one resource stops that resource at that stage and no other: `assemble` raises once, with all
faults of all resources. Nothing here reads a file, a clock or the environment's variables; two calls with
equal readings give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from accountsctl.formats.layout import template_file
from accountsctl.model.assembly import Assembly, Child, Package, Template
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.project import TemplateSource
from accountsctl.planning.cycles import cycle_faults
from accountsctl.ports.projects import Reading
from accountsctl.ports.template_cache import TemplateCache
from accountsctl.synth import runtimes
from accountsctl.synth.adopted import frozen_child, given_root, missing_outputs, without_stackless
from accountsctl.synth.amplify_changes import as_amplify_deploys
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.checks import parameter_faults
from accountsctl.synth.closure import child_parameters, dependency_faults
from accountsctl.synth.converted import as_converted
from accountsctl.synth.dependency_rights import with_dependency_rights
from accountsctl.synth.faulty import Faulty, Unmet
from accountsctl.synth.function_triggers import trigger_outputs, with_function_triggers
from accountsctl.synth.inputs import Inputs, context, inputs_of
from accountsctl.synth.kind_values import kind_values
from accountsctl.synth.kinds import ResourceKind, kind_of, unknown_kind
from accountsctl.synth.layer_packaging import layer_requests
from accountsctl.synth.names import physical_name
from accountsctl.synth.omitted import without_omitted
from accountsctl.synth.packages import built_files, package
from accountsctl.synth.packaging import deployed_code, function_requests
from accountsctl.synth.rendered import parsed, rendered
from accountsctl.synth.root import root_template
from accountsctl.synth.snapshots import name_deployments

JINJA = ".j2"
LAYER = "LambdaLayer"
PACKED = ("Lambda", LAYER)
"""The services whose files are deployed as a package."""


@dataclass(frozen=True)
class Rendering:
    """A project as far as it can be rendered. `assembly` is None if there is any fault."""

    children: tuple[Child, ...]
    assembly: Assembly | None
    faults: tuple[Fault, ...]


def assemble(
    reading: Reading, today: date = runtimes.AS_OF, compiled: TemplateCache | None = None
) -> Assembly:
    """Render the whole environment. ProjectError with all faults: the reading's, and those found here.

    `today` decides which Lambda runtimes are still fit to deploy on. Templates that are found in `compiled`
    are not compiled again; what is rendered does not depend on it.
    """
    rendering = render_project(reading, today, compiled)
    if rendering.assembly is None:
        raise ProjectError(rendering.faults)
    return rendering.assembly


def render_project(
    reading: Reading, today: date = runtimes.AS_OF, compiled: TemplateCache | None = None
) -> Rendering:
    """`assemble` for a caller that also needs the sound resources of a project that has faults."""
    reading = without_omitted(reading)
    project = without_stackless(reading.project)
    faults = [*reading.faults, *cycle_faults(project.backend), *_unread(reading)]
    children: dict[ResourceId, Child] = {}
    found: list[Inputs] = []
    for resource in project.backend:
        frozen, inputs = frozen_child(project, resource), inputs_of(project, resource)
        if frozen is not None:
            children[resource.id] = frozen
        elif inputs is not None:
            found.append(inputs)
            try:
                children[resource.id] = _child(inputs, today, compiled)
            except Faulty as error:
                faults += error.faults
    faults += _give_rights(found, children)
    for resource in project.backend:
        if resource.id not in project.frozen:
            faults += dependency_faults(project, resource, children)
    wired = _wire(found, children, faults)
    rendered = tuple(children.values())
    if faults:
        return Rendering(rendered, None, tuple(faults))
    if project.adoption is not None:
        root = seed = given_root(project, project.adoption, rendered, wired.values())
        if missing := tuple(missing_outputs(root, rendered)):
            return Rendering(rendered, None, missing)
    else:
        root, seed = root_template(project, wired.values()), root_template(project)
    assembly = Assembly(project.environment, project.name, root, seed, rendered)
    return Rendering(rendered, assembly, ())


def _give_rights(found: list[Inputs], children: dict[ResourceId, Child]) -> Iterator[Fault]:
    """Let functions of our template be called by their triggers, and use what they depend on."""
    for inputs in found:
        function = inputs.resource.id
        if inputs.kind is ResourceKind.FUNCTION and function in children:
            try:
                children |= with_function_triggers(inputs, children)
            except Faulty as error:
                yield from error.faults
            used = trigger_outputs(inputs)
            children[function] = with_dependency_rights(children[function], children, used)


def _unread(reading: Reading) -> list[Fault]:
    """Resources of which the reading brought nothing, and did not say why: they must not go missing in silence."""
    project = reading.project
    return [
        Fault(resource.place.file, resource.place.line, f"Nothing was read of {resource.id}.")
        for resource in project.backend
        if resource.id not in project.sources and resource.id not in reading.unsound
    ]


def _wire(
    found: list[Inputs], children: Mapping[ResourceId, Child], faults: list[Fault]
) -> dict[ResourceId, tuple[Child, Mapping[str, object]]]:
    """Each child with the parameters that it gets; what does not close is added to `faults`."""
    wired: dict[ResourceId, tuple[Child, Mapping[str, object]]] = {}
    for inputs in found:
        child = children.get(inputs.resource.id)
        if child:
            try:
                wired[child.id] = (child, child_parameters(child, inputs, _written(inputs).text))
            except Faulty as error:
                faults += error.faults
    return wired


def _child(inputs: Inputs, today: date, compiled: TemplateCache | None) -> Child:
    problems = list(parameter_faults(inputs, today))
    written = _written(inputs)
    try:
        text = _text(inputs, written, compiled)
        body = as_amplify_deploys(inputs, parsed(text, written.text, written.file, compiled))
    except Unmet as error:
        raise Faulty(*problems, *(error.faults if inputs.whole else ())) from None
    except Faulty as error:
        raise Faulty(*problems, *error.faults) from None
    if problems:
        raise Faulty(*problems)
    named = as_converted(inputs.project, inputs.resource.id, name_deployments(body, _resolved(inputs)))
    template = canonical_template(inputs.resource.id, written.file, named)
    return Child(inputs.resource, template, _package(inputs, template), built_files(inputs, template))


def _written(inputs: Inputs) -> TemplateSource:
    """The template that a resource is rendered from: its own, or ours for its kind."""
    if inputs.source.template:
        return inputs.source.template
    kind = kind_of(inputs.resource)
    if kind is None:
        raise Faulty(unknown_kind(inputs.resource))
    found = inputs.project.templates.get(kind.template)
    if found is None:
        raise Faulty(
            Fault(template_file(kind.template), 0, f"There is no template for {inputs.resource.id}.")
        )
    return found


def _text(inputs: Inputs, written: TemplateSource, compiled: TemplateCache | None) -> str:
    """A template of ours always goes through Jinja, an own one where its name says so."""
    own = inputs.source.template is not None
    if own and not written.file.endswith(JINJA):
        return written.text
    templates = dict(inputs.project.templates)
    name = written.file if own else kind_of(inputs.resource).template  # type: ignore[union-attr]
    templates[name] = written
    return rendered(name, templates, {**context(inputs), **kind_values(inputs)}, compiled)


def _resolved(inputs: Inputs) -> dict[str, object]:
    """What a resource's parameters will be, as far as it is known before deploying."""
    project = inputs.project
    resolved: dict[str, object] = {}
    for dependency in inputs.resource.depends_on:
        target = project.backend.get(dependency.on)
        ids = project.environment.imported_ids(dependency.on) if target and target.imported else None
        for attribute in dependency.attributes:
            value = ids if ids is not None else physical_name(project.environment, dependency.on.name)
            resolved[parameter_name(dependency.on, attribute)] = value
    return {"parameters": resolved, "region": project.environment.region}


def _package(inputs: Inputs, template: Template) -> Package | None:
    if inputs.resource.service not in PACKED or not inputs.source.code:
        return None
    if inputs.resource.service == LAYER:
        return package(inputs.resource.id.name, inputs.source.code, layer_requests(inputs, template.body))
    requests = function_requests(inputs.source, template.body, inputs.project.host)
    return package(inputs.resource.id.name, deployed_code(inputs.source, requests), requests)
