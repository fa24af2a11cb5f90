"""The policy of a project: the document as data, so that it can be written to a file, and the notes as messages."""

from __future__ import annotations

from accountsctl.model.policy import ProjectPolicy
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import YELLOW, Screen


@to_text.register
def policy_text(result: ProjectPolicy, screen: Screen) -> None:
    """The document alone on stdout."""
    screen.data(result.document)
    for note in result.notes:
        screen.say(note, YELLOW)


@to_json.register
def policy_json(result: ProjectPolicy) -> JsonObject:
    """`trust` is the trust policy of CloudFormation's role, null for whoever deploys."""
    return {
        "environment": result.environment,
        "role": result.role,
        "policy": result.document,
        "trust": result.trust,
        "notes": list(result.notes),
    }
