"""One request on its way through an API: what refuses it first, and what the browser makes of the answers.

    walk(subject, ask) -> Walk

A subject is what is known of the API: one `Api` for each layer that was looked at, and the answers that were
really seen. Real answers are believed before worked-out ones; of the causes that may have given a real answer,
a layer's facts keep those that they support and strike those that they exclude.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.page_verdict import browser_verdict
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.browser.verdict import FetchResponse, Phase
from accountsctl.doctor.catalogue.card import Card, RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.likelihood import without_words
from accountsctl.doctor.catalogue.other_servers import usual_of_status
from accountsctl.doctor.catalogue.other_services import has_unset_part
from accountsctl.doctor.catalogue.requests import calls_function_url
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown
from accountsctl.doctor.catalogue.simulate import expected, has_headers_elsewhere, ideal, refused
from accountsctl.doctor.catalogue.taken_values import settled
from accountsctl.doctor.catalogue.unknown_status import of_either
from accountsctl.doctor.diagnosis.before_sending import INFERRED, stopped_before_sending
from accountsctl.doctor.diagnosis.real_responses import (
    UNSET_PART,
    as_read,
    is_own_refusal,
    is_shown,
    known_kind,
    matching_refusal,
    needed_answer,
    or_stale_deployment,
    preflight_passed,
    remaining_suspects,
    status_line,
    suspects_of_other_server,
    unexplained,
    was_refused,
    with_facts,
    without_facts,
)
from accountsctl.doctor.diagnosis.subject import Cures, Subject, Suspect, Walk
from accountsctl.doctor.diagnosis.verdicts import all_evidence, of_unknown_status, suspects_by_headers
from accountsctl.doctor.diagnosis.wording import HOW_TO_SEE, IN_LOGS, RARER_CAUSES, most_of
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.model.api_gateway import ApiKind

ON_PREFLIGHT = (
    RequestStage.EDGE,
    RequestStage.ROUTING,
    RequestStage.PREFLIGHT_AUTH,
    RequestStage.PREFLIGHT_INTEGRATION,
    RequestStage.INTEGRATION,
)


NOT_IN_THIS_FILE = {
    ApiKind.REST: "The gateway responses stand with the API, in another stack, and are taken to have the CORS headers. "
    "Without them the browser shows a CORS error in place of this refusal. Name their template too (--template).",
    ApiKind.HTTP: "The CORS configuration stands with the API, in another stack, and is taken to allow the page. If it "
    "does not, the browser shows a CORS error in place of this refusal. Name its template too (--template).",
}
ON_ACTUAL = (RequestStage.EDGE, RequestStage.ROUTING, RequestStage.AUTH, RequestStage.INTEGRATION)
CARDS_OF_PREFLIGHT = tuple(card for card in CARDS if card.stage in ON_PREFLIGHT)
# A cause of the preflight is none of the request itself, though both pass the routes.
CARDS_OF_ACTUAL = tuple(
    card for card in CARDS if card.stage in ON_ACTUAL and not card.id.startswith("preflight.")
)
_ANSWERS = {
    Phase.PREFLIGHT: "the headers of the response to OPTIONS",
    Phase.ACTUAL: "the headers of the response to {}",
}
NO_CURES = Cures()


def walk(subject: Subject, ask: PageRequest, cures: Cures = NO_CURES) -> Walk:
    """What becomes of a request."""
    first = stopped_before_sending(subject, ask, cures)
    if first is None:
        return _walk_on(subject, ask, cures)
    if not subject.apis or subject.actual is None or subject.actual.failure not in INFERRED:
        return first
    # Some versions of Chromium record no status of what CORS blocked: a cause that is in the API comes first.
    by_facts = _walk_on(subject, ask, cures)
    return by_facts if by_facts.suspects or cures != NO_CURES else first


def _walk_on(subject: Subject, ask: PageRequest, cures: Cures) -> Walk:
    """What becomes of a request that the browser sends."""
    preflight, actual = None, None
    if ask.preflight is not None:
        preflight = _phase(subject, ask, cures, Phase.PREFLIGHT)
        if preflight.suspects:
            return _conclusion(subject, ask, preflight, None)
    verdict = browser_verdict(ask, preflight.answer if preflight else None, None)
    if verdict is None or verdict.ok or verdict.phase is not Phase.PREFLIGHT:
        actual = _phase(subject, ask, cures, Phase.ACTUAL)
    return _conclusion(subject, ask, preflight, actual)


@dataclass(frozen=True)
class _PhaseResult:
    name: Phase
    answer: FetchResponse | None
    suspects: tuple[Suspect, ...] = ()
    refused: bool = False
    why: str = ""
    rarer: tuple[str, ...] = ()
    headers_assumed: bool = False


def _phase(subject: Subject, ask: PageRequest, cures: Cures, name: Phase) -> _PhaseResult:
    """What answers one request: who refuses it, or the answer that it gets."""
    preflight = name is Phase.PREFLIGHT
    cards = [
        cause for cause in (CARDS_OF_PREFLIGHT if preflight else CARDS_OF_ACTUAL) if cause.id not in cures.ids
    ]
    real = None if name in cures.phases else (subject.preflight if preflight else subject.actual)
    if real is not None and real.answer is not None:
        return _phase_of_real_response(as_read(subject, ask, preflight), ask, cures, real, cards, name)
    scenes = subject.scenes(ask, preflight=preflight)
    for card in cards:
        evidence = all_evidence(card, scenes, trusted=True) if card.proved_by_facts else ()
        if evidence and not card.assumption(scenes[-1]):
            scene = scenes[-1]
            refusal = card.usual_refusal(scene.api.kind)
            answer, _ = settled(refused(scene, refusal), ask, preflight=preflight)
            suspect = or_stale_deployment(subject, ask, preflight, Suspect(card, evidence, refusal))
            assumed = has_headers_elsewhere(scene.api, refusal)
            why = NOT_IN_THIS_FILE[ApiKind(scene.api.kind)] if assumed else ""
            return _PhaseResult(name, answer, (suspect,), refused=True, why=why, headers_assumed=assumed)
    if not subject.apis:
        return _PhaseResult(name, None, why="Nothing that was looked at tells them.")
    usual = expected(Scene(cures.applied(subject.apis[-1], ask), ask, preflight))
    cured = name in cures.phases
    why = "" if usual or cured else "No source tells them; they are taken to be right."
    response, unknown = settled(usual or ideal(ask, preflight), ask, preflight=preflight)
    if unknown:
        why = f"Only the deployment knows {', '.join(unknown)}; it is taken to be right."
    return _PhaseResult(name, _corrected(response, cures, name), why=why)


def _corrected(answer: FetchResponse | None, cures: Cures, name: Phase) -> FetchResponse | None:
    response = answer
    for correct in cures.corrections.get(name, ()):
        response = correct(response)
    return response


def _phase_of_real_response(
    subject: Subject, ask: PageRequest, cures: Cures, real: Exchange, cards: list[Card], name: Phase
) -> _PhaseResult:
    """A real answer: who may have refused so, kept or struck by what the layers' facts say."""
    answer = real.answer
    preflight = name is Phase.PREFLIGHT
    of_server = suspects_of_other_server(subject, ask, real, preflight=preflight)
    if of_server is not None:
        return _PhaseResult(name, answer, of_server, refused=bool(of_server))
    able = _able(subject, ask, real, cards, preflight=preflight)
    if not able and not was_refused(real, preflight=preflight):
        return _PhaseResult(name, _corrected(answer, cures, name))
    scenes = subject.scenes(ask, preflight=preflight)
    kind = known_kind(subject)
    found = [Suspect(card, all_evidence(card, scenes), matching_refusal(card, real, kind)) for card in able]
    left = remaining_suspects(found, scenes, real) or unexplained(subject, scenes, found, real)
    left, rarer = _likely(left, scenes, ask, real, preflight=preflight)
    by_gateway = bool(real.error_type) or is_own_refusal(real)
    if not left and (not by_gateway or calls_function_url(ask)):
        # The gateway let it through, and nothing is known against what answered: the browser's rules say the rest.
        return _PhaseResult(name, _corrected(answer, cures, name))
    left = [or_stale_deployment(subject, ask, preflight, suspect) for suspect in left]
    shown = Evidence(real.place, status_line(real), needed_answer(real))
    return _PhaseResult(
        name,
        answer,
        tuple(replace(suspect, evidence=(shown, *suspect.evidence)) for suspect in left),
        refused=True,
        rarer=rarer,
        # The words are known, and not whether the page may read them.
        headers_assumed=real.headless and bool(real.body),
    )


