"""The results of the commands about an environment's stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.model.events import PushResult
from accountsctl.model.plan import Change, Plan, PropertyPreview
from accountsctl.model.reports import ResourceStatus, Status
from accountsctl.ui.plan import show_plan
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.results.drift import drift_json, drift_text
from accountsctl.ui.screen import BOLD, GREEN, Screen


@dataclass(frozen=True)
class DryRun:
    """What a push would do. `drift` are sentences: how imported pools differ from what was imported.

    `exit_code` is 0 unless ``--exit-code`` was given; `messages` name the file that was written.
    """

    plan: Plan
    drift: tuple[str, ...]
    exit_code: int = 0
    messages: tuple[str, ...] = ()


@to_text.register
def dry_run_text(result: DryRun, screen: Screen) -> None:
    """The preview, as a message."""
    show_plan(screen, result.plan)


@to_json.register
def dry_run_json(result: DryRun) -> JsonObject:
    """What a push would print, as far as it is known beforehand."""
    plan = result.plan
    environment = plan.assembly.environment
    return {
        "environment": environment.name,
        "cloud": environment.cloud.value,
        "stackName": environment.stack_name,
        "changed": plan.changes_resources,
        "loses": [str(change.id) for change in plan.losses],
        "changes": [_of_change(change) for change in plan.changes],
        "otherStacks": list(plan.stays),
        "leftOut": [str(resource) for resource in plan.left_out],
        "dryRun": True,
        "drift": list(result.drift),
    }


def _of_change(change: Change) -> JsonObject:
    """`replaces` and `loses` are logical ids within the resource's stack, `loses` those whose data goes or may go.

    `holdsData` is whether what is deployed of it holds data. A property's `path` is below ``Properties``, and its
    `replacement` is ``always``, ``conditional`` or ``never``.
    """
    return {
        "resource": str(change.id),
        "action": change.action.value,
        "replaces": [replacement.logical_id for replacement in change.replaces],
        "loses": list(change.loses),
        "holdsData": change.holds_data,
        "properties": [_of_property(preview) for preview in change.properties],
        "weakens": list(change.weakens),
        "reasons": list(change.reasons),
    }


def _of_property(change: PropertyPreview) -> JsonObject:
    return {
        "logicalId": change.logical_id,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "replacement": change.replacement.value,
        "why": change.why,
    }


UNKNOWN = "unknown"
"""What a push would do to a resource, if what is deployed could not be seen."""


@to_text.register
def push_text(result: PushResult, screen: Screen) -> None:
    """The end of a push: what it did, where it answers, and the next three commands, as they can be typed here."""
    done = "Pushed" if result.changed else "Nothing to push"
    screen.say(f"{done}: {result.stack_name} in {result.seconds:.1f} s.", GREEN)
    urls = {name: values["RootUrl"] for name, values in result.outputs.items() if "RootUrl" in values}
    for name, url in urls.items():
        screen.line(f"{name}  {url}")
    if result.next_steps:
        _show_next_steps(screen, result.next_steps)


def _show_next_steps(screen: Screen, commands: tuple[str, ...]) -> None:
    """A command in each line on a terminal, where they are copied from; all in one line elsewhere."""
    if not screen.live:
        screen.say(f"Next: {'; '.join(commands)}")
        return
    screen.say("Next:")
    for command in commands:
        screen.say(f"  {command}")


@to_json.register
def push_json(result: PushResult) -> JsonObject:
    """What a push did."""
    return {
        "environment": result.environment,
        "cloud": result.cloud,
        "stackName": result.stack_name,
        "changed": result.changed,
        "changes": [_of_change(change) for change in result.changes],
        "outputs": _shown(result.outputs),
        "leftOut": [str(resource) for resource in result.left_out],
        "seconds": round(result.seconds, 3),
    }


@to_text.register
def status_text(result: Status, screen: Screen) -> None:
    """An environment and its resources."""
    deployed = f", {result.stack_status}" if result.stack_status else ""
    screen.say(f"{result.environment}: stack {result.stack_name} ({result.cloud}{deployed})", BOLD)
    rows = [
        (
            resource.resource,
            resource.service,
            resource.action.value if resource.action else UNKNOWN,
            ", ".join(resource.depends_on),
        )
        for resource in result.resources
    ]
    if rows:
        screen.table(("resource", "service", "action", "depends on"), rows)
    else:
        screen.say("The project has no resources yet; `accountsctl add` lists the kinds.")
    if result.note:
        screen.say(result.note)
    for sentence in result.unread:
        screen.say(sentence)
    if result.drift:
        drift_text(result.drift, screen)


@to_json.register
def status_json(result: Status) -> JsonObject:
    """An environment's status; `note`, `drift` and `unread` only if there is one."""
    return {
        "environment": result.environment,
        "cloud": result.cloud,
        "stackName": result.stack_name,
        "stackStatus": result.stack_status,
        "resources": [_of_resource(resource) for resource in result.resources],
        **({"note": result.note} if result.note else {}),
        **({"drift": drift_json(result.drift)} if result.drift else {}),
        **({"unread": list(result.unread)} if result.unread else {}),
    }


