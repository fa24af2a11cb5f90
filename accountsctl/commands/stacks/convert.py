"""`convert`: render one adopted resource from the project's files again, into the nested stack that Amplify made.

    render        the resource from its own template, from what `amplify build` left, or by a template of ours
    match         its logical ids with those of the deployed resources, and their names
    plan          what a push would do with it, against what is deployed
    write         the former template moves to amplify/adopted/<environment>/converted/, the map next to it

Nothing is sent to AWS. `undo` is the way back: the former template is deployed again by the next push.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from accountsctl.commands.stacks.preview import preview
from accountsctl.formats.layout import adopted_template, converted_file, converted_template, parameters_file
from accountsctl.model.adoption import Adoption, Conversion
from accountsctl.model.edit import Edit, JsonObject
from accountsctl.model.errors import ProjectError, StackFailed, UsageError
from accountsctl.model.lookup import find_resource
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Change
from accountsctl.model.reports import EditResult
from accountsctl.model.template_body import TemplateBody
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.ports.stack_repairs import StackRepairs
from accountsctl.ports.stacks import DeployedStack, Stacks
from accountsctl.ports.template_cache import TemplateCache
from accountsctl.synth import assemble
from accountsctl.synth.assembling import render_project
from accountsctl.synth.converted import API, conversion

_AS_IMPORTED = (
    '"serviceType": "imported" in backend-config.json, and its name under "imported" of the environment'
)
IMPORTABLE = {
    "AWS::Cognito::UserPool": "use the pool that exists: accountsctl import auth",
    "AWS::S3::Bucket": f"keep the bucket: {_AS_IMPORTED}",
    "AWS::DynamoDB::Table": f"keep the table: {_AS_IMPORTED}",
}
"""What to do instead where a resource with data would be replaced."""
FUNCTION = "AWS::Lambda::Function"
KEPT = {
    API: "The API keeps its URL.",
    FUNCTION: "The function keeps its ARN.",
    "AWS::Cognito::UserPool": "The user pool keeps its id and its users.",
    "AWS::S3::Bucket": "The bucket keeps its name and its objects.",
    "AWS::DynamoDB::Table": "The table keeps its name and its items.",
    "AWS::RDS::DBCluster": "The database cluster keeps its ARN and its data.",
}
"""What stays as it is of the types that other systems refer to, if nothing of the type is replaced or deleted."""


@dataclass(frozen=True)
class Convert:
    """`convert` over its ports. `today` decides which runtimes may still be deployed on."""

    workspace: Workspace
    stacks: Stacks
    repairs: StackRepairs
    cache: TemplateCache
    today: date

    def run(self, reading: Reading, name: str, mapped: Mapping[str, str], *, dry_run: bool) -> EditResult:
        """Convert a resource. UsageError if it is not adopted, ProjectError if it cannot be rendered, StackFailed or
        CloudError if its stack cannot be read; then nothing is written. With `dry_run` nothing ever is."""
        resource, adoption = _adopted(reading, name)
        template = adoption.templates.get(resource)
        if template is None:
            raise UsageError(
                f"{resource} is not an adopted resource of {reading.project.environment.name}.",
                why="It is rendered from the project's files already.",
                hint="See which are adopted: accountsctl status",
            )
        deployed = self._deployed(reading)
        rendered = render_project(
            _converting(reading, resource, Conversion(template)), self.today, self.cache
        )
        child = next((child for child in rendered.children if child.id == resource), None)
        if rendered.assembly is None or child is None:
            raise ProjectError(rendered.faults)
        stack = deployed.children.get(resource.logical_id, "")
        physical = {entry.logical_id: entry.physical_id for entry in self.repairs.resources(stack)}
        _check_map(resource, mapped, child.template.body, template)
        _check_runtime(resource, child.template.body, template)
        planned = conversion(template, child.template.body, physical, mapped)
        assembly = assemble(_converting(reading, resource, planned), self.today, self.cache)
        change = next(
            change for change in preview(assembly, self.stacks, deployed).changes if change.id == resource
        )
        notes = [*_map_notes(planned), *_change_notes(change), *_kept_notes(change, template)]
        if dry_run:
            return EditResult(f"{resource} would be rendered from {child.template.source}.", tuple(notes))
        self.workspace.apply(_edit(reading, resource, planned))
        notes += [f"Next: accountsctl push -e {reading.project.environment.name} --dry-run"]
        return EditResult(f"Converted {resource}: rendered from {child.template.source}.", tuple(notes))

    def undo(self, reading: Reading, name: str) -> EditResult:
        """Go back to the template that a resource was adopted with; UsageError if it was not converted."""
        resource, adoption = _adopted(reading, name)
        environment = reading.project.environment.name
        if resource not in adoption.converted:
            raise UsageError(
                f"{resource} was not converted.",
                why="Its template is still the one that was adopted.",
                hint="There is nothing to undo.",
            )

        def forget(content: JsonObject) -> None:
            content.pop(str(resource), None)

        edit = Edit(
            json={converted_file(environment): forget},
            moves={converted_template(environment, resource): adopted_template(environment, resource)},
        )
        self.workspace.apply(edit)
        return EditResult(
            f"{resource} has the template again that it was adopted with.",
            (f"If it was pushed since, go back in AWS too: accountsctl push -e {environment}",),
        )

    def _deployed(self, reading: Reading) -> DeployedStack:
        name = reading.project.environment.stack_name
        deployed = self.stacks.current(name)
        if deployed is None:
            raise StackFailed(
                f"There is no stack {name}.", hint="Check the region, and the credentials (--profile)."
            )
        return deployed


def _adopted(reading: Reading, name: str) -> tuple[ResourceId, Adoption]:
    """The resource of a name, and the environment's adoption; UsageError if there is none."""
    project = reading.project
    if project.adoption is None:
        raise UsageError(
            f"{project.environment.name} is not adopted, so nothing of it can be converted.",
            why="What was not adopted is rendered from the project's files already.",
            hint="Adopt it first: accountsctl adopt",
        )
    return find_resource(name, (resource.id for resource in project.backend)), project.adoption


