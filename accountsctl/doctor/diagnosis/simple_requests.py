"""What a page would meet that sends more than a simple request, where a simple one passes."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.diagnosis.subject import Subject, Walk
from accountsctl.doctor.diagnosis.walk import walk

TOKEN = ("Authorization", "x")


def only_simple(subject: Subject, ask: PageRequest, walked: Walk) -> tuple[Remark, ...]:
    """That OPTIONS fails, though this request needs none: facts alone say so, and nothing that was sent."""
    seen = subject.preflight or subject.actual
    passes = walked.verdict is not None and walked.verdict.ok and not walked.suspects
    if seen or not passes or ask.preflight is not None or not subject.apis or not subject.apis[-1].is_api:
        return ()
    with_token = replace(ask, headers=(*ask.headers, TOKEN), credential=Credential.TOKEN)
    further = walk(subject, with_token)
    at_preflight = further.verdict is not None and further.verdict.phase is Phase.PREFLIGHT
    if not further.suspects or not (further.refused is Phase.PREFLIGHT or at_preflight):
        return ()
    place = next(iter(further.suspects[0].evidence), Evidence(subject.apis[-1].place, "", "")).place
    observed = (
        f"OPTIONS {ask.path}: {further.suspects[0].card.id}; add --header Authorization to see all of it"
    )
    return (Remark(BY_ID["preflight.only-simple"], (Evidence(place, observed, "the headers of CORS"),)),)
