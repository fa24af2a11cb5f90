"""Who may have given a real response: whether it is a refusal, and which causes the layers' facts leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.urls import is_function_url
from accountsctl.doctor.catalogue import refusals
from accountsctl.doctor.catalogue.card import Card, RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.frequency import frequency_place
from accountsctl.doctor.catalogue.likelihood import likely
from accountsctl.doctor.catalogue.other_servers import UNROUTED, refused_by
from accountsctl.doctor.catalogue.other_services import has_unset_part, passed_cloudfront
from accountsctl.doctor.catalogue.scene import Evidence, Refusal, Scene
from accountsctl.doctor.diagnosis.subject import Subject, Suspect
from accountsctl.doctor.diagnosis.verdicts import all_evidence
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.model import Function
from accountsctl.doctor.facts.responders import is_page_for_error, is_site_in_place_of_api
from accountsctl.model.api_gateway import ApiKind

IN_FILES = (RequestStage.EDGE, RequestStage.PREFLIGHT_INTEGRATION, RequestStage.INTEGRATION)
"""Where the files may tell more than what is deployed does: of the code, and of distributions."""
THROTTLED = "int.lambda-throttled"
UNSET_PART = "client.stale-config"
POOL_GONE = "auth.pool-unreachable"
"""Only what is deployed tells whether a pool is there."""


def was_refused(real: Exchange, *, preflight: bool) -> bool:
    """Whether the gateway produced the response, or it is a failed preflight or a refusal at the edge."""
    if real.has_unknown_status:
        return False
    if real.error_type or (real.headless and real.status >= 400):
        return True
    if preflight:
        return not 200 <= real.status <= 399
    if real.gateway == ApiKind.HTTP:
        has_no_route = refusals.HTTP_NOT_FOUND.matches(real) and (real.body or real.length is not None)
        return (
            bool(has_no_route)
            or real.is_refused_token
            or any(refusal.matches(real) for refusal in refusals.OF_HTTP_APIS)
        )
    if real.gateway == ApiKind.FUNCTION_URL and is_function_url(real.url):
        return refusals.URL_FAILED.matches(real)
    # What has the id of a request to an API comes from the application behind it.
    return not real.gateway and _is_of_edge(real)


def is_own_refusal(real: Exchange) -> bool:
    """Whether an HTTP API itself refused the caller, by its challenge, or by its words if the page may read them."""
    read = any(refusal.matches(real) for refusal in (refusals.READ_UNAUTHORIZED, refusals.READ_FORBIDDEN))
    return real.is_refused_token or (read and real.is_of_http_api)


def _is_of_edge(real: Exchange) -> bool:
    """Whether what is before the API answered: with a page of its own, or because the body is too large."""
    return real.status == 413 or (real.status in (403, 502, 503, 504) and real.is_page is True)


def preflight_passed(preflight: Exchange | None) -> bool:
    """Whether a real preflight was answered and passed."""
    return (
        preflight is not None and preflight.answer is not None and not was_refused(preflight, preflight=True)
    )


def remaining_suspects(found: list[Suspect], scenes: Sequence[Scene], real: Exchange) -> list[Suspect]:
    """Of those that may have answered so: the one that is proved, else all that nothing excludes."""
    worded = [suspect for suspect in found if suspect.refusal is not None and suspect.refusal.proves(real)]
    if worded:
        return worded[:1]
    verdicts = {suspect.card.id: _proved(suspect.card, scenes, real) for suspect in found}
    by_response = [
        suspect
        for suspect in found
        if verdicts[suspect.card.id] and (suspect.supported or suspect.card.blind)
    ]
    # Code that gives no valid answer gives none at all if it is stopped before.
    proved = [*by_response, *(suspect for suspect in found if suspect.supported and suspect.card.sure)]
    if proved:
        return proved[:1]
    left = [
        suspect
        for suspect in found
        if verdicts[suspect.card.id] is not False
        and (suspect.supported or _is_possible(suspect.card, scenes))
    ]
    return sorted(left, key=lambda suspect: frequency_place(suspect.card.id))


def without_facts(
    suspects: list[Suspect], ask: PageRequest, real: Exchange
) -> tuple[list[Suspect], tuple[str, ...]]:
    """The likely suspects of a response when nothing is known of the API, and the ids of the rarer ones."""
    by_id = {suspect.card.id: suspect for suspect in suspects}
    found = likely(by_id, ask, real)
    return [by_id[id_] for id_ in found.ids], found.rarer


def with_facts(
    suspects: list[Suspect], scenes: Sequence[Scene], ask: PageRequest, real: Exchange
) -> tuple[list[Suspect], tuple[str, ...]]:
    """The suspects but for the rare ones of which the layers know nothing, and the ids of those.

    Facts that say nothing of a cause make it no likelier than it is without any.
    """
    rare = likely([suspect.card.id for suspect in suspects], ask, real).rarer
    left_out = tuple(
        suspect.card.id
        for suspect in suspects
        if suspect.card.id in rare
        and not suspect.supported
        and (real.headless or _is_unseen(suspect.card, scenes))
    )
    return [suspect for suspect in suspects if suspect.card.id not in left_out], left_out


def _is_unseen(card: Card, scenes: Sequence[Scene]) -> bool:
    """Whether no layer's facts can tell a cause, or it is of a function that no layer knows."""
    of_function = card.stage is RequestStage.INTEGRATION
    return (
        card.blind
        or card.id == POOL_GONE
        or (of_function and not any(_knows(scene.function) for scene in scenes))
    )


