"""The result of `drift`."""

from __future__ import annotations

from accountsctl.model.drift import DriftStatus, EnvironmentDrift, PropertyDrift, ResourceDrift
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import GREEN, RED, YELLOW, Screen

LONGEST = 200
"""Characters of a value that are shown; ``--json`` has it complete."""


@to_text.register
def drift_text(drift: EnvironmentDrift, screen: Screen) -> None:
    """What differs as data; what was not checked, the counts and what to do as messages."""
    for resource in drift.drifted:
        _resource(screen, resource)
    for sentence in drift.failures:
        screen.say(sentence, RED)
    _unchecked(
        screen, [resource for resource in drift.resources if resource.status is DriftStatus.NOT_CHECKED]
    )
    count = len(drift.drifted)
    in_sync = sum(resource.status is DriftStatus.IN_SYNC for resource in drift.resources)
    if count:
        screen.say(f"{drift.environment}: {count} of {count + in_sync} checked resources drifted.", RED)
        screen.say("  -> Change them back, or write the new values into the project and push: a push of")
        screen.say("     unchanged files does not change them, for CloudFormation compares only templates.")
        for name in functions_with_code(drift):
            screen.say(f"  -> Deploy the code again: accountsctl push {name}")
    elif not drift.failures:
        screen.say(f"{drift.environment} is in sync: {in_sync} resources checked.", GREEN)


def functions_with_code(drift: EnvironmentDrift) -> list[str]:
    """The resources whose code differs, which a push that names them deploys again."""
    codes = (resource for resource in drift.drifted if any(d.path == "/Code" for d in resource.differences))
    return list(dict.fromkeys(resource.resource for resource in codes))


def _resource(screen: Screen, drift: ResourceDrift) -> None:
    verb = "was deleted" if drift.status is DriftStatus.DELETED else "was changed"
    screen.line(f"{drift.resource}  {drift.logical_id} ({drift.type} {drift.physical_id}) {verb}")
    for difference in drift.differences:
        screen.line(f"  {_difference(difference)}")


def _difference(drift: PropertyDrift) -> str:
    if drift.expected is None:
        return f"{drift.path}  added: {_shown(drift.actual)}"
    if drift.actual is None:
        return f"{drift.path}  removed; expected {_shown(drift.expected)}"
    return f"{drift.path}  expected {_shown(drift.expected)}, actual {_shown(drift.actual)}"


def _shown(value: str | None) -> str:
    text = "" if value is None else value
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _unchecked(screen: Screen, resources: list[ResourceDrift]) -> None:
    for resource in resources:
        screen.say(
            f"Not checked: {resource.resource} {resource.logical_id} ({resource.type}). {resource.reason}",
            YELLOW,
        )


@to_json.register
def drift_json(drift: EnvironmentDrift) -> JsonObject:
    """The drift of an environment. `resource` is ``root`` in the root stack; `status` is inSync, modified, deleted or
    notChecked; values are texts, as CloudFormation reports them, and null if they are not set."""
    return {
        "environment": drift.environment,
        "stackName": drift.stack_name,
        "drifted": bool(drift.drifted),
        "resources": [_of_resource(resource) for resource in drift.resources],
        "failures": list(drift.failures),
    }


def _of_resource(drift: ResourceDrift) -> JsonObject:
    return {
        "resource": drift.resource,
        "logicalId": drift.logical_id,
        "type": drift.type,
        "physicalId": drift.physical_id,
        "status": drift.status.value,
        "reason": drift.reason,
        "differences": [
            {"path": difference.path, "expected": difference.expected, "actual": difference.actual}
            for difference in drift.differences
        ],
    }
