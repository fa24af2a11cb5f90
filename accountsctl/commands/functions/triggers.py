"""`add trigger` and `remove trigger`: what calls a function, written into the project's files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from accountsctl.commands.functions.choose import require_live
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import dependency, with_dependencies, without_dependency
from accountsctl.formats.layout import parameters_file
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.reports import EditResult
from accountsctl.model.suggestions import did_you_mean
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.assembling import render_project
from accountsctl.synth.bucket_triggers import BUCKET, NEEDED
from accountsctl.synth.dependency_rights import output_target
from accountsctl.synth.function_triggers import names_source
from accountsctl.synth.trigger_inputs import (
    CREATED,
    TRIGGERS,
    FunctionTrigger,
    TriggerSource,
    event_fault,
    schedule_fault,
    stated_triggers,
)


@dataclass(frozen=True)
class StatedTrigger:
    """What the command line states: `value` is a schedule, or ``category/name[:Output]``."""

    source: TriggerSource
    value: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class TriggersOf:
    """The triggers of one function that our template renders."""

    editor: ProjectEditor
    function: ResourceId

    def add(self, stated: StatedTrigger) -> EditResult:
        """Let a schedule or a resource call the function. UsageError if it is not one that can."""
        self._require_ours()
        trigger = self._parsed(stated)
        if any(_same(trigger, known) for known in self._present()):
            raise UsageError(
                f"{self.function} has the trigger {trigger} already.",
                why="A second one would call it twice for each event.",
                hint="Nothing is to be done.",
            )
        edits: dict[str, Change] = {}
        if trigger.on is not None:
            trigger, edits = self._attached(trigger)
        added = _entry(trigger)

        def change(content: dict[str, Any]) -> None:
            content.setdefault(TRIGGERS, []).append(added)

        self.editor.apply(Edit(json={**edits, parameters_file(self.function): change}))
        environment = self.editor.project.environment.name
        notes = [f"Deploy it: accountsctl push -e {environment}"]
        if trigger.source is TriggerSource.BUCKET:
            notes.insert(0, f"{self.function} may also use the bucket, whose name comes with each event.")
        return EditResult(f"{self._what(trigger)} calls {self.function}.", tuple(notes))

    def remove(self, stated: StatedTrigger) -> EditResult:
        """Let it call the function no longer; UsageError if it is not a trigger of the function."""
        self._require_ours()
        present = self._present()
        found = [trigger for trigger in present if _is_stated(trigger, stated)]
        if not found:
            known = ", ".join(map(str, present)) or "none"
            near = did_you_mean(stated.value, [trigger.expression or str(trigger.on) for trigger in present])
            raise UsageError(
                f"{self.function} has no trigger --{stated.source} {stated.value}.",
                why=f"Its triggers are: {known}.",
                hint=near or "Name one of these.",
            )

        def change(content: dict[str, Any]) -> None:
            kept = [
                entry
                for entry in content.get(TRIGGERS, [])
                if not any(_same(trigger, gone) for trigger in stated_triggers([entry]) for gone in found)
            ]
            content[TRIGGERS] = kept
            if not kept:
                del content[TRIGGERS]

        edits = self._detached(found[0])
        self.editor.apply(Edit(json={**edits, parameters_file(self.function): change}))
        return EditResult(f"{self._what(found[0])} calls {self.function} no longer, once it is pushed.")

    def _require_ours(self) -> None:
        require_live(self.editor, self.function)
        source = self.editor.project.sources.get(self.function)
        if source is not None and source.template is not None:
            raise UsageError(
                f"{self.function} has a template of its own, which states what calls it.",
                why="A template of the project is not rewritten.",
                hint=f"Edit {source.template.file}.",
            )

    def _present(self) -> tuple[FunctionTrigger, ...]:
        return stated_triggers(self.editor.project.sources[self.function].parameters.get(TRIGGERS))

    def _parsed(self, stated: StatedTrigger) -> FunctionTrigger:
        if stated.source is TriggerSource.SCHEDULE:
            if wrong := schedule_fault(stated.value):
                raise UsageError(
                    f"--schedule {wrong}",
                    why="Amazon EventBridge takes rate(...) and cron(...) expressions.",
                    hint='For example: --schedule "rate(1 hour)"',
                )
            return FunctionTrigger(stated.source, stated.value)
        if wrong := next(filter(None, map(event_fault, stated.events)), ""):
            raise UsageError(
                f"--event {wrong}",
                why="Amazon S3 reports events of certain names only.",
                hint=f"For example: --event {CREATED}",
            )
        name, _, output = stated.value.partition(":")
        on = self.editor.existing(name)
        if parse_resource_id(name) is None or on == self.function:
            raise UsageError(
                f"{name} cannot be a trigger of {self.function}.",
                why="A function does not call itself."
                if on == self.function
                else "A trigger is a resource: category/name.",
                hint="Name another resource.",
            )
        events = stated.events or ((CREATED,) if stated.source is TriggerSource.BUCKET else ())
        return FunctionTrigger(stated.source, "", on, output, events)

    def _attached(self, trigger: FunctionTrigger) -> tuple[FunctionTrigger, dict[str, Change]]:
        """The trigger with its output, and the dependency by which one stack gets what it needs of the other."""
        assert trigger.on is not None
        bodies = {child.id: child.template.body for child in render_project(self.editor.reading).children}
        output = self._output(trigger, bodies.get(trigger.on, {}))
        backend = self.editor.backend
        if trigger.source is TriggerSource.BUCKET:
            self._refuse_circle(trigger.on)
            edge = with_dependencies(trigger.on, [dependency(self.function, NEEDED)])
            return replace(trigger, output=output if trigger.output else ""), {backend.source: edge}
        entry = backend.get(self.function)
        edges = [known for known in entry.depends_on if known.on == trigger.on] if entry else []
        # An output that the function has already gives it the right to use the resource, which it keeps.
        known = any(output in edge.attributes for edge in edges)
        edge = with_dependencies(self.function, [dependency(trigger.on, [output])])
        return replace(trigger, output="" if known else output), {backend.source: edge}

    def _output(self, trigger: FunctionTrigger, body: TemplateBody) -> str:
        fitting = list(_fitting(trigger, body))
        if trigger.source is TriggerSource.BUCKET and not trigger.output and _buckets(body) == 1:
            return ""
        if trigger.output in fitting:
            return trigger.output
        resources = {target.logical_id for name in fitting if (target := output_target(body, name))}
        if not trigger.output and len(resources) == 1:
            return next((name for name in fitting if _is_arn(body, name)), fitting[0])
        what = "the stream of a table" if trigger.source is TriggerSource.TABLE else f"a {trigger.source}"
        if not fitting:
            raise UsageError(
                f"No output of {trigger.on} is {what}.",
                why="The function's template takes it from there.",
                hint=f"Add one to its template, such as {_example(trigger.source)}.",
            )
        raise UsageError(
            f"It is not clear which output of {trigger.on} is meant.",
            why=f"Those that are {what}: {', '.join(fitting)}.",
            hint=f"Name one: --{trigger.source} {trigger.on}:{fitting[0]}",
        )

    def _refuse_circle(self, bucket: ResourceId) -> None:
        entry = self.editor.backend.get(self.function)
        if entry and any(edge.on == bucket for edge in entry.depends_on):
            raise UsageError(
                f"{self.function} depends on {bucket}, so {bucket} cannot depend on it.",
                why="A bucket is created after the function that it calls; the bucket's name comes with each event.",
                hint=f"Remove that first: accountsctl remove dependency {self.function} {bucket}",
            )

    def _detached(self, trigger: FunctionTrigger) -> dict[str, Change]:
        """Take back the dependency that only the trigger needed."""
        source = self.editor.backend.source
        if trigger.on is None:
            return {}
        if trigger.source is TriggerSource.BUCKET:
            return {source: without_dependency(trigger.on, self.function)}
        if not trigger.output:
            return {}
        entry = self.editor.backend.get(self.function)
        edges = [edge for edge in entry.depends_on if edge.on == trigger.on] if entry else []
        others = [name for edge in edges for name in edge.attributes if name != trigger.output]
        return {source: without_dependency(self.function, trigger.on, [trigger.output] if others else ())}

    def _what(self, trigger: FunctionTrigger) -> str:
        return trigger.expression if trigger.on is None else f"The {trigger.source} of {trigger.on}"


def _fitting(trigger: FunctionTrigger, body: TemplateBody) -> Iterator[str]:
    yield from (name for name in body.get("Outputs", {}) if names_source(trigger, body, name))


def _buckets(body: TemplateBody) -> int:
    return sum(resource.get("Type") == BUCKET for resource in body.get("Resources", {}).values())


def _is_arn(body: TemplateBody, output: str) -> bool:
    target = output_target(body, output)
    return target is not None and target.attribute.endswith("Arn")


def _example(source: TriggerSource) -> str:
    match source:
        case TriggerSource.TABLE:
            return "StreamArn: {Value: !GetAtt Table.StreamArn}, and a StreamSpecification to the table"
        case TriggerSource.QUEUE:
            return "QueueArn: {Value: !GetAtt Queue.Arn}"
        case TriggerSource.TOPIC:
            return "TopicArn: {Value: !Ref Topic}"
        case _:
            return "BucketName: {Value: !Ref Bucket}"


def _same(one: FunctionTrigger, other: FunctionTrigger) -> bool:
    """Whether they are the same source; one that states no output is any of its resource."""
    outputs = one.output == other.output or not (one.output and other.output)
    return (one.source, one.expression, one.on) == (other.source, other.expression, other.on) and outputs


def _is_stated(trigger: FunctionTrigger, stated: StatedTrigger) -> bool:
    name, _, output = stated.value.partition(":")
    if trigger.source is not stated.source:
        return False
    if trigger.on is None:
        return trigger.expression == stated.value
    return str(trigger.on) == name and (not output or output == trigger.output)


def _entry(trigger: FunctionTrigger) -> dict[str, object]:
    if trigger.on is None:
        return {trigger.source.value: trigger.expression}
    output = {"output": trigger.output} if trigger.output else {}
    events = {"events": list(trigger.events)} if trigger.source is TriggerSource.BUCKET else {}
    return {trigger.source.value: str(trigger.on), **output, **events}