def _knows(function: Function | None) -> bool:
    """Whether more than the name of a function is known."""
    return function is not None and (
        function.permissions is not None or function.timeout is not None or function.handler is not None
    )


def may_be_another_snapshot(subject: Subject) -> bool:
    """Whether only templates of a REST API are known, so that another snapshot of it may be deployed."""
    is_rest = known_kind(subject) == ApiKind.REST
    return is_rest and all(api.may_be_stale for api in subject.apis)


def unexplained(
    subject: Subject, scenes: Sequence[Scene], found: list[Suspect], real: Exchange
) -> list[Suspect]:
    """What may have given the gateway's refusal if the facts explain none: what no template tells.

    Another snapshot may be deployed, where only templates of a REST API are known; and Lambda refuses to run a function
    that may, by its template, be called (500), when the account's concurrency is used up.
    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
    """
    if not (real.gateway or real.error_type):
        return []
    calls = known_kind(subject) == ApiKind.REST and all(scene.function is not None for scene in scenes)
    busy = [suspect for suspect in found if calls and real.status >= 500 and suspect.card.id == THROTTLED]
    stale = [Suspect(BY_ID["deploy.stale"])] if may_be_another_snapshot(subject) else []
    return [*stale, *busy]


def known_kind(subject: Subject) -> str:
    """The kind of the API by the facts; empty if none are known."""
    return next((api.kind for api in reversed(subject.apis) if api.routes), "")


def _proved(card: Card, scenes: Sequence[Scene], real: Exchange) -> bool | None:
    proofs = [card.proved(scene, real) for scene in reversed(scenes)] if card.proved else []
    return next((proof for proof in proofs if proof is not None), None)


def is_shown(card: Card, subject: Subject, ask: PageRequest, real: Exchange, *, preflight: bool) -> bool:
    """Whether the layers' facts show a cause: by themselves, or together with this response."""
    scenes = subject.scenes(ask, preflight=preflight)
    sure = card.sure or _proved(card, scenes, real) is True
    return sure and bool(all_evidence(card, scenes))


def _is_possible(card: Card, scenes: Sequence[Scene]) -> bool:
    """Whether facts cannot exclude a cause: those of what is deployed decide, if they are known."""
    asked = scenes if card.stage in IN_FILES else scenes[-1:]
    return all(_stays(card, scene) for scene in asked)


