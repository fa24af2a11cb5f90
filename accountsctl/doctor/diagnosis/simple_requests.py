"""What a page would meet that sends more than a simple request, where a simple one passes."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.diagnosis.subject import Subject, Suspect, Walk
from accountsctl.doctor.diagnosis.walk import walk

TOKEN, JSON = ("Authorization", "x"), ("Content-Type", "application/json")


def only_simple(subject: Subject, ask: PageRequest, walked: Walk) -> tuple[Remark, ...]:
    """That OPTIONS fails, though this request needs none: facts alone say so, and nothing that was sent."""
    seen = subject.preflight or subject.actual
    passes = walked.verdict is not None and walked.verdict.ok and not walked.suspects
    if seen or not passes or ask.preflight is not None or not subject.apis or not subject.apis[-1].is_api:
        return ()
    with_token = replace(ask, headers=(*ask.headers, TOKEN), credential=Credential.TOKEN)
    cause = _cause_at_preflight(subject, with_token)
    if cause is None or not _cause_at_preflight(subject, replace(ask, headers=(*ask.headers, JSON))):
        # OPTIONS answers, and allows JSON: an API that a page calls without a token need not allow one.
        return ()
    place = next(iter(cause.evidence), Evidence(subject.apis[-1].place, "", "")).place
    observed = f"OPTIONS {ask.path}: {cause.card.id}; add --header Authorization to see all of it"
    return (Remark(BY_ID["preflight.only-simple"], (Evidence(place, observed, "the headers of CORS"),)),)


def _cause_at_preflight(subject: Subject, ask: PageRequest) -> Suspect | None:
    """The likeliest cause for which the preflight of a request fails; None if it passes, or is not known."""
    walked = walk(subject, ask)
    at_preflight = walked.verdict is not None and walked.verdict.phase is Phase.PREFLIGHT
    fails = walked.refused is Phase.PREFLIGHT or at_preflight
    return walked.suspects[0] if walked.suspects and fails else None
