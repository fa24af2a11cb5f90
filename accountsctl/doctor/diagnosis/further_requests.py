"""What the doctor's request itself, sent though its preflight was refused, says of the causes of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue import refusals
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.real_responses import status_line
from accountsctl.doctor.facts.exchanges import Exchange

NO_ROUTE = frozenset({"deploy.wrong-path"})
"""Causes that say that nothing takes the request itself either."""


def with_request_itself(found: Diagnosis, probes: Iterable[Exchange]) -> Diagnosis:
    """The diagnosis without the causes that the answer to the request itself excludes; if it has no route, that first.

    It was sent without the page's token, so that it may be a refusal: an authorizer's comes from behind a route.
    """
    sent = next((probe for probe in probes if probe.probe in ("P3", "P4") and probe.answer is not None), None)
    several = found.root is not None and found.certainty is Certainty.AMBIGUOUS
    if sent is None or not several or found.walk.refused is not Phase.PREFLIGHT:
        return found
    suspects = found.suspects
    others = [suspect for suspect in suspects if suspect.card.id not in NO_ROUTE]
    if not others or len(others) == len(suspects):
        return found
    if not _has_route(sent):
        first = [suspect for suspect in suspects if suspect.card.id in NO_ROUTE]
        return found.among([*first, *others], alone=Certainty.LIKELY)
    shown = Evidence(sent.place, f"{sent.method}: {status_line(sent)}", "OPTIONS answered too")
    root = replace(others[0], evidence=(*others[0].evidence, shown))
    return found.among([root, *others[1:]], alone=Certainty.LIKELY)


def _has_route(sent: Exchange) -> bool:
    """Whether a route took the request: its answer is not what API Gateway says where there is none."""
    return sent.status != 404 and not refusals.MISSING_TOKEN.matches(sent)
