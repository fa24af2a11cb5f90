"""The results of `doctor cors`. Its modules are heavy, so only its own command imports this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.reports.json_report import Lines, explained, report_json
from accountsctl.ui.diagnosis import show_all, show_card, show_cards
from accountsctl.ui.rendering import to_json, to_text
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class CorsReport:
    """A diagnosis for each request, the lines of pointers in files, and the diffs of ``--fix``.

    `own`: they are of a project that ``--fix`` can change; `fixing`: and it was given.
    """

    diagnoses: tuple[Diagnosis, ...]
    lines: Lines
    diffs: tuple[str, ...]
    own: bool
    fixing: bool
    exit_code: int
    messages: tuple[str, ...]


@to_text.register
def report_text(result: CorsReport, screen: Screen) -> None:
    """Every diagnosis, then the diffs."""
    show_all(screen, result.diagnoses, result.lines, own=result.own, fixing=result.fixing)
    for diff in result.diffs:
        screen.write(diff)


@to_json.register
def reports_json(result: CorsReport) -> dict[str, Any] | list[dict[str, Any]]:
    """One report, or a list of them."""
    reports = [
        report_json(diagnosis, result.lines, result.diffs, own=result.own, fixing=result.fixing)
        for diagnosis in result.diagnoses
    ]
    return reports[0] if len(reports) == 1 else reports


@dataclass(frozen=True)
class Cause:
    """One cause of the catalogue, to be explained."""

    card: Card


@to_text.register
def cause_text(result: Cause, screen: Screen) -> None:
    """Its card in full."""
    show_card(screen, result.card)


@to_json.register
def cause_json(result: Cause) -> dict[str, Any]:
    """Its card."""
    return explained(result.card)


@dataclass(frozen=True)
class CauseList:
    """Causes of the catalogue."""

    cards: Sequence[Card]


@to_text.register
def causes_text(result: CauseList, screen: Screen) -> None:
    """A table."""
    show_cards(screen, result.cards)


@to_json.register
def causes_json(result: CauseList) -> list[dict[str, Any]]:
    """Their cards."""
    return [explained(card) for card in result.cards]
