"""What a cause of "CORS error" is: when it shows, what the gateway answers then, and what cures it.

A card is data and one small function. The walk asks the cards in the order of their stages, as a request meets
them; the first that speaks is what the browser saw. Ids are those of the catalogue and never change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Required, TypedDict, Unpack

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.fixes.operation import Fix, FixOperation, TemplateBody
from accountsctl.doctor.catalogue.fixes.parameters import ParametersFix
from accountsctl.doctor.catalogue.requests import calls_function_url
from accountsctl.doctor.catalogue.scene import Check, Evidence, Proved, Reads, Refusal, Scene
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.model.api_gateway import ApiKind

EVERY_KIND = tuple(ApiKind)
OF_FUNCTION_URLS = frozenset(
    {
        "edge.cf-methods",
        "function-url.no-cors",
        "function-url.oac-body",
        "function-url.iam",
        "function-url.no-permission",
        "gwresp.413",
        "int.throws",
        "int.malformed",
        "int.lambda-timeout",
        "int.lambda-throttled",
        "int.response-too-big",
        "preflight.proxy-any-lambda",
    }
)
"""The causes that a function URL can have: there is no API Gateway before it."""
OF_BUCKETS = frozenset({"edge.s3-no-cors", "acao.wildcard-credentials", "client.credentials"})
"""The causes that the facts of a bucket tell."""
OF_DISTRIBUTIONS = OF_BUCKETS | {
    "edge.cf-methods",
    "edge.cf-headers-policy",
    "edge.cf-origin-not-forwarded",
    "preflight.redirect",
}
"""Those that the facts of a CloudFront distribution tell, if there is no API behind it."""
Fits = Callable[[PageRequest], bool]


class RequestStage(IntEnum):
    """Where on its way a request meets a cause; masks hide others, notes are true of an API that works."""

    CLIENT = 0
    EDGE = 1
    ROUTING = 2
    PREFLIGHT_AUTH = 3
    PREFLIGHT_INTEGRATION = 4
    PREFLIGHT_HEADERS = 5
    AUTH = 6
    INTEGRATION = 7
    ACTUAL_HEADERS = 8
    MASK = 9
    NOTE = 10

    @property
    def words(self) -> str:
        """The stage as a page says it."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Card:
    """One cause. `check` yields the evidence of a layer's facts; `reads` knows it by what the browser refused.

    A card with both needs both. `refusals` are the answers that it may give, the usual first. `sure` False: the
    facts make it possible, but only an answer proves it: `proved` says whether a real one does, None if it tells
    neither way. `refuses`: what its check finds proves it all the same, with the first refusal. `stays`: facts
    of a layer cannot exclude it, since they do not tell all that it needs.
    `fits` says whether a request may meet it, by its host and its credential.
    `assumes` says what it takes for granted of the client, empty if nothing: facts alone then accuse nothing.
    `meets_preflight`: the kinds of API that refuse OPTIONS for it as well, so that a preflight that passed excludes
    it. `split` is the command that tells it from others with the same answer. `kind` is that of its fix: patch, code or
    command. `edit` changes a template against it, `parameters` those of an API that this package's template renders;
    `zoo` is the file whose fault brings it about in the tests.
    """

    id: str
    stage: RequestStage
    what: str
    browser: str
    fix: str
    source: str
    kind: str = "patch"
    check: Check | None = None
    reads: Reads | None = None
    refusals: tuple[Refusal, ...] = ()
    sure: bool = True
    refuses: bool = False
    proved: Proved | None = None
    meets_preflight: Collection[str] = ()
    fits: Fits | None = None
    assumes: Callable[[Scene], str] | None = None
    stays: Callable[[Scene], bool] | None = None
    split: str = ""
    edit: Fix | None = None
    parameters: ParametersFix | None = None
    zoo: str = ""

    @property
    def fixable(self) -> bool:
        """Whether some template can be fixed mechanically against it."""
        return self.edit is not None

    def operations(self, scene: Scene, template: TemplateBody) -> tuple[FixOperation, ...]:
        """What to change in a template against it; empty if nothing mechanical is known."""
        return tuple(self.edit(scene, template)) if self.edit else ()

    @property
    def blind(self) -> bool:
        """Whether no layer's facts can tell it."""
        return self.check is None

    @property
    def proved_by_facts(self) -> bool:
        """Whether a layer's facts alone show that the request is refused."""
        return bool(self.refusals) and (self.sure or self.refuses)

    def evidence(self, scene: Scene) -> tuple[Evidence, ...]:
        """What a layer's facts say for it."""
        if self.check is None or not self.may_meet(scene.ask):
            return ()
        if not scene.api.is_api and self.id not in (OF_BUCKETS if scene.api.bucket else OF_DISTRIBUTIONS):
            return ()
        if scene.api.kind == ApiKind.FUNCTION_URL and self.refusals and self.id not in OF_FUNCTION_URLS:
            return ()
        return tuple(self.check(scene))

    @cached_property
    def _error_types(self) -> frozenset[str]:
        return frozenset(refusal.error_type for refusal in self.refusals)

    @cached_property
    def _statuses(self) -> frozenset[int]:
        return frozenset(refusal.status for refusal in self.refusals)

    def assumption(self, scene: Scene) -> str:
        """What it takes for granted of the page or its way to the API; empty if nothing."""
        return self.assumes(scene) if self.assumes else ""

    def may_meet(self, ask: PageRequest) -> bool:
        """Whether a request may meet it, by its host and its credential."""
        if self.refusals and self.id not in OF_FUNCTION_URLS and calls_function_url(ask):
            return False
        return self.fits is None or self.fits(ask)

    def usual_refusal(self, kind: str) -> Refusal:
        """The answer that it usually gives for an API of a kind: that of the kind, or else the first."""
        of_kind = (refusal for refusal in self.refusals if refusal.kind == kind and not self.refuses)
        return next(of_kind, self.refusals[0])

    def may_answer(self, exchange: Exchange, kind: str = "") -> bool:
        """Whether an answer may be of this cause, of an API of a kind (empty: not known)."""
        # Most causes have another error type or status, and a recording has many answers.
        known = (
            exchange.error_type in self._error_types
            if exchange.error_type
            else exchange.status in self._statuses
        )
        return known and any(refusal.matches(exchange, kind) for refusal in self.refusals)


class CauseAttributes(TypedDict, total=False):
    """What `cause` takes by keyword: the fields of a card, but for its check."""

    id: Required[str]
    stage: Required[RequestStage]
    what: Required[str]
    browser: Required[str]
    fix: Required[str]
    source: Required[str]
    kind: str
    reads: Reads
    refusals: tuple[Refusal, ...]
    sure: bool
    refuses: bool
    proved: Proved
    meets_preflight: Collection[str]
    fits: Fits
    assumes: Callable[[Scene], str]
    stays: Callable[[Scene], bool]
    split: str
    edit: Fix
    parameters: ParametersFix
    zoo: str


@dataclass(frozen=True)
class Causes:
    """The causes of one module, in the order of their registration: ``cause = Causes()``, then ``@cause(id=...)``."""

    cards: list[Card] = field(default_factory=list)

    def __call__(self, **attributes: Unpack[CauseAttributes]) -> Callable[[Check], Check]:
        """Register a cause over the function that checks a layer's facts for it."""

        def register(check: Check) -> Check:
            self.add(check, **attributes)
            return check

        return register

    def add(self, check: Check | None = None, **attributes: Unpack[CauseAttributes]) -> None:
        """Register a cause that only a response shows, or whose check another function makes."""
        self.cards.append(Card(check=check, **attributes))
