"""What `doctor` found, as a table and as JSON."""

from __future__ import annotations

from typing import Any

from accountsctl.model.health import Health, Outcome
from accountsctl.ui.screen import BOLD, DIM, GREEN, RED, YELLOW, Screen

STYLES = {Outcome.OK: GREEN, Outcome.NOTE: YELLOW, Outcome.FINDING: RED, Outcome.UNCHECKED: DIM}


def to_json(health: Health) -> dict[str, Any]:
    """These keys are a contract; `next` is empty where there is nothing to do."""
    return {
        "environment": health.environment,
        "cloud": health.cloud,
        "region": health.region,
        "healthy": health.healthy and not health.blind,
        "checks": [
            {"check": each.name, "outcome": each.outcome.value, "told": each.message, "next": each.next}
            for each in health.checks
        ],
    }


def show_health(screen: Screen, health: Health) -> None:
    """One line for each check, and below it what to do."""
    screen.say(f"{health.environment} ({health.cloud}, {health.region})", BOLD)
    names = max(len(each.name) for each in health.checks)
    outcomes = max(len(each.value) for each in Outcome)
    for each in health.checks:
        outcome = each.outcome.value.ljust(outcomes)
        shown = screen.styled(outcome, STYLES[each.outcome])
        screen.line(f"{shown}  {each.name.ljust(names)}  {each.message}")
        if each.next and each.outcome is not Outcome.OK:
            screen.line(f"{'':{outcomes}}  {'':{names}}  -> {each.next}")
    screen.say(_end(health), GREEN if health.exit_code == 0 else RED)


def _end(health: Health) -> str:
    found = sum(each.outcome is Outcome.FINDING for each in health.checks)
    if found:
        return f"{found} finding{'s' if found != 1 else ''}."
    return "The cloud could not be looked at." if health.blind else "Healthy."
