"""The drift of an environment as text for people: what differs as data, what was not checked as messages."""

from __future__ import annotations

from accountsctl.model.drift import DriftStatus, EnvironmentDrift, PropertyDrift, ResourceDrift
from accountsctl.ui.screen import GREEN, RED, YELLOW, Screen

LONGEST = 200
"""Characters of a value that are shown; ``--json`` has it complete."""


def show_drift(screen: Screen, drift: EnvironmentDrift) -> None:
    """Each drifted resource with its properties, then the counts and what to do."""
    for each in drift.drifted:
        _resource(screen, each)
    for sentence in drift.failures:
        screen.say(sentence, RED)
    _unchecked(screen, [each for each in drift.resources if each.status is DriftStatus.NOT_CHECKED])
    count = len(drift.drifted)
    in_sync = sum(each.status is DriftStatus.IN_SYNC for each in drift.resources)
    if count:
        screen.say(f"{drift.environment}: {count} of {count + in_sync} checked resources drifted.", RED)
        screen.say("  -> Change them back, or write the new values into the project and push: a push of")
        screen.say("     unchanged files does not change them, for CloudFormation compares only templates.")
    elif not drift.failures:
        screen.say(f"{drift.environment} is in sync: {in_sync} resources checked.", GREEN)


def _resource(screen: Screen, drift: ResourceDrift) -> None:
    verb = "was deleted" if drift.status is DriftStatus.DELETED else "was changed"
    screen.line(f"{drift.resource}  {drift.logical_id} ({drift.type} {drift.physical_id}) {verb}")
    for each in drift.differences:
        screen.line(f"  {_difference(each)}")


def _difference(each: PropertyDrift) -> str:
    if each.expected is None:
        return f"{each.path}  added: {_shown(each.actual)}"
    if each.actual is None:
        return f"{each.path}  removed; expected {_shown(each.expected)}"
    return f"{each.path}  expected {_shown(each.expected)}, actual {_shown(each.actual)}"


def _shown(value: str | None) -> str:
    text = "" if value is None else value
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _unchecked(screen: Screen, resources: list[ResourceDrift]) -> None:
    for each in resources:
        screen.say(f"Not checked: {each.resource} {each.logical_id} ({each.type}). {each.reason}", YELLOW)