def _converting(reading: Reading, resource: ResourceId, planned: Conversion) -> Reading:
    """The reading as it will be once the resource is converted."""
    project = reading.project
    adoption = project.adoption.converting(resource, planned) if project.adoption else None
    return replace(reading, project=replace(project, adoption=adoption))


def _check_map(
    resource: ResourceId, mapped: Mapping[str, str], new: Mapping[str, object], old: Mapping[str, object]
) -> None:
    for ours, theirs in mapped.items():
        for name, body, whose in ((ours, new, "rendered"), (theirs, old, "adopted")):
            resources = body.get("Resources")
            known = sorted(resources) if isinstance(resources, Mapping) else []
            if name not in known:
                raise UsageError(
                    f"The {whose} template of {resource} has no resource {name}.",
                    why="--map names resources of both templates.",
                    hint=f"It has {', '.join(known)}. Write --map RENDERED=ADOPTED.",
                )


def _check_runtime(resource: ResourceId, rendered: TemplateBody, adopted: TemplateBody) -> None:
    """Refuse a function whose code would run in another language: a template of ours does not know it."""
    before, after = (_runtimes(body) for body in (adopted, rendered))
    if len(before) == len(after) == 1 and _language(before[0]) != _language(after[0]):
        raise UsageError(
            f"{resource} runs on {before[0]}, and would run on {after[0]}, which its code is not for.",
            why="Code for one runtime does not load in another.",
            hint=f'Write "runtime": "{before[0]}" to {parameters_file(resource)}, then convert it.',
        )


def _runtimes(body: TemplateBody) -> list[str]:
    functions = (
        resource.get("Properties", {})
        for resource in body.get("Resources", {}).values()
        if resource.get("Type") == FUNCTION
    )
    runtimes = (function.get("Runtime") for function in functions)
    return [runtime for runtime in runtimes if isinstance(runtime, str)]


def _language(runtime: str) -> str:
    """``nodejs`` of ``nodejs22.x``."""
    return runtime.rstrip("x.0123456789")


def _edit(reading: Reading, resource: ResourceId, planned: Conversion) -> Edit:
    environment = reading.project.environment.name

    def keep(content: JsonObject) -> None:
        content[str(resource)] = {
            "logicalIds": dict(planned.logical_ids),
            "names": {name: dict(names) for name, names in planned.names.items()},
        }

    return Edit(
        json={converted_file(environment): keep},
        moves={adopted_template(environment, resource): converted_template(environment, resource)},
    )


def _map_notes(planned: Conversion) -> Iterator[str]:
    """The map of logical ids, and the names that are kept."""
    for ours, theirs in planned.logical_ids.items():
        name = next((name for name in planned.names.get(theirs, {}).values() if name), None)
        yield f"{ours} -> {theirs}" + (f" ({name})" if name else "")


def _kept_notes(change: Change, adopted: TemplateBody) -> Iterator[str]:
    """What stays as it is, which the map alone does not state."""
    types = {str(resource.get("Type")) for resource in adopted.get("Resources", {}).values()}
    for type_ in sorted((types & KEPT.keys()) - _gone(change)):
        yield KEPT[type_]


def _gone(change: Change) -> set[str]:
    """The types of which something is, or may be, replaced or deleted."""
    return {replaced.type for replaced in change.replaces} | {deleted.type for deleted in change.deletes}


def _change_notes(change: Change) -> Iterator[str]:
    """What a push would do: every replacement and deletion, the API's URL, and what to do instead."""
    if not (change.replaces or change.deletes):
        yield "Nothing is replaced or deleted."
    replaces = {replaced.logical_id for replaced in change.replaces}
    in_place: dict[str, list[str]] = {}
    for property_ in change.properties:
        if property_.logical_id not in replaces:
            in_place.setdefault(property_.logical_id, []).append(property_.path)
    for logical_id, paths in in_place.items():
        yield f"{logical_id} changes in place: {', '.join(paths)}."
    for replaced in change.replaces:
        verb = "is replaced" if replaced.certain else "may be replaced"
        yield f"{replaced.logical_id} ({replaced.type}) {verb}: {', '.join(replaced.properties)} changes."
    for deleted in change.deletes:
        yield f"{deleted.logical_id} ({deleted.type}) is deleted{f'; {deleted.remains}' if deleted.holds_data else ''}."
    gone = _gone(change)
    if API in gone:
        yield "The API gets another URL: clients must get the new one (accountsctl export), or its own domain name."
    for type_ in sorted(gone & IMPORTABLE.keys()):
        yield f"Its data would be lost. To {IMPORTABLE[type_]}."