def _stays(card: Card, scene: Scene) -> bool:
    """Whether a layer's facts cannot exclude a cause."""
    return card.stays(scene) if card.stays is not None else card.blind


def matching_refusal(card: Card, real: Exchange, kind: str) -> Refusal:
    """The refusal of a cause that an answer of an API of a kind (empty: not known) may be."""
    return next(refusal for refusal in card.refusals if refusal.matches(real, kind))


def or_stale_deployment(subject: Subject, ask: PageRequest, preflight: bool, suspect: Suspect) -> Suspect:
    """The same, or a stale deployment where the live resources no longer are what was deployed."""
    for scene in subject.scenes(ask, preflight=preflight):
        api = scene.api
        verb = scene.method.verb if scene.method else scene.verb
        route = scene.route or ask.path
        keys = (
            (route, verb),
            (route, scene.verb),
            *((("*", "*"),) if suspect.card.stage is RequestStage.AUTH else ()),
        )
        differs = next((api.stale[key] for key in keys if key in api.stale), None)
        if differs:
            shown = Evidence(
                api.place, f"{scene.verb} {scene.route or ask.path}: {differs}", "deployed as it is now"
            )
            return Suspect(BY_ID["deploy.stale"], (shown, *suspect.evidence), suspect.refusal)
    return suspect


def status_line(real: Exchange) -> str:
    kind = f" x-amzn-ErrorType: {real.error_type}" if real.error_type else ""
    return f"{real.status}{kind} {(real.body or '')[:160]}".strip()


def needed_answer(real: Exchange) -> str:
    """What a browser needs in place of a refusal."""
    return "200 or 204, with CORS headers" if real.method == "OPTIONS" else "an answer of the application"


def as_read(subject: Subject, ask: PageRequest, preflight: bool) -> Subject:
    """Without APIs if what answers may stand in a document that was not read: then facts exclude no cause."""
    scenes = subject.scenes(ask, preflight=preflight)
    read = [not scene.api.partial or scene.method or scene.answered_by_configuration for scene in scenes]
    return subject if any(read) else replace(subject, apis=())


def _shown(real: Exchange) -> Evidence:
    return Evidence(real.place, status_line(real), "an answer of the application")


def suspects_of_other_server(
    subject: Subject, ask: PageRequest, real: Exchange, *, preflight: bool
) -> tuple[Suspect, ...] | None:
    """The causes of a refusal by another server than an API's: of several, the one that a bucket's rules show.

    Empty if only its headers count; None if it does not refuse, or an API is known and no firewall says that it did.
    """
    if not preflight and real.answer is not None and is_page_for_error(real.answer):
        return (Suspect(BY_ID["edge.cf-error-page"], (_shown(real),)),)
    if (
        origin_of(ask.url) == ask.origin
        and real.answer is not None
        and is_site_in_place_of_api(ask.url, real.answer)
    ):
        id_ = "edge.no-behavior" if passed_cloudfront(real.answer) else "edge.page-instead"
        return (Suspect(BY_ID[id_], (_shown(real),)),)
    known = bool(subject.apis) and subject.apis[-1].is_api
    ids = refused_by(ask, real, preflight=preflight, known=known)
    if not ids and not known and real.status in UNROUTED and has_unset_part(ask.url):
        ids = (UNSET_PART,)
    if ids is None:
        return None
    shown = _shown(real)
    scenes = subject.scenes(ask, preflight=preflight)
    found = {id_: all_evidence(BY_ID[id_], scenes) for id_ in _or_unset(ids, ask)}
    supported = [id_ for id_ in found if found[id_]][:1]
    return tuple(Suspect(BY_ID[id_], (shown, *found[id_])) for id_ in supported or found)


def _or_unset(ids: tuple[str, ...], ask: PageRequest) -> tuple[str, ...]:
    """The causes of a refusal, and first that the URL is wrong, if a variable in it had no value."""
    return (UNSET_PART, *ids[:1]) if ids and has_unset_part(ask.url) else ids
