"""The suspects of a console's sentence, by the API's own source that stands next to it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.subject import Suspect
from accountsctl.doctor.diagnosis.wording import RARER_CAUSES
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.observed.pasted_definitions import (
    HttpEvent,
    may_set_cors_of_http_api,
    pasted_events,
    pasted_handler,
    requires_api_key,
)

NO_OPTIONS, NO_CORS = "preflight.no-options", "httpapi.no-cors"
NO_KEY = "auth.api-key"
MISSING, MALFORMED = "acao.missing-actual", "int.malformed"
MOST = 2


def by_pasted_definition(diagnosis: Diagnosis, text: str) -> Diagnosis:
    """The diagnosis without the suspects that a pasted serverless.yml or a function's code excludes.

    The code, and a route's events, only of a response whose status is not known: that tells more.
    """
    seen = diagnosis.probes[0] if diagnosis.probes else None
    if diagnosis.certainty is not Certainty.AMBIGUOUS or seen is None:
        return diagnosis
    if NO_KEY in diagnosis.causes and requires_api_key(text):
        place = SourcePlace(Layer.LIVE, "the API's source", "next to the response")
        return _among(diagnosis, (NO_KEY,), Evidence(place, "a key is required", "a valid key in x-api-key"))
    if not seen.has_unknown_status:
        return diagnosis
    verdict = diagnosis.walk.verdict
    if verdict is not None and verdict.phase is Phase.PREFLIGHT:
        return _by_events(diagnosis, text)
    return _by_handler(diagnosis, text) if MISSING in diagnosis.causes else diagnosis


def _by_events(diagnosis: Diagnosis, text: str) -> Diagnosis:
    path = urlsplit(diagnosis.ask.url).path
    events = [event for event in pasted_events(text) if not path or event.is_of(path)]
    of_rest_api = [event for event in events if not event.of_http_api]
    if NO_OPTIONS not in diagnosis.causes or not events:
        return diagnosis
    if not of_rest_api:
        return _by_events_of_http_api(diagnosis, events, text)
    if any(event.cors for event in of_rest_api):
        return diagnosis
    events = of_rest_api
    place = SourcePlace(Layer.LIVE, "serverless.yml", f"{events[0].method} {events[0].path}")
    return _among(diagnosis, (NO_OPTIONS,), Evidence(place, "an http event without cors", "cors: true"))


def _by_events_of_http_api(diagnosis: Diagnosis, events: list[HttpEvent], text: str) -> Diagnosis:
    """An HTTP API answers OPTIONS by its CORS configuration alone; `cors` of an event is not one."""
    may_set = may_set_cors_of_http_api(text)
    is_misplaced = any(event.cors for event in events)
    takes_options = any(event.method in ("ANY", "OPTIONS") for event in events)
    if may_set or takes_options or (may_set is None and not is_misplaced):
        return diagnosis
    place = SourcePlace(Layer.LIVE, "serverless.yml", f"{events[0].method} {events[0].path}")
    actual = "cors in an httpApi event, where it is ignored" if is_misplaced else "no cors of the HTTP API"
    return _among(diagnosis, (NO_CORS,), Evidence(place, actual, "provider.httpApi.cors: true"))


def _by_handler(diagnosis: Diagnosis, text: str) -> Diagnosis:
    """A function that sends the header did not give the response; one that never does is the cause."""
    handler = pasted_handler(text)
    if handler is None or (handler.allows is None and not handler.computed):
        return diagnosis
    if handler.allows == frozenset() and not handler.computed:
        shown = Evidence(
            handler.place, "no Access-Control-Allow-Origin in any answer", "the header in all answers"
        )
        return _among(diagnosis, (MISSING,), shown)
    others = [id_ for id_ in (*diagnosis.causes, *diagnosis.walk.rarer) if id_ != MISSING]
    first = [MALFORMED] if handler.malformed else []
    if handler.bare_errors:
        first = ["acao.missing-error-path"]
    ordered = tuple(dict.fromkeys([*first, *others]))[:MOST]
    shown = Evidence(handler.place, "Access-Control-Allow-Origin in its answers", "an answer of this code")
    return _among(diagnosis, ordered, shown) if ordered else diagnosis


def _among(diagnosis: Diagnosis, ids: tuple[str, ...], shown: Evidence) -> Diagnosis:
    known = {suspect.card.id: suspect for suspect in diagnosis.suspects}
    seen = diagnosis.root.evidence if diagnosis.root else ()
    suspects = [known.get(id_, Suspect(BY_ID[id_], seen)) for id_ in ids]
    left = tuple(gap for gap in diagnosis.not_checked if gap[0] != RARER_CAUSES)
    rarer = tuple(id_ for id_ in diagnosis.walk.rarer if id_ not in ids)
    return replace(diagnosis, not_checked=left, walk=replace(diagnosis.walk, rarer=rarer)).among(
        [replace(suspect, evidence=(*suspect.evidence, shown)) for suspect in suspects],
        alone=Certainty.LIKELY,
    )
