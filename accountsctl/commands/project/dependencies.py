"""`add dependency`, `remove dependency`: which outputs a resource gets of another, and what it may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import dependency, with_dependencies, without_dependency
from accountsctl.model.edit import Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.reports import EditResult
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.projects import Reading
from accountsctl.synth.assembling import render_project
from accountsctl.synth.dependency_rights import dependency_statements, identifying_outputs
from accountsctl.synth.inputs import inputs_of
from accountsctl.synth.kinds import ResourceKind


def add_dependency(editor: ProjectEditor, consumer: str, on: str, attributes: Iterable[str]) -> EditResult:
    """Let one resource depend on another, and use the outputs `attributes` of it.

    Without any, a function gets the outputs by which it can use the other resource.
    """
    resource, target = editor.existing(consumer), editor.existing(on)
    names = tuple(attributes) or _outputs_for_use(editor, resource, target)
    edit = Edit(json={editor.backend.source: with_dependencies(resource, [dependency(target, names)])})
    after = editor.apply(edit)
    outputs = f" and gets its {', '.join(names)}" if names else ""
    rights = _rights(after, resource, target) if _is_ours(after, resource) else ()
    return EditResult(f"{resource} depends on {target}{outputs}.", tuple(rights))


def remove_dependency(editor: ProjectEditor, consumer: str, on: str, attributes: Iterable[str]) -> EditResult:
    """Remove a dependency, or only some outputs of it; UsageError if there is nothing to remove.

    A function loses the rights with the outputs that gave them.
    """
    resource, target = editor.existing(consumer), editor.existing(on)
    entry = editor.backend.get(resource)
    edges = {edge.on: edge for edge in entry.depends_on} if entry else {}
    if target not in edges:
        known = ", ".join(map(str, edges)) or "nothing"
        raise UsageError(
            f"{resource} does not depend on {target}.",
            why=f"It depends on {known}.",
            hint=did_you_mean(on, map(str, edges)) or "Name what it depends on.",
        )
    names = tuple(attributes)
    requested = edges[target].attributes
    if unknown := [name for name in names if name not in requested]:
        raise UsageError(
            f"{resource} does not get {', '.join(unknown)} of {target}.",
            why=f"It gets {', '.join(requested) or 'nothing'}.",
            hint=did_you_mean(unknown[0], requested)
            or "Name one of these, or none to remove the dependency.",
        )
    editor.apply(Edit(json={editor.backend.source: without_dependency(resource, target, names)}))
    lost = (
        f"gets {', '.join(names)} of {target} no longer" if names else f"does not depend on {target} any more"
    )
    return EditResult(f"{resource} {lost}.", ("The next push also takes away the rights that came with it.",))


def _outputs_for_use(editor: ProjectEditor, resource: ResourceId, target: ResourceId) -> tuple[str, ...]:
    if not _is_ours(editor.reading, resource):
        return ()
    bodies = {child.id: child.template.body for child in render_project(editor.reading).children}
    return identifying_outputs(bodies[target]) if target in bodies else ()


def _is_ours(reading: Reading, resource: ResourceId) -> bool:
    """Whether it is a function that our template renders: only that one gets rights by its dependencies."""
    entry = reading.project.backend.get(resource)
    inputs = inputs_of(reading.project, entry) if entry else None
    return inputs is not None and inputs.kind is ResourceKind.FUNCTION


def _rights(reading: Reading, resource: ResourceId, target: ResourceId) -> Iterator[str]:
    """What the function may do with its target, as one sentence."""
    children = {child.id: child for child in render_project(reading).children}
    if resource not in children or target not in children:
        return
    actions: list[str] = []
    for statement in dependency_statements(children[resource], {target: children[target]}):
        stated = statement["Action"]
        actions += stated if isinstance(stated, list) else [str(stated)]
    if actions:
        yield f"Its role may call {', '.join(dict.fromkeys(actions))} on it, and no more."
    else:
        yield "These outputs name nothing that rights are known for; add your own under statements in parameters.json."
