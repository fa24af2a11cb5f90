"""What stops a request before it reaches the API: the page, the browser, the network."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import browser_verdict
from accountsctl.doctor.browser.verdict import FetchResponse, Phase, Verdict
from accountsctl.doctor.catalogue.card import RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.scene import Evidence, Shown
from accountsctl.doctor.diagnosis.real_responses import was_refused
from accountsctl.doctor.diagnosis.subject import Cures, Subject, Suspect, Walk
from accountsctl.doctor.diagnosis.verdicts import all_evidence, suspects_by_headers
from accountsctl.doctor.facts.request_failures import NO_RESPONSE, SEEN, RequestFailure

# Why no response came -> Chromium's code, and the causes that may explain it, the usual one first.
OF_FAILURES = {
    RequestFailure.ABORTED: ("ERR_ABORTED", ("client.aborted",)),
    RequestFailure.RESOURCE_POLICY: ("ERR_BLOCKED_BY_RESPONSE", ("client.resource-policy",)),
    RequestFailure.UNREACHABLE: ("ERR_CONNECTION_FAILED", ("deploy.unreachable",)),
    RequestFailure.NOT_TRUSTED: ("ERR_FAILED", ("deploy.tls", "deploy.unreachable")),
    RequestFailure.CACHED: ("ERR_FAILED", ("client.cached-without-cors",)),
    RequestFailure.BY_WORKER: ("ERR_FAILED", ("client.service-worker",)),
    RequestFailure.WORKER: ("ERR_FAILED", ("client.service-worker", "client.cached-without-cors")),
    RequestFailure.NOT_FROM_NETWORK: ("ERR_FAILED", ("client.cached-without-cors", "client.service-worker")),
    RequestFailure.DNS: ("ERR_NAME_NOT_RESOLVED", ("deploy.wrong-host", "deploy.private")),
    RequestFailure.NO_HTTPS: ("ERR_SSL_PROTOCOL_ERROR", ("deploy.no-https",)),
    RequestFailure.TLS: ("ERR_CERT", ("deploy.tls",)),
    RequestFailure.BLOCKED: ("ERR_BLOCKED_BY_CLIENT", ("client.blocked",)),
    RequestFailure.LISTED: ("ERR_FAILED", ("client.blocked", "deploy.unreachable")),
    RequestFailure.CSP: ("ERR_BLOCKED_BY_CSP", ("client.csp",)),
    RequestFailure.MIXED: (CorsError.MIXED_CONTENT, ("client.mixed",)),
    RequestFailure.NOT_HTTP: ("ERR_FAILED", ("client.not-http",)),
    RequestFailure.LOCAL_NETWORK: ("ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", ("client.lna",)),
}

INFERRED = frozenset({RequestFailure.WORKER, RequestFailure.NOT_FROM_NETWORK})
"""Failures that a recording shows by what it does not have."""
UNSEEN = INFERRED | {RequestFailure.NOT_TRUSTED, RequestFailure.LISTED}
"""Failures of which a recording does not tell whose they are."""


def stopped_before_sending(subject: Subject, ask: PageRequest, cures: Cures) -> Walk | None:
    """Causes that keep a request from reaching the API: those of the client, known by facts or by a failure."""
    failed = (seen for seen in (subject.preflight, subject.actual) if seen and seen.failure in OF_FAILURES)
    seen = next(failed, None)
    failure = seen.failure if seen else None
    cards = () if _page_gets_response(subject, ask) else CARDS
    scenes = subject.scenes(ask, preflight=False)
    suspects = [
        Suspect(card, evidence)
        for card in cards
        if card.stage is RequestStage.CLIENT and card.id not in cures.ids and card.check is not None
        for evidence in [all_evidence(card, scenes)]
        if evidence
    ]
    if failure and not suspects:
        _, named = OF_FAILURES[failure]
        scenes = subject.scenes(ask, preflight=True)
        found = [Suspect(BY_ID[card], all_evidence(BY_ID[card], scenes)) for card in named]
        usual = found if failure in UNSEEN else found[:1]
        suspects = [suspect for suspect in found if suspect.supported] or usual
        if seen is not None:
            shown = Evidence(seen.place, SEEN.get(failure, NO_RESPONSE), "a response")
            suspects = [replace(suspect, evidence=(shown, *suspect.evidence)) for suspect in suspects]
    unsent = browser_verdict(ask, None, None)
    if not suspects and not failure and unsent is not None and not unsent.ok:
        return Walk(
            unsent, _suspects_of_unsent(subject, Shown(unsent, FetchResponse(0), ask)), refused=Phase.REQUEST
        )
    if not suspects and not failure:
        return None
    if not failure and (subject.preflight or subject.actual):
        return _sent_elsewhere(subject, ask, suspects[0])
    code = OF_FAILURES[failure][0] if failure else None
    verdict = Verdict(ok=False, code=code, phase=Phase.REQUEST, url=ask.url)
    return Walk(
        verdict if failure else None,
        tuple(suspects if failure in UNSEEN else suspects[:1]),
        refused=Phase.REQUEST,
    )


def _sent_elsewhere(subject: Subject, ask: PageRequest, suspect: Suspect) -> Walk:
    """A fault of the page's configuration whose request was seen: another API than the one that is meant answered."""
    preflight = subject.preflight.answer if subject.preflight else None
    actual = subject.actual.answer if subject.actual else None
    verdict = browser_verdict(ask, preflight, actual, subject.hops)
    refused = verdict.phase if verdict is not None and not verdict.ok else Phase.ACTUAL
    return Walk(verdict, (suspect,), preflight, actual, refused)


def _page_gets_response(subject: Subject, ask: PageRequest) -> bool:
    """Whether the page was seen to get the application's answer, wherever that came from."""
    actual = subject.actual
    if actual is None or actual.answer is None or was_refused(actual, preflight=False):
        return False
    preflight = subject.preflight.answer if subject.preflight else None
    verdict = browser_verdict(ask, preflight, actual.answer, subject.hops)
    return verdict is not None and verdict.ok


def _suspects_of_unsent(subject: Subject, shown: Shown) -> tuple[Suspect, ...]:
    """What the browser refuses to send, by the page's origin and the URL alone."""
    places = [api.place for api in subject.apis[-1:]]
    seen = tuple(
        Evidence(place, f"a page of {shown.ask.origin} calls {shown.ask.url}", "https") for place in places
    )
    return tuple(replace(suspect, evidence=seen) for suspect in suspects_by_headers(subject, shown))
