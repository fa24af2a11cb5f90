"""From what is known of an API to a diagnosis: the root cause, what hides it, and what comes after its cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.card import Card, RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.diagnosis.before_sending import OF_FAILURES
from accountsctl.doctor.diagnosis.browser_notes import (
    MASKS_OF_REFUSALS,
    asked_of_the_user,
    hidden_headers,
    hidden_refusal,
)
from accountsctl.doctor.diagnosis.masks import Remark, facts_for, masks_of
from accountsctl.doctor.diagnosis.real_responses import known_kind
from accountsctl.doctor.diagnosis.simple_requests import only_simple
from accountsctl.doctor.diagnosis.subject import Cures, Subject, Suspect, Walk, request_after_fix
from accountsctl.doctor.diagnosis.taken_as_right import taken_as_right
from accountsctl.doctor.diagnosis.walk import walk
from accountsctl.doctor.diagnosis.wording import in_words_of_kind
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.request_failures import OF_HOST
from accountsctl.model.cors_headers import ALLOW_HEADERS

MOST_NEXT = 8
OF_URL = frozenset(
    {
        "client.redirect",
        "client.stale-config",
        "deploy.default-endpoint-disabled",
        "deploy.no-stage",
        "deploy.wrong-host",
        "deploy.wrong-path",
        "edge.aws-service",
        "edge.page-instead",
        "preflight.redirect",
    }
)
"""Causes whose fix is another URL: how that answers was not looked at."""
WITHOUT_HEADERS = (
    "the response's headers",
    "Safari's recording, a console's line and curl without -i do not have them. A recording of Chrome or Firefox (HAR) "
    "tells more causes apart.",
)


class DiagnosisOutcome(StrEnum):
    """Whether the page gets the application's answer. ERROR: CORS is fine, and the response that it reads refuses."""

    PASS = "pass"  # noqa: S105 -- a verdict
    BLOCKED = "blocked"
    ERROR = "error"
    UNKNOWN = "unknown"

    @property
    def fails(self) -> bool:
        """Whether the page does not get the application's answer, for CORS or anything else."""
        return self in (DiagnosisOutcome.BLOCKED, DiagnosisOutcome.ERROR)


class Certainty(StrEnum):
    """How sure the root cause is: two layers agree, one says so, or several causes fit."""

    CERTAIN = "certain"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Diagnosis:
    """What is to be said of one request. `next` are the causes that a browser would meet after the cure.

    `kind` is that of the API, empty if it is not known.
    `logged` is what the API's log has of the requests that were sent, `api` the API's name; empty if it is not known.

    `root` is None if the request passes, and where nothing that is known explains what is seen.
    """

    ask: PageRequest
    outcome: DiagnosisOutcome
    walk: Walk
    root: Suspect | None = None
    certainty: Certainty = Certainty.LIKELY
    alternatives: tuple[Suspect, ...] = ()
    masked_by: tuple[Remark, ...] = ()
    next: tuple[str, ...] = ()
    warnings: tuple[Remark, ...] = ()
    not_checked: tuple[tuple[str, str], ...] = ()
    probes: tuple[Exchange, ...] = ()
    layers: tuple[Layer, ...] = ()
    logged: tuple[str, ...] = ()
    api: str = ""
    kind: str = ""

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        """All that may be the cause, the likeliest first: the root and its alternatives."""
        return self.alternatives if self.root is None else (self.root, *self.alternatives)

    def among(self, suspects: Sequence[Suspect], *, alone: Certainty) -> Diagnosis:
        """The same with these suspects, at least one, the likeliest first; `alone` is how sure a single one is."""
        certainty = Certainty.AMBIGUOUS if len(suspects) > 1 else alone
        return replace(self, root=suspects[0], alternatives=tuple(suspects[1:]), certainty=certainty)

    @property
    def causes(self) -> tuple[str, ...]:
        """The ids of the suspects."""
        return tuple(suspect.card.id for suspect in self.suspects)

    @property
    def fails(self) -> bool:
        """Whether its outcome is that the page does not get the application's answer."""
        return self.outcome.fails

    @property
    def exit_code(self) -> int:
        """0 the browser succeeds, 1 it does not and the cause is named, 3 several may be it, 4 could not look."""
        if self.outcome is DiagnosisOutcome.PASS:
            return 0
        if self.outcome is DiagnosisOutcome.UNKNOWN:
            return 4
        return 3 if self.root is None or self.certainty is Certainty.AMBIGUOUS else 1