def _of_resource(resource: ResourceStatus) -> JsonObject:
    return {
        "resource": resource.resource,
        "service": resource.service,
        "action": resource.action.value if resource.action else UNKNOWN,
        "logicalId": resource.logical_id,
        "dependsOn": list(resource.depends_on),
        "reasons": list(resource.reasons),
    }


@dataclass(frozen=True)
class Recovered:
    """The state that `recover` left the root stack in."""

    environment: str
    stack_name: str
    stack_status: str


@to_text.register
def recovered_text(result: Recovered, screen: Screen) -> None:
    """The stack's status, and what to do with it."""
    screen.say(f"{result.stack_name} is {result.stack_status}; push again.")


@to_json.register
def recovered_json(result: Recovered) -> JsonObject:
    """The stack's status."""
    return {"environment": result.environment, "stackStatus": result.stack_status}


@dataclass(frozen=True)
class OrphansRemoved:
    """The names of the stacks that ``recover --orphans`` deleted."""

    environment: str
    removed: tuple[str, ...]


@to_text.register
def orphans_text(result: OrphansRemoved, screen: Screen) -> None:
    """How many there were."""
    count = len(result.removed)
    screen.say(f"Deleted {count} stack(s)." if count else "Nothing was left behind.")


@to_json.register
def orphans_json(result: OrphansRemoved) -> JsonObject:
    """The stacks that were deleted."""
    return {"environment": result.environment, "removed": list(result.removed)}


@dataclass(frozen=True)
class StacksDeleted:
    """What `delete` did; `deleted` is False if the environment was not deployed."""

    environment: str
    stack_name: str
    deleted: bool


@to_text.register
def deleted_text(result: StacksDeleted, screen: Screen) -> None:
    """Whether there was something to delete."""
    screen.say(
        f"Deleted {result.stack_name}." if result.deleted else f"{result.environment} is not deployed."
    )


@to_json.register
def deleted_json(result: StacksDeleted) -> JsonObject:
    """Whether there was something to delete."""
    return {"environment": result.environment, "stackName": result.stack_name, "deleted": result.deleted}


@dataclass(frozen=True)
class OutputsFound:
    """Outputs: those of all resources (``category/name`` -> output -> value), of one of them, or one value."""

    found: Mapping[str, Mapping[str, str]]
    resource: str = ""
    value: Mapping[str, str] | str | None = None


@to_text.register
def outputs_text(result: OutputsFound, screen: Screen) -> None:
    """A table, or the one value alone."""
    if isinstance(result.value, str):
        screen.line(result.value)
        return
    shown = _shown(result.found if result.value is None else {result.resource: result.value})
    rows = [(resource, key, value) for resource, values in shown.items() for key, value in values.items()]
    screen.table(("resource", "output", "value"), rows)


@to_json.register
def outputs_json(result: OutputsFound) -> object:
    """By resource, or what was chosen of one."""
    if isinstance(result.value, str):
        return result.value
    return _shown(result.found) if result.value is None else _shown({"": result.value})[""]


def _shown(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, object]]:
    """Outputs with secrets hidden, such as the secret of an app client: only who names one gets it."""
    from accountsctl.planning.secrets import hidden_value

    return {
        resource: {key: hidden_value((key,), value) for key, value in values.items()}
        for resource, values in outputs.items()
    }
