"""Write docs/doctor.md: how to use `doctor cors`, and its catalogue from the cards themselves.

python tools/make_catalogue.py            write it
python tools/make_catalogue.py --check    exit 1 where it is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from accountsctl.doctor.catalogue.card import Card, RequestStage
from accountsctl.doctor.catalogue.cards import CARDS
from accountsctl.doctor.reports.json_report import explained

DOCS = Path(__file__).parents[1] / "docs"
TARGET = DOCS / "doctor.md"
INTRODUCTION = DOCS / "parts" / "doctor.md"
TITLES = {
    RequestStage.CLIENT: "Before anything is sent",
    RequestStage.EDGE: "At the edge",
    RequestStage.ROUTING: "On the way to a method",
    RequestStage.PREFLIGHT_AUTH: "Who may send OPTIONS",
    RequestStage.PREFLIGHT_INTEGRATION: "What answers OPTIONS",
    RequestStage.PREFLIGHT_HEADERS: "The values of the CORS headers",
    RequestStage.AUTH: "Who may call the method",
    RequestStage.INTEGRATION: "The function behind the method",
    RequestStage.ACTUAL_HEADERS: "The answer's own headers",
    RequestStage.MASK: "What hides another cause",
    RequestStage.NOTE: "What is worth knowing of an API that works",
}


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION.read_text("utf-8").rstrip(), "", "## The catalogue", ""]
    parts.append(
        f"{len(CARDS)} causes, in the order in which a request meets them. Generated from the code by "
        "`python tools/make_catalogue.py`; `accountsctl doctor cors --explain ID` prints one."
    )
    for stage, cards in groupby(CARDS, key=lambda card: card.stage):
        parts += ["", f"### {TITLES[stage]}", ""]
        for card in cards:
            parts += [*_entry(card), ""]
    return "\n".join(parts).rstrip() + "\n"


def _entry(card: Card) -> Iterator[str]:
    told = explained(card)
    yield f"#### `{card.id}`"
    yield ""
    yield card.what
    yield ""
    yield f"* The browser shows: {card.browser}."
    if told["answer"]:
        yield f"* The API answers: {told['answer']}."
    yield f"* Fix: {card.fix}{' `--fix` writes it.' if card.fixable else ''}"
    if card.split:
        yield f"* To tell it from others: `{card.split}`" if " " in card.split else f"* {card.split}"
    yield f"* Source: {card.source}."


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" in sys.argv:
        return 0 if TARGET.read_text("utf-8") == text else 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