def diagnose(subject: Subject, ask: PageRequest, probes: tuple[Exchange, ...] = ()) -> Diagnosis:
    """What keeps a page from an API's answer."""
    unheard = _unheard(subject)
    if unheard:
        subject = replace(subject, preflight=None, actual=None)
    walked = in_words_of_kind(walk(subject, ask), subject, ask)
    outcome = _outcome(walked, subject.error)
    if outcome is DiagnosisOutcome.PASS and subject.error:
        # By its headers the page reads the response; the browser knows better.
        outcome, unheard = DiagnosisOutcome.UNKNOWN, (("the browser's error", subject.error),)
    silent = subject.preflight is None and subject.actual is None
    if outcome is DiagnosisOutcome.UNKNOWN and subject.error and silent:
        unheard = unheard or (("the response", subject.error),)
    root = walked.suspects[0] if walked.suspects else None
    masks = masks_of(subject, ask, walked)
    warnings = _warnings(subject, ask, walked, {mask.card.id for mask in masks})
    if not outcome.fails and not {warning.card.id for warning in warnings} & MASKS_OF_REFUSALS:
        warnings = (*warnings, *hidden_refusal(ask, probes))
    assumed = taken_as_right(subject, ask, walked)
    unknown = (*_not_checked(subject, walked), *assumed, *_not_known_of_client(subject, ask, warnings))
    return Diagnosis(
        ask=ask,
        outcome=outcome,
        walk=walked,
        root=root if outcome.fails else None,
        certainty=_certainty(walked),
        alternatives=walked.suspects[1:],
        masked_by=masks,
        next=_next(subject, ask, walked) if outcome.fails else (),
        warnings=warnings,
        not_checked=unheard if unheard and not subject.apis else (*unheard, *unknown),
        probes=probes,
        layers=_layers(subject),
        api=subject.apis[-1].name if subject.apis else "",
        kind=known_kind(subject) or _kind_of_responses(subject),
    )


def _kind_of_responses(subject: Subject) -> str:
    """The kind of API Gateway's API, by the ids in its responses; empty if they have none."""
    seen = (subject.preflight, subject.actual)
    return next((exchange.gateway for exchange in seen if exchange is not None and exchange.gateway), "")


def _unheard(subject: Subject) -> tuple[tuple[str, str], ...]:
    """Why no answer came, where that tells nothing of the API: a connection refused, a time that ran out."""
    seen = subject.preflight or subject.actual
    if seen is None or seen.failure is None or seen.failure in OF_FAILURES:
        return ()
    host = urlsplit(seen.url).netloc
    words = OF_HOST.get(seen.failure)
    return (("the API's answers", f"{host} {words}" if words else f"{host}: {seen.failure_text}"),)


def _layers(subject: Subject) -> tuple[Layer, ...]:
    live = (Layer.LIVE,) if subject.preflight or subject.actual else ()
    return (*(api.layer for api in subject.apis), *live)


def _outcome(walked: Walk, error: str) -> DiagnosisOutcome:
    """The outcome of a walk; what the browser calls an `error`, the page has not read."""
    verdict = walked.verdict
    readable = verdict is not None and verdict.ok and not error
    if walked.refused is Phase.ACTUAL and readable:
        return DiagnosisOutcome.ERROR
    if walked.refused is not None or walked.suspects:
        return DiagnosisOutcome.BLOCKED
    if verdict is None:
        return DiagnosisOutcome.UNKNOWN
    return DiagnosisOutcome.PASS if verdict.ok else DiagnosisOutcome.BLOCKED


