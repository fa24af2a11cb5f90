"""The result of `doctor`."""

from __future__ import annotations

from accountsctl.formats.text_table import NARROWEST, in_last_column
from accountsctl.model.health import Check, Health, Outcome
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import BOLD, DIM, GREEN, RED, YELLOW, Screen

BELOW = 4
STYLES = {Outcome.OK: GREEN, Outcome.NOTE: YELLOW, Outcome.FINDING: RED, Outcome.UNCHECKED: DIM}


@to_text.register
def health_text(result: Health, screen: Screen) -> None:
    """One line for each check, and below it what to do."""
    screen.say(f"{result.environment} ({result.cloud}, {result.region})", BOLD)
    names = max(len(check.name) for check in result.checks)
    outcomes = max(len(outcome.value) for outcome in Outcome)
    lead = outcomes + names + 4
    # On a very narrow terminal there is no room for a third column: what is said stands below.
    narrow = screen.width is not None and screen.width - lead < NARROWEST
    lead = BELOW if narrow else lead
    for check in result.checks:
        outcome = screen.styled(check.outcome.value.ljust(outcomes), STYLES[check.outcome])
        texts = in_last_column(check.message, lead, screen.width)
        if check.next and check.outcome is not Outcome.OK:
            texts += in_last_column(f"-> {check.next}", lead, screen.width)
        first = "" if narrow else texts.pop(0)
        screen.line(f"{outcome}  {check.name.ljust(names)}  {first}".rstrip())
        for text in texts:
            screen.line(" " * lead + text)
    screen.say(_end(result), GREEN if result.exit_code == 0 else RED)


def _end(health: Health) -> str:
    found = sum(check.outcome is Outcome.FINDING for check in health.checks)
    if found:
        return f"{found} finding{'s' if found != 1 else ''}."
    return "The cloud could not be looked at." if health.blind else "Healthy."


@to_json.register
def health_json(result: Health) -> JsonObject:
    """These keys are a contract; `next` is empty where there is nothing to do."""
    return {
        "environment": result.environment,
        "cloud": result.cloud,
        "region": result.region,
        "healthy": result.healthy and not result.blind,
        "checks": [_of_check(check) for check in result.checks],
    }


def _of_check(check: Check) -> JsonObject:
    return {"check": check.name, "outcome": check.outcome.value, "told": check.message, "next": check.next}
