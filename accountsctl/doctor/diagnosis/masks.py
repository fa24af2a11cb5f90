"""What hides a refusal from the page, and what an API's facts say for a cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Phase
from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence, Scene
from accountsctl.doctor.diagnosis.subject import Subject, Walk
from accountsctl.doctor.diagnosis.verdicts import all_evidence
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_ORIGIN


@dataclass(frozen=True)
class Remark:
    """A cause that hides another, or that is true of an API that works."""

    card: Card
    evidence: tuple[Evidence, ...]


def masks_of(subject: Subject, ask: PageRequest, walked: Walk) -> tuple[Remark, ...]:
    """What hides a refusal from the page: the gateway responses that gave its answer."""
    if walked.refused not in (Phase.PREFLIGHT, Phase.ACTUAL) or not walked.suspects:
        return ()
    preflight = walked.refused is Phase.PREFLIGHT
    answer = walked.preflight if preflight else walked.actual
    refusal = walked.suspects[0].refusal
    if subject.apis and subject.apis[-1].kind in (ApiKind.HTTP, ApiKind.FUNCTION_URL):
        return ()  # They have no gateway responses: their CORS configuration is in all that they answer.
    if answer is None or refusal is None or not refusal.error_type or walked.headers_assumed:
        return ()
    allowed = answer.value(ALLOW_ORIGIN)
    ids: list[str] = []
    if preflight:
        ids = ["gwresp.masks-preflight"] if allowed in ("*", ask.origin) else []
    elif allowed is None:
        ids = [_bare(subject, refusal.type, refusal.status)] if refusal.type else []
    elif allowed not in ("*", ask.origin):
        ids = ["gwresp.static-origin"]
    if answer.status != refusal.status:
        ids.append("gwresp.status-rewritten")
    scenes = subject.scenes(ask, preflight=False)
    return tuple(
        Remark(BY_ID[id_], facts_for(BY_ID[id_], scenes) or _seen(subject, answer, preflight)) for id_ in ids
    )


def _bare(subject: Subject, kind: str, status: int) -> str:
    """Which mask leaves the CORS headers out: a type's own response, or its family's."""
    for api in reversed(subject.apis):
        if kind in api.responses and not kind.startswith("DEFAULT"):
            return "gwresp.specific-overrides"
    return "gwresp.4xx" if status < 500 else "gwresp.5xx"


def facts_for(
    card: Card, scenes: Sequence[Scene], of_preflight: Sequence[Scene] = ()
) -> tuple[Evidence, ...]:
    """What the layers' facts say for a card of the request; for a guess about the client, of its preflight too."""
    return all_evidence(card, scenes) or (all_evidence(card, of_preflight) if card.assumes else ())


def _seen(subject: Subject, answer: FetchResponse, preflight: bool) -> tuple[Evidence, ...]:
    real = subject.preflight if preflight else subject.actual
    if real is None:
        return ()
    allowed = answer.value(ALLOW_ORIGIN)
    return (Evidence(real.place, f"{answer.status} {ALLOW_ORIGIN}: {allowed or '(absent)'}", "no refusal"),)