def _certainty(walked: Walk) -> Certainty:
    if len(walked.suspects) > 1:
        return Certainty.AMBIGUOUS
    layers = {evidence.place.layer for suspect in walked.suspects for evidence in suspect.evidence}
    return Certainty.CERTAIN if len(layers) > 1 else Certainty.LIKELY


def _next(subject: Subject, ask: PageRequest, walked: Walk) -> tuple[str, ...]:
    """What the browser would meet, one cure after another. Nothing where the cause is not known, or is the URL."""
    first = walked.suspects[0].card.id if walked.suspects else ""
    if first in OF_URL and not (subject.apis and first.startswith("preflight.")):
        return ()
    found: list[str] = []
    met = {suspect.card.id for suspect in walked.suspects}
    cures = Cures()
    for _ in range(MOST_NEXT):
        if not walked.suspects:
            break
        cures = cures.also(walked, ask)
        walked = walk(subject, ask := request_after_fix(walked, ask), cures)
        new = [suspect.card.id for suspect in walked.suspects[:1] if suspect.card.id not in met]
        found += new
        met.update(new)
    return tuple(found)


def _warnings(subject: Subject, ask: PageRequest, walked: Walk, reported: set[str]) -> tuple[Remark, ...]:
    """What is true of the API though nothing shows it to this request."""
    scenes, of_preflight = (subject.scenes(ask, preflight=preflight) for preflight in (False, True))
    named = reported.union(suspect.card.id for suspect in walked.suspects)
    was_answered = _was_answered(subject, walked)
    found = [
        Remark(card, evidence)
        for card in (CARDS if scenes or of_preflight else ())
        if card.id not in named
        and _worth_saying(card)
        and not (card.refusals and was_answered)
        and (
            card.stage in (RequestStage.MASK, RequestStage.NOTE)
            or not card.sure
            or _assumption(subject, ask, card)
        )
        for evidence in [facts_for(card, scenes, of_preflight)]
        if evidence
    ]
    allowed = (walked.preflight.value(ALLOW_HEADERS) if walked.preflight else None) or ""
    names = {part.strip().lower() for part in allowed.split(",")}
    if "*" in names and "authorization" not in names and "authorization" in ask.names():
        found.append(Remark(BY_ID["acah.star-authorization"], ()))
    asked = asked_of_the_user(subject, ask)
    return (*found, *asked, *hidden_headers(subject, walked), *only_simple(subject, ask, walked))


def _was_answered(subject: Subject, walked: Walk) -> bool:
    """Whether the application was seen to answer: nothing then refuses this request, whatever the facts leave open."""
    real = subject.actual
    return real is not None and real.answer is not None and not walked.suspects and walked.refused is None


def _assumption(subject: Subject, ask: PageRequest, card: Card) -> str:
    """What a card takes for granted of the client, though no response was seen that shows it."""
    if card.assumes is None or subject.preflight or subject.actual:
        return ""
    return next((card.assumption(scene) for scene in subject.scenes(ask, preflight=False)[-1:]), "")


def _not_known_of_client(
    subject: Subject, ask: PageRequest, warnings: tuple[Remark, ...]
) -> tuple[tuple[str, str], ...]:
    """What is not known of the client, and would be a cause."""
    assumed = [(_assumption(subject, ask, warning.card), warning.card.id) for warning in warnings]
    return tuple(
        (
            f"whether {words}",
            f"If so, it is {id_}; --url with the full URL, or a recording (--har), shows it.",
        )
        for words, id_ in assumed
        if words
    )


def _worth_saying(card: Card) -> bool:
    """A function with a timeout does not get a warning; what only a failure would show is left out."""
    return card.id not in ("int.lambda-timeout", "auth.authorizer-cache", "auth.waf")


def _not_checked(subject: Subject, walked: Walk) -> tuple[tuple[str, str], ...]:
    not_reported = [gap for api in subject.apis for gap in api.not_reported]
    blocked = [
        WITHOUT_HEADERS for seen in (subject.preflight, subject.actual) if seen is not None and seen.headless
    ]
    return tuple(dict.fromkeys((*walked.unknown, *blocked, *not_reported)))