def _likely(
    left: list[Suspect], scenes: Sequence[Scene], ask: PageRequest, real: Exchange, *, preflight: bool
) -> tuple[list[Suspect], tuple[str, ...]]:
    """The likely suspects, and the ids of the rarer ones: of all if nothing is known of the API."""
    if scenes:
        return with_facts(left, scenes, ask, real)
    likely, rarer = without_facts(left, ask, real)
    is_unset = bool(likely) and has_unset_part(ask.url)
    first = UNSET_PART if is_unset else usual_of_status(ask, real, preflight=preflight)
    if first:
        kept = [suspect for suspect in likely if suspect.card.id != first]
        likely, rarer = [Suspect(BY_ID[first]), *kept[:1]], (*_ids(kept[1:]), *rarer)
    either = of_either(likely[0].card.id, ask, real.status) if likely and real.may_be_preflight else ()
    if is_unset or len(either) < 2:
        return likely, rarer
    others = tuple(id_ for id_ in (*_ids(likely[1:]), *rarer) if id_ not in either)
    return [likely[0], Suspect(BY_ID[either[1]])], others


def _ids(suspects: list[Suspect]) -> tuple[str, ...]:
    return tuple(suspect.card.id for suspect in suspects)


def _able(
    subject: Subject, ask: PageRequest, real: Exchange, cards: list[Card], *, preflight: bool
) -> list[Card]:
    """The causes that may have given a response, by its status and words, the request, and a preflight that passed."""
    passed = not preflight and preflight_passed(subject.preflight)
    kind = known_kind(subject)
    able = [
        card
        for card in cards
        if card.may_answer(real, kind)
        and card.may_meet(ask)
        and without_words(card.id, ask, real)
        and not (passed and (real.gateway or kind or ApiKind.REST) in card.meets_preflight)
    ]
    if was_refused(real, preflight=preflight):
        return able
    # An application's own refusal is the API's fault only where its facts say so.
    return [card for card in able if is_shown(card, subject, ask, real, preflight=preflight)]


