"""What a browser would make of an API that answers the doctor's own requests well, or would not get from it."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.doctor.browser.addresses import enters_local_network
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import unreadable
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.diagnosis.real_responses import status_line
from accountsctl.doctor.diagnosis.subject import Subject, Walk
from accountsctl.doctor.facts.exchanges import Exchange, is_own
from accountsctl.model.cors_headers import ALLOW_ORIGIN, EXPOSE_HEADERS, titled

MASKS_OF_REFUSALS = frozenset({"gwresp.4xx", "gwresp.5xx"})


def asked_of_the_user(subject: Subject, ask: PageRequest) -> tuple[Remark, ...]:
    """That Chromium guards the addresses of its machine and network.

    Nothing is said of a browser's own recording: there it has asked.
    """
    seen = subject.preflight or subject.actual
    if seen is not None and not is_own(seen):
        return ()
    if ask.profile is not Profile.CHROMIUM or not enters_local_network(ask.origin, ask.url):
        return ()
    return (Remark(BY_ID["client.lna"], ()),)


def hidden_refusal(ask: PageRequest, probes: Iterable[Exchange]) -> tuple[Remark, ...]:
    """That a missing or expired token looks like a CORS error: API Gateway's refusal of it has no CORS headers."""
    bare = next((probe for probe in probes if probe.probe == "P4" and probe.status >= 400), None)
    if bare is None or bare.answer is None or ask.credential is not Credential.TOKEN:
        return ()
    if not bare.error_type or bare.answer.value(ALLOW_ORIGIN) is not None:
        return ()
    seen = Evidence(bare.place, status_line(bare), f"{ALLOW_ORIGIN}: {ask.origin}")
    return (Remark(BY_ID["gwresp.4xx" if bare.status < 500 else "gwresp.5xx"], (seen,)),)


def hidden_headers(subject: Subject, walked: Walk) -> tuple[Remark, ...]:
    """Headers of a response that passes which a page wants and reads as null."""
    real, verdict = subject.actual, walked.verdict
    if real is None or real.answer is None or verdict is None or not verdict.ok or verdict.hop:
        return ()
    names = ", ".join(unreadable(verdict, real.answer))
    if not names:
        return ()
    hidden = Evidence(real.place, f"the page reads {names} as null", f"{titled(EXPOSE_HEADERS)}: {names}")
    return (Remark(BY_ID["expose.missing"], (hidden,)),)
