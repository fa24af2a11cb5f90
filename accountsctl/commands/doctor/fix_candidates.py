"""The changes of a project's files that may fix a cause, as new texts by path; the most fitting first.

own template            its values, by the cause's card; its Deployment follows them from then on
rendered by us          the API's parameters, if the cause's card knows how they fix it: in the environment's
                        file if that states the value, in parameters.json otherwise
the project's own copy  the template that comes with accountsctl, if the project's differs and is at fault
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from accountsctl.commands.project.add_api import POOL_OUTPUTS
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.fixes import authorizers
from accountsctl.doctor.catalogue.fixes.operation import EditableTemplate, FixOperation, following
from accountsctl.doctor.catalogue.fixes.parameters import Parameters, ParametersFix, require_cognito
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.every_api import WRONG_FORM
from accountsctl.formats.edits import dependency, with_dependencies
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import rewrite
from accountsctl.formats.layout import environment_file
from accountsctl.model.edit import Change
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource
from accountsctl.ports.templates import Templates

BUILD = "build"
"""The folder of a resource that ``amplify build`` writes."""
ReadText = Callable[[str], str | None]
"""Gives a file as it would be with the changes so far; None if there is none."""


def resource_of(api: Api) -> ResourceId:
    """Return the resource whose template holds an API: the name of an API begins with it."""
    category, _, name = api.name.partition("#")[0].partition("/")
    return ResourceId(category, name)


def is_built(file: str) -> bool:
    """Whether a template is what Amplify builds of its sources, and writes again."""
    return PurePosixPath(file).parent.name == BUILD


def candidates(
    project: Project, templates: Templates, scene: Scene, card: str, text: ReadText
) -> Iterator[Mapping[str, str]]:
    """Yield changes that may fix the cause `card`: path -> new text."""
    source = project.sources.get(resource_of(scene.api))
    if source is None:
        return
    if source.template is not None:
        file = source.template.file
        if is_built(file):
            return
        new_text = with_own_template(templates, file, text(file), card, scene)
        if new_text is not None:
            yield {file: new_text}
        elif BY_ID[card].edit is authorizers.require_cognito:
            yield from _with_pool_of_project(project, templates, file, scene, card, text)
        return
    fix = BY_ID[card].parameters
    if fix is not None:
        pool = _with_pool(project, source.id, text) if fix is require_cognito else {}
        yield {**_with_parameters(project, source, scene, fix, text), **pool}
    yield from _package_templates(templates, project)


def _with_parameters(
    project: Project, source: ResourceSource, scene: Scene, fix: ParametersFix, text: ReadText
) -> Mapping[str, str]:
    """The files of an API's parameters after a fix. Each key changes in the file that states it."""
    effective = project.effective_parameters(source.id)
    overlaid = project.environment.parameters_of(source.id)
    fixed = copy.deepcopy(dict(effective))
    fix(fixed, scene)
    values = {key: value for key, value in fixed.items() if key not in effective or effective[key] != value}
    removed = effective.keys() - fixed.keys()
    # A value of the environment hides the one in parameters.json: to change the latter would change nothing.
    in_environment = {key: value for key, value in values.items() if key in overlaid}
    in_file = {key: value for key, value in values.items() if key not in overlaid}
    environment = environment_file(project.environment.name)
    new_texts = {}
    if in_environment or removed & overlaid.keys():
        change = _updating(in_environment, removed, ("parameters", source.id.category, source.id.name))
        new_texts[environment] = _rewritten_json(text(environment) or "{}", change)
    if in_file or removed & source.parameters.keys():
        file = source.parameters_file
        new_texts[file] = _rewritten_json(text(file) or "{}", _updating(in_file, removed))
    return new_texts


def _updating(
    values: Mapping[str, object], removed: frozenset[str] | set[str], path: tuple[str, ...] = ()
) -> Change:
    """Set and remove keys of the object at `path`."""

    def change(body: Parameters) -> None:
        for key in path:
            body = body[key]
        body.update(copy.deepcopy(dict(values)))
        for key in removed:
            body.pop(key, None)

    return change


def _with_pool(project: Project, api: ResourceId, text: ReadText) -> Mapping[str, str]:
    """The backend in which the API knows the pool whose users it is for; nothing if it is not clear which."""
    pools = [resource.id for resource in project.backend if resource.id.category == "auth"]
    file = project.backend.source
    backend = text(file)
    if len(pools) != 1 or backend is None:
        return {}
    return {file: _rewritten_json(backend, with_dependencies(api, [dependency(pools[0], POOL_OUTPUTS)]))}


def _with_pool_of_project(
    project: Project, templates: Templates, file: str, scene: Scene, card: str, text: ReadText
) -> Iterator[Mapping[str, str]]:
    """An own template that gets the project's pool as a parameter, with the dependency that passes it."""
    pools = [resource.id for resource in project.backend if resource.id.category == "auth"]
    if len(pools) != 1:
        return
    parameter = FixOperation(f"/Parameters/{pools[0].logical_id}UserPoolArn", {"Type": "String"})
    new_text = with_own_template(templates, file, text(file), card, scene, (parameter,))
    backend = text(project.backend.source)
    if new_text is not None and backend is not None:
        edge = with_dependencies(resource_of(scene.api), [dependency(pools[0], ("UserPoolArn",))])
        yield {file: new_text, project.backend.source: _rewritten_json(backend, edge)}


def _package_templates(templates: Templates, project: Project) -> Iterator[Mapping[str, str]]:
    """The package's template in place of the project's own, one by one, then all of them."""
    differing = {
        template.file: original
        for path, template in project.templates.items()
        if not template.file.startswith("package:")
        and (original := templates.original(path)) is not None
        and original != template.text
    }
    for path, text in differing.items():
        yield {path: text}
    if len(differing) > 1:
        yield differing


def with_own_template(
    templates: Templates,
    path: str,
    text: str | None,
    card: str,
    scene: Scene,
    before: tuple[FixOperation, ...] = (),
) -> str | None:
    """Return the resource's own template after the fix; None if there is none, or Jinja writes it.

    `before` are changes that the fix needs.
    """
    if text is None or path.endswith(".j2"):
        return None
    operations: list[FixOperation] = []

    def change(body: EditableTemplate) -> None:
        for operation in before:
            operation.apply(body)
        operations.extend(BY_ID[card].operations(scene, body))
        operations.extend(following(scene, body, tuple(operations)) if operations else ())
        for operation in operations:
            operation.apply(body)

    try:
        new_text = (
            _rewritten_json(text, change) if path.endswith(".json") else templates.rewritten(text, change)
        )
    except WRONG_FORM:
        return None  # Nothing is changed of parts that have another form than CloudFormation's.
    return new_text if operations else None


def _rewritten_json(text: str, change: Change) -> str:
    source = read(text, "")
    value = copy.deepcopy(source.value)
    change(value)
    return rewrite(source, value)
