"""`update function`: the settings of a function, checked as every push checks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accountsctl.commands.functions.choose import require_live
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import parameters_in
from accountsctl.formats.layout import environment_file, parameters_file
from accountsctl.model.edit import Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.reports import EditResult
from accountsctl.synth import runtimes


@dataclass(frozen=True)
class FunctionSettings:
    """What `update function` is to change; None means that an option was not given."""

    runtime: str | None = None
    handler: str | None = None
    memory: int | None = None
    timeout: int | None = None
    architecture: str | None = None
    log_level: str | None = None
    log_retention: int | None = None
    concurrency: int | None = None

    def parameters(self) -> dict[str, object]:
        """The parameters of `function.yaml.j2` that are given."""
        stated = {
            "runtime": self.runtime,
            "handler": self.handler,
            "memorySize": self.memory,
            "timeout": self.timeout,
            "architecture": self.architecture,
            "logLevel": self.log_level,
            "logRetentionDays": self.log_retention,
            "concurrency": self.concurrency,
        }
        return {key: value for key, value in stated.items() if value is not None}


def update_function(
    editor: ProjectEditor, function: ResourceId, settings: FunctionSettings, today: date, *, only_here: bool
) -> EditResult:
    """Change settings in parameters.json, or `only_here` in the environment's file.

    UsageError if there is nothing to change, ProjectError for a value that Lambda does not take.
    """
    changes = settings.parameters()
    if not changes:
        raise UsageError(
            "State what to change.",
            why="No option was given.",
            hint="For example: accountsctl update function --memory 1024",
        )
    _require_ours(editor, function, changes)
    runtime = settings.runtime
    if runtime and (refusal := runtimes.refusal(runtime, today)):
        raise UsageError(
            f"{function} cannot run on {runtime}.",
            why=refusal,
            hint=f"Use {runtimes.replacement(runtime)}.",
        )
    environment = editor.project.environment
    file = environment_file(environment.name) if only_here else parameters_file(function)

    def change(content: dict[str, Any]) -> None:
        (parameters_in(content, function) if only_here else content).update(changes)

    editor.apply(Edit(json={file: change}))
    notes = [f"It is in {file}. Deploy it: accountsctl push -e {environment.name}"]
    own = () if only_here else [key for key in changes if key in environment.parameters_of(function)]
    notes += [f"{environment.name} has its own {key}, which counts there." for key in own]
    warning = runtimes.warning(runtime, today) if runtime else None
    notes += [warning] if warning else []
    what = ", ".join(f"{key} {value}" for key, value in changes.items())
    return EditResult(f"{function} has {what}{f' in {environment.name}' if only_here else ''}.", tuple(notes))


def _require_ours(editor: ProjectEditor, function: ResourceId, changes: Mapping[str, object]) -> None:
    """UsageError if a template of the project's own states the settings: parameters then change nothing."""
    require_live(editor, function)
    source = editor.project.sources.get(function)
    if source is not None and source.template is not None:
        raise UsageError(
            f"{function} has a template of its own, which states {', '.join(changes)}.",
            why="A template of the project is not rewritten.",
            hint=f"Edit {source.template.file}.",
        )
