"""A diagnosis as JSON: the shape of `schema.json` beside this file, stable names, ids of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.browser.verdict import Verdict
from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, DiagnosisOutcome, Remark
from accountsctl.doctor.diagnosis.targets import locate
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer

SCHEMA = "accountsctl.doctor.cors/1"
FIX = "accountsctl doctor cors --fix --apply"
Lines = Mapping[tuple[str, str], int]


def report_json(
    found: Diagnosis, lines: Lines, patches: tuple[str, ...] = (), *, own: bool = False
) -> dict[str, Any]:
    """One diagnosis. `lines` are the lines of pointers in files; `patches` diffs of this project's files; `own`:
    they are facts of a project that `--fix` can change. Warnings are included if there are any."""
    warnings = [_remark(each, lines) for each in found.warnings]
    return {
        "schema": SCHEMA,
        "target": found.ask.target,
        "origin": found.ask.origin,
        "verdict": found.outcome.value,
        "browser": _browser(found),
        "rootCause": _root(found),
        "maskedBy": [each.card.id for each in found.masked_by],
        "next": list(found.next),
        "evidence": [evidence_json(each, lines) for each in all_evidence(found)],
        "fix": [{"kind": kind, "text": text} for kind, text in fixes(found, patches, own=own)],
        "notChecked": [{"what": what, "why": why} for what, why in found.not_checked],
        "probes": [_probe(each) for each in found.probes],
        **({"warnings": warnings} if warnings else {}),
    }


def _browser(found: Diagnosis) -> dict[str, Any]:
    verdict = found.walk.verdict or Verdict(ok=True)
    has_verdict = found.walk.verdict is not None
    return {
        "profile": found.ask.profile.value,
        "phase": verdict.phase if has_verdict else None,
        "code": verdict.code if has_verdict else None,
        "consoleText": console_text(verdict, found.ask) if has_verdict else "",
    }


def _root(found: Diagnosis) -> dict[str, Any] | None:
    if found.root is None:
        return None
    return {
        "id": found.root.card.id,
        "certainty": found.certainty.value,
        "alternatives": [each.card.id for each in found.alternatives],
    }


def all_evidence(found: Diagnosis) -> tuple[Evidence, ...]:
    """What speaks for the root cause and its alternatives, each once, the live layer first."""
    if found.root is None:
        return ()
    every = [each for suspect in (found.root, *found.alternatives) for each in suspect.evidence]
    order = [Layer.LIVE, Layer.DEPLOYED, Layer.STATIC]
    unique = {
        (each.place.layer, each.place.source, each.place.pointer, each.observed): each for each in every
    }
    return tuple(sorted(unique.values(), key=lambda each: order.index(each.place.layer)))


def evidence_json(each: Evidence, lines: Lines) -> dict[str, Any]:
    """One piece of evidence; with the line where the file's is known."""
    place = each.place
    entry: dict[str, Any] = {
        "layer": place.layer.value,
        "source": place.source,
        "pointer": place.pointer,
        "observed": each.observed,
        "expected": each.expected,
    }
    line = lines.get((place.source, place.pointer))
    return {**entry, "line": line} if line else entry


def fixes(found: Diagnosis, patches: tuple[str, ...] = (), *, own: bool = False) -> Iterator[tuple[str, str]]:
    """What to do, as (kind, text): the diffs of this project first, then words, then commands."""
    if found.root is None or found.outcome is not DiagnosisOutcome.BLOCKED:
        return
    if found.certainty is Certainty.AMBIGUOUS:
        splits = dict.fromkeys(
            each.card.split for each in (found.root, *found.alternatives) if each.card.split
        )
        yield from (("command", _filled(text, found)) for text in splits)
        return
    yield from (("patch", text) for text in patches)
    card = found.root.card
    static = {each.place.layer for each in found.root.evidence}
    unpushed = Layer.DEPLOYED in static and Layer.STATIC not in static and _looked_at_files(found)
    if unpushed and card.id != "deploy.stale":
        yield "command", "accountsctl push: the project's files no longer have this fault"
        return
    yield card.kind, _filled(card.fix, found)
    for mask in found.masked_by:
        if mask.card.id != "gwresp.masks-preflight":
            yield mask.card.kind, mask.card.fix
    if own and card.fixable:
        yield "command", f"{FIX} (without --apply it shows the change alone)"
    if card.kind == "patch" or (own and card.fixable):
        yield "command", "accountsctl push"


def _filled(text: str, found: Diagnosis) -> str:
    """A command with the API and the stage that the URL names."""
    target = locate(found.ask.url, ())
    known = {"--rest-api-id API": target.api, "--stage-name STAGE": target.stage}
    for word, value in known.items():
        text = text.replace(word, f"{word.partition(' ')[0]} {value}") if value else text
    return text


def _looked_at_files(found: Diagnosis) -> bool:
    return found.layers[:1] == (Layer.STATIC,)


def _probe(each: Exchange) -> dict[str, Any]:
    return {
        "id": each.probe,
        "request": f"{each.method} {each.url}",
        "status": each.status or None,
        "errorType": each.error_type or None,
        "failure": each.failure,
        "durationMs": each.milliseconds,
    }


def _remark(each: Remark, lines: Lines) -> dict[str, Any]:
    return {
        "id": each.card.id,
        "text": each.card.what,
        "evidence": [evidence_json(one, lines) for one in each.evidence],
        "fix": each.card.fix,
    }


def explained(card: Card) -> dict[str, str]:
    """A card as the catalogue has it."""
    return {
        "id": card.id,
        "stage": card.stage.words,
        "what": card.what,
        "browser": card.browser,
        "answer": ", ".join(f"{each.status} {each.error_type}".strip() for each in card.refusals),
        "fix": card.fix,
        "kind": card.kind,
        "source": card.source,
    }
