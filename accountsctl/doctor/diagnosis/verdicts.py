"""The causes of a browser's verdict that headers alone explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.browser.judge import judge
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.card import Card, RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.evidence import header_evidence
from accountsctl.doctor.catalogue.likelihood import Likely
from accountsctl.doctor.catalogue.other_servers import refused_header, refuses_origin, suspects_of_headers
from accountsctl.doctor.catalogue.requests import calls_function_url, is_page_of_app
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown
from accountsctl.doctor.catalogue.unknown_status import causes_of_status, causes_of_unknown_status, of_either
from accountsctl.doctor.diagnosis.subject import Subject, Suspect
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.responders import is_object_store, knows_origins
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS

# Why Access-Control-Allow-Origin alone is missing: a list lacks the page's origin, or the mapping is not valid.
LACKING_ORIGIN = ("httpapi.origin-not-listed", "preflight.unquoted-value")
# An HTTP API answers OPTIONS with 204 by its CORS configuration, so it has one; a function may answer so too.
NOT_FOR_ORIGIN_BY_CONFIGURATION = ("httpapi.origin-not-listed", "httpapi.no-cors")
# Who leaves the header out of an error behind a REST API: the function, or the mapping of another integration.
ERROR_WITHOUT_HEADER = ("acao.missing-error-path", "int.non-proxy-missing-map")
# The page may need its cookies, or send them for nothing, as one with a token does.
STAR_FOR_COOKIES = ("client.credentials", "acao.wildcard-credentials")
# What Safari's words leave: the header is missing, or has another origin.
NOT_FOR_THIS_ORIGIN = ("acao.missing-actual", "acao.host")
# Other browsers' words: it is missing, for every page or for those that are not listed.
WITHOUT_HEADER = ("acao.missing-actual", "httpapi.origin-not-listed")
# A redirect was passed, and the bucket that it leads to has no rule for the page.
REDIRECTED_TO_BUCKET = ("edge.s3-no-cors", "client.redirect")
# Of an app's own origin: the list has those of web sites.
NOT_FOR_PAGE_OF_APP = ("httpapi.origin-not-listed", "acao.missing-actual")
HEADERS = (
    RequestStage.CLIENT,
    RequestStage.EDGE,
    RequestStage.PREFLIGHT_AUTH,
    RequestStage.PREFLIGHT_HEADERS,
    RequestStage.ACTUAL_HEADERS,
)


def suspects_by_headers(subject: Subject, shown: Shown) -> tuple[Suspect, ...]:
    """The first cause that knows what the browser refused; with facts of its own where it needs them."""
    shown = _without_status_of_filter(subject, shown)
    for_cookies = _has_star_for_cookies(shown) and "authorization" not in shown.ask.names()
    by_facts: tuple[str, ...] = STAR_FOR_COOKIES[1:] if for_cookies else ()
    ids = by_facts if subject.apis else _by_response_alone(subject, shown)
    if ids:
        seen = _headers_seen(subject, shown)
        return tuple(Suspect(BY_ID[id_], seen) for id_ in ids)
    able = [card for card in CARDS if card.stage in HEADERS and card.reads is not None and card.reads(shown)]
    scenes = subject.scenes(shown.ask, preflight=shown.preflight)
    found = [Suspect(card, all_evidence(card, scenes)) for card in able]
    fitting = [
        suspect for suspect in found if suspect.supported or suspect.card.blind or not suspect.card.sure
    ]
    if not fitting:
        return ()
    # What needs facts of its own and has them tells more than what fits by the header alone.
    first = min(fitting, key=lambda suspect: (not suspect.supported, suspect.card.blind))
    if first.card.blind and _is_of_cors_filter(shown):
        return (Suspect(BY_ID[LACKING_ORIGIN[0]], _headers_seen(subject, shown)),)
    known = {shown_at.place.layer for shown_at in first.evidence}
    headers = (one for one in _headers_seen(subject, shown) if one.place.layer not in known)
    return (Suspect(first.card, (*first.evidence, *headers)),)


def _by_response_alone(subject: Subject, shown: Shown) -> tuple[str, ...]:
    """The causes when nothing is known of the API; empty if the response has no form that tells them."""
    real = subject.preflight if shown.preflight else subject.actual
    if shown.is_bare and shown.verdict.hop and is_object_store(shown.verdict.url, None):
        return REDIRECTED_TO_BUCKET
    if real is not None and real.has_unknown_status:
        return _by_headers_alone(shown, real) or of_unknown_status(shown, real).ids
    if real is not None and shown.is_bare and not shown.verdict.hop:
        ids = suspects_of_headers(shown.ask, real, preflight=shown.preflight)
        if ids and real.may_be_preflight:
            return of_either(ids[0], shown.ask, real.status)
        if ids:
            return ids
    if real is not None and real.headless and not shown.answer.headers:
        return _of_status_alone(shown, real.status)
    if real is not None and _is_error_of_application(shown, real):
        return ERROR_WITHOUT_HEADER
    if _is_of_cors_configuration(shown):
        return NOT_FOR_ORIGIN_BY_CONFIGURATION
    if _is_of_cors_filter(shown):
        return (LACKING_ORIGIN[0], refused_header(shown.ask, shown.answer) or "preflight.mock-no-headers")
    if _lacks_origin_alone(shown):
        return LACKING_ORIGIN
    return STAR_FOR_COOKIES if _has_star_for_cookies(shown) else ()


def _by_headers_alone(shown: Shown, real: Exchange) -> tuple[str, ...]:
    """The causes that the headers of a response tell whose status is not known; empty if they are not known either."""
    if not shown.is_bare or not shown.answer.headers:
        return ()
    return suspects_of_headers(shown.ask, real, preflight=shown.preflight)


def of_unknown_status(shown: Shown, real: Exchange) -> Likely:
    """The causes of a response whose status is not known, and the rarer ones."""
    return causes_of_unknown_status(
        shown.ask,
        preflight=shown.preflight,
        allowed=not shown.is_bare,
        may_be_preflight=real.may_be_preflight,
    )


def _of_status_alone(shown: Shown, status: int) -> tuple[str, ...]:
    """The causes of a response of which the browser tells the status alone."""
    if shown.preflight and status in REDIRECTS:
        return ("preflight.redirect",)
    if is_page_of_app(shown.ask):
        return NOT_FOR_PAGE_OF_APP
    of_safari = shown.ask.profile is Profile.WEBKIT
    by_status = () if of_safari else causes_of_status(shown.ask, status, preflight=shown.preflight)
    if by_status:
        return by_status
    if status >= 400:
        return ERROR_WITHOUT_HEADER[:1] if calls_function_url(shown.ask) else ERROR_WITHOUT_HEADER
    return NOT_FOR_THIS_ORIGIN if of_safari else WITHOUT_HEADER


def _is_error_of_application(shown: Shown, real: Exchange) -> bool:
    """Whether what is behind a REST API gave an error without Access-Control-Allow-Origin."""
    return (
        shown.is_bare_response and real.status >= 400 and real.gateway == ApiKind.REST and not real.error_type
    )


def _has_star_for_cookies(shown: Shown) -> bool:
    """Whether * was refused for a request with credentials, by a server that allows none."""
    return shown.error == CorsError.WILDCARD_ORIGIN and shown.answer.value(ALLOW_CREDENTIALS) != "true"


def _is_of_cors_configuration(shown: Shown) -> bool:
    """Whether the CORS configuration of an HTTP API seems to have answered a preflight, without its headers."""
    return shown.is_bare_preflight and shown.kind == ApiKind.HTTP and shown.answer.status == 204


def _is_of_cors_filter(shown: Shown) -> bool:
    """Whether a CORS filter in the function refused a preflight: a MOCK names no Origin in Vary."""
    answer = shown.answer
    compares = refuses_origin(answer) if answer.status >= 400 else knows_origins(answer)
    return shown.is_bare_preflight and compares and not is_object_store(shown.ask.url, answer)


def _without_status_of_filter(subject: Subject, shown: Shown) -> Shown:
    """What the browser would refuse of a CORS filter's error: what is not in its list (Starlette answers 400)."""
    answer, ask = shown.answer, shown.ask
    if (
        shown.error != CorsError.INVALID_STATUS
        or subject.preflight is None
        or answer.status not in (400, 403)
    ):
        return shown
    passed = FetchResponse(204, answer.headers)
    verdict = judge(ask.request, lambda *_: passed, ask.profile)
    in_no_list = verdict.error in (CorsError.METHOD_DISALLOWED, CorsError.HEADER_DISALLOWED)
    return replace(shown, verdict=verdict) if in_no_list else shown


def _lacks_origin_alone(shown: Shown) -> bool:
    """Whether a preflight's answer has other Access-Control-Allow headers, and only the origin's is missing."""
    others = (shown.answer.value(name) for name in (ALLOW_METHODS, ALLOW_HEADERS))
    return shown.is_bare_preflight and any(value is not None for value in others)


def _headers_seen(subject: Subject, shown: Shown) -> tuple[Evidence, ...]:
    """Where the header that was refused stands: in a layer's facts, or in the answer."""
    return header_evidence(subject.apis, subject.preflight if shown.preflight else subject.actual, shown)


def all_evidence(card: Card, scenes: Sequence[Scene], *, trusted: bool = False) -> tuple[Evidence, ...]:
    """What the layers say for a cause; with `trusted` nothing, where the most telling layer does not say so."""
    found = [card.evidence(scene) for scene in scenes]
    if trusted and (not found or not found[-1]):
        return ()
    return tuple(evidence for layer in found for evidence in layer)
