"""Diagnoses as SARIF 2.1.0, for code hosts that show findings beside the line.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/: one rule for each cause, one result for each request that is
blocked, at the template's line. What was seen of the deployed API and in answers goes into `properties`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cards import CARDS
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.reports.json_report import Lines, all_evidence, evidence_json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(found: Iterable[Diagnosis], lines: Lines, version: str) -> dict[str, Any]:
    """One run with all results; equal ones once."""
    results = {result["partialFingerprints"]["cause/v1"]: result for result in _results(list(found), lines)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "accountsctl doctor cors",
                        "version": version,
                        "rules": [_rule(card) for card in CARDS],
                    }
                },
                "results": list(results.values()),
            }
        ],
    }


def _rule(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "shortDescription": {"text": card.what},
        "help": {"text": f"The browser shows: {card.browser}\nFix: {card.fix}\nSource: {card.source}"},
    }


def _results(found: list[Diagnosis], lines: Lines) -> Iterator[dict[str, Any]]:
    for diagnosis in found:
        if diagnosis.fails and diagnosis.root is not None:
            yield _cause(diagnosis, lines)
        for mask in diagnosis.masked_by:
            yield _result(mask.card, "warning", mask.card.what, mask.evidence, lines)
        for remark in diagnosis.warnings:
            yield _remark(remark, lines)


def _cause(found: Diagnosis, lines: Lines) -> dict[str, Any]:
    assert found.root is not None
    card = found.root.card
    among = ", ".join(alternative.card.id for alternative in found.alternatives)
    unsure = f" (or {among})" if found.certainty is Certainty.AMBIGUOUS else ""
    text = f"{found.ask.target} from {found.ask.origin}: {card.what}{unsure} Fix: {card.fix}"
    return _result(card, "error", text, all_evidence(found), lines)


def _remark(remark: Remark, lines: Lines) -> dict[str, Any]:
    return _result(remark.card, "note", f"{remark.card.what} {remark.card.fix}", remark.evidence, lines)


def _result(
    card: Card, level: str, text: str, evidence: tuple[Evidence, ...], lines: Lines
) -> dict[str, Any]:
    static = [shown for shown in evidence if shown.place.layer is Layer.STATIC]
    where = f"{static[0].place.source}{static[0].place.pointer}" if static else text
    entry = {
        "ruleId": card.id,
        "level": level,
        "message": {"text": text},
        "locations": [_location(shown, lines) for shown in static[:1]],
        "partialFingerprints": {"cause/v1": hashlib.sha256(f"{card.id} {where}".encode()).hexdigest()},
    }
    rest = [evidence_json(shown, lines) for shown in evidence if shown not in static]
    return {**entry, "properties": {"evidence": rest}} if rest else entry


def _location(evidence: Evidence, lines: Lines) -> dict[str, Any]:
    place = evidence.place
    region = {"startLine": lines.get((place.source, place.pointer), 1)}
    return {
        "physicalLocation": {"artifactLocation": {"uri": place.source}, "region": region},
        "logicalLocations": [{"fullyQualifiedName": place.pointer}],
    }
