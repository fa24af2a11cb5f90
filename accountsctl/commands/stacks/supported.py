"""What an environment's cloud does not support, found before anything is sent to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from accountsctl.model.assembly import Child
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.parsing import line_of_key

Unsupported = Callable[[Iterable[str]], Sequence[str]]
"""Gives those of some resource types that the embedded cloud does not support."""


def unsupported_faults(children: Iterable[Child], project: Project, unsupported: Unsupported) -> list[Fault]:
    """A fault for each resource whose type the environment's cloud does not support."""
    if project.environment.cloud is not Cloud.LOCAL:
        return []
    return [fault for child in children for fault in _of_child(child, project, unsupported)]


def _of_child(child: Child, project: Project, unsupported: Unsupported) -> list[Fault]:
    types = {name: str(body["Type"]) for name, body in child.template.body.get("Resources", {}).items()}
    lacking = frozenset(unsupported(types.values()))
    source = project.sources.get(child.id)
    text = source.template.text if source and source.template else ""
    hint = (
        "Push it to an environment of AWS, or leave it out of this one:"
        f' {{"local": {{"omit": ["{child.id}"]}}}} in {project.environment.name}\'s file, or --omit {child.id}'
    )
    return [
        Fault(
            child.template.source,
            line_of_key(text, name),
            f"{child.id}: the embedded cloud does not support {type_} ({name}).",
            hint,
        )
        for name, type_ in types.items()
        if type_ in lacking
    ]
