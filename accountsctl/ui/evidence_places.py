"""Where an observation was made, as a report says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.facts.places import API_LOG, Layer
from accountsctl.doctor.reports.json_report import Lines

_SENT = {
    "http P1": "the preflight that was sent",
    "http P3": "the request that was sent, with the token",
    "http P4": "the request that was sent, without a token",
}
"""The requests of the live layer, in words."""
_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}")
_WITNESSES = {Layer.STATIC: "the configuration", Layer.DEPLOYED: "what is deployed"}


def place_of(evidence: Evidence, lines: Lines) -> str:
    """The source of an observation, with its line where that is known, and the pointer in it."""
    line = lines.get((evidence.place.source, evidence.place.pointer))
    source = _SENT.get(evidence.place.source, evidence.place.source)
    return f"{source}{f':{line}' if line else ''} {evidence.place.pointer}".rstrip()


def lines_of_place(where: str, width: int) -> list[str]:
    """A place in lines of at most `width` columns: a long pointer stands in its own, broken before its slashes."""
    if len(where) <= width:
        return [where]
    source, _, pointer = where.partition(" ")
    lines = [source]
    for part in re.split("(?=/)", pointer):
        if len(lines) > 1 and len(lines[-1]) + len(part) <= width:
            lines[-1] += part
        elif part:
            lines.append(part)
    return lines


def different_lines(lines: Iterable[str], shown: Iterable[str] = ()) -> Iterator[str]:
    """The lines of a log that differ in more than the ids of requests, from each other and from those shown before."""
    seen = {_REQUEST_ID.sub("", line) for line in shown}
    for line in lines:
        text = _REQUEST_ID.sub("", line)
        if text not in seen:
            seen.add(text)
            yield line


def sureness_of(found: Diagnosis) -> str:
    """How sure the root cause is, by the diagnosis, and what shows it."""
    evidence = found.root.evidence if found.root is not None else ()
    *others, last = dict.fromkeys(map(_witness, evidence)) or ("the page's URL", "the API's")
    names = f"{', '.join(others)} and {last}" if others else last
    if found.certainty is Certainty.CERTAIN:
        return f"certain: {names} {'agree' if others else 'shows it'}"
    return f"likely: {'only ' if evidence else ''}{names} {'show' if others else 'shows'} it"


def _witness(evidence: Evidence) -> str:
    """What an observation was made of."""
    if evidence.place.layer is not Layer.LIVE:
        return _WITNESSES[evidence.place.layer]
    if evidence.place.source == API_LOG:
        return API_LOG
    kind = evidence.place.source.partition(" ")[0]
    return (
        f"the {'recording' if kind == 'har' else kind if kind in ('console', 'transcript') else 'response'}"
    )