def _conclusion(
    subject: Subject, ask: PageRequest, preflight: _PhaseResult | None, actual: _PhaseResult | None
) -> Walk:
    """The walk's end: the browser's verdict, and the suspects if only headers are wrong."""
    phases = [phase for phase in (preflight, actual) if phase is not None]
    blamed = next((phase for phase in phases if phase.refused), None)
    preflight_response = preflight.answer if preflight else None
    actual_response = actual.answer if actual else None
    verdict = browser_verdict(ask, preflight_response, actual_response, subject.hops)
    suspects = blamed.suspects if blamed else ()
    unknown = [(_ANSWERS[phase.name].format(ask.method), phase.why) for phase in phases if phase.why]
    rarer = tuple(id_ for phase in phases for id_ in phase.rarer)
    target = _unseen_target(ask, actual_response) if verdict is None else None
    if target is not None:
        unknown.append(("the redirect's target", f"It leads to {target}, whose response was not seen."))
        suspects = suspects or _redirected_away(subject, ask, target)
    if blamed is None and verdict is not None and not verdict.ok:
        judged = preflight_response if verdict.phase is Phase.PREFLIGHT else actual_response
        shown = Shown(verdict, judged or FetchResponse(0), ask, known_kind(subject))
        suspects = suspects_by_headers(subject, shown)
        seen = subject.preflight if verdict.phase is Phase.PREFLIGHT else subject.actual
        if seen is not None and seen.has_unknown_status and not subject.apis and not verdict.hop:
            rarer = _others_than(suspects, of_unknown_status(shown, seen).rarer)
    where = IN_LOGS if subject.apis else HOW_TO_SEE
    unknown += [(RARER_CAUSES, f"{most_of(rarer)}. {where}")] if rarer else []
    return Walk(
        verdict,
        suspects,
        preflight_response,
        actual_response,
        blamed.name if blamed else None,
        tuple(unknown),
        rarer,
        headers_assumed=blamed is not None and blamed.headers_assumed,
    )


def _others_than(suspects: tuple[Suspect, ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of causes that are not suspected."""
    return tuple(id_ for id_ in ids if id_ not in {suspect.card.id for suspect in suspects})


def _unseen_target(ask: PageRequest, response: FetchResponse | None) -> str | None:
    """The URL that a redirect leads to; None if the response is not a redirect."""
    location = response.value("location") if response and response.status in REDIRECTS else None
    return urljoin(ask.request.url, location) if location and is_url(location) else None


def _redirected_away(subject: Subject, ask: PageRequest, target: str) -> tuple[Suspect, ...]:
    """The redirect, if the browser reports an error of it, or does not send the credential to its target."""
    leaves_credential = ask.credential is not Credential.NONE and origin_of(target) != origin_of(
        ask.request.url
    )
    if not leaves_credential and not subject.error:
        return ()
    places = [exchange.place for exchange in (subject.actual,) if exchange] or [
        api.place for api in subject.apis[-1:]
    ]
    seen = (
        Evidence(place, f"a redirect to {target}", "the final URL, called by the page") for place in places
    )
    return (Suspect(BY_ID["client.redirect"], tuple(seen)),)
