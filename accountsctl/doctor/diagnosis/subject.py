"""What a diagnosis starts from and what a walk returns: the known facts, the suspects, the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import Hops
from accountsctl.doctor.browser.verdict import FetchResponse, Phase, Verdict
from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.corrected_response import better
from accountsctl.doctor.catalogue.scene import Evidence, Refusal, Scene
from accountsctl.doctor.catalogue.simulate import ideal
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.model import Api

FIXED_TOGETHER = {
    "preflight.child-resource": {"preflight.no-options"},
    "preflight.proxy-root": {"preflight.no-options", "deploy.wrong-path"},
}
"""What the fix of a cause fixes too: the path gets its methods."""
BY_CONFIGURATION = frozenset({"function-url.no-cors", "httpapi.no-cors"})
"""Causes whose fix is a CORS configuration, which adds its headers to every response."""
NOT_LISTED = "httpapi.origin-not-listed"
Correction = Callable[[FetchResponse | None], FetchResponse]


@dataclass(frozen=True)
class Subject:
    """What is known: the APIs, the most trusted last, and the exchanges that were seen of this request.

    `hops` are the responses of redirects' targets. `error` is the browser's own, where it reports one.
    """

    apis: tuple[Api, ...] = ()
    preflight: Exchange | None = None
    actual: Exchange | None = None
    hops: Hops = field(default_factory=dict)
    error: str = ""

    def scenes(self, ask: PageRequest, *, preflight: bool) -> tuple[Scene, ...]:
        """A request, or its preflight, as each layer knows what answers it."""
        return tuple(Scene(api, ask, preflight) for api in self.apis)


@dataclass(frozen=True)
class Suspect:
    """A cause that may be it, with what speaks for it. `supported`: some layer's facts say so."""

    card: Card
    evidence: tuple[Evidence, ...] = ()
    refusal: Refusal | None = None

    @property
    def supported(self) -> bool:
        """Whether a layer's facts speak for it."""
        return bool(self.evidence)


@dataclass(frozen=True)
class Walk:
    """How a request fares. `suspects` are empty if nothing stands in its way; several cannot be distinguished.

    `refused` True: the gateway or what is behind it refused, whether or not the browser shows that. `unknown` says
    what could not be worked out, `rarer` the ids of rarer causes of the same response, which only facts tell apart.
    `headers_assumed`: the refusal's CORS headers are not known, and are taken to be right.
    """

    verdict: Verdict | None
    suspects: tuple[Suspect, ...] = ()
    preflight: FetchResponse | None = None
    actual: FetchResponse | None = None
    refused: Phase | None = None
    unknown: tuple[tuple[str, str], ...] = ()
    rarer: tuple[str, ...] = ()
    headers_assumed: bool = False

    @property
    def blocked_status(self) -> int:
        """The status of the response that the browser judged; 0 if there is none."""
        of_preflight = self.verdict is not None and self.verdict.phase is Phase.PREFLIGHT
        response = self.preflight if of_preflight else self.actual
        return response.status if response is not None else 0


def request_after_fix(walked: Walk, ask: PageRequest) -> PageRequest:
    """The request once what a walk found is fixed: without the stage, if the URL named it after a domain."""
    if not any(suspect.card.id == "deploy.stage-in-domain-path" for suspect in walked.suspects):
        return ask
    return replace(ask, path=f"/{ask.path.strip('/').partition('/')[2]}")


@dataclass(frozen=True)
class Cures:
    """Causes that are taken to be cured, and responses that are taken to be corrected, to see what comes next."""

    ids: frozenset[str] = frozenset()
    corrections: Mapping[Phase, tuple[Correction, ...]] = field(default_factory=dict)
    phases: frozenset[Phase] = frozenset()

    def applied(self, api: Api, ask: PageRequest) -> Api:
        """The API with the page's origin in its CORS configuration, if the lack of it is taken to be cured."""
        cors = api.http_cors
        if NOT_LISTED not in self.ids or cors is None:
            return api
        return replace(api, http_cors=replace(cors, origins=(*cors.origins, ask.origin)))

    def also(self, walked: Walk, ask: PageRequest) -> Cures:
        """These cures and that of what a walk found."""
        found = {suspect.card.id for suspect in walked.suspects}
        ids = self.ids.union(found, *(FIXED_TOGETHER.get(id_, ()) for id_ in found))
        if found & BY_CONFIGURATION:
            return replace(
                self, ids=ids, phases=self.phases | {Phase.PREFLIGHT}, corrections=_configured(ask)
            )
        if walked.refused is not None:
            return replace(self, ids=ids, phases=self.phases | {walked.refused})
        verdict = walked.verdict
        if verdict is None or verdict.ok:
            return replace(self, ids=ids)
        phase = Phase.PREFLIGHT if verdict.phase is Phase.PREFLIGHT else Phase.ACTUAL
        corrections = {
            **self.corrections,
            phase: (*self.corrections.get(phase, ()), lambda answer: better(verdict, answer, ask)),
        }
        return replace(self, ids=ids, corrections=corrections)


def _configured(ask: PageRequest) -> Mapping[Phase, tuple[Correction, ...]]:
    """The corrections of a CORS configuration with what a page needs: its headers replace those of each response."""

    def corrected(answer: FetchResponse | None, *, preflight: bool) -> FetchResponse:
        right = ideal(ask, preflight)
        return right if preflight or answer is None else FetchResponse(answer.status, right.headers)

    return {
        Phase.PREFLIGHT: (lambda answer: corrected(answer, preflight=True),),
        Phase.ACTUAL: (lambda answer: corrected(answer, preflight=False),),
    }
