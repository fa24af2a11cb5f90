"""What a cause of "CORS error" is: when it shows, what the gateway answers then, and what cures it.

A card is data and one small function. The walk asks the cards in the order of their stages, as a request meets
them; the first that speaks is what the browser saw. Ids are those of the catalogue and never change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Verdict
from accountsctl.doctor.facts.model import Api, Exchange, Function, Method, SourcePlace


class Stage(IntEnum):
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
class Refusal:
    """How API Gateway refuses: the gateway response's type, the status, ``x-amzn-ErrorType`` and the message.

    `type` is empty for answers that no gateway response can change. `error_type` is empty where something else
    than the gateway answers: then only the status tells.
    """

    type: str
    status: int
    error_type: str = ""
    message: str = ""

    def matches(self, exchange: Exchange) -> bool:
        """True where an answer may be this refusal: the error type first, then the words where there are some."""
        if self.error_type:
            if exchange.error_type != self.error_type:
                return False
            if min(self.status, exchange.status) >= 500 and self.status != exchange.status:
                return False
            return not self.message or re.search(self.message, exchange.body) is not None
        return not exchange.error_type and exchange.status == self.status


@dataclass(frozen=True)
class Evidence:
    """One observation that speaks for a cause."""

    place: SourcePlace
    observed: str
    expected: str


@dataclass(frozen=True)
class Scene:
    """One request on its way: the API as one layer knows it, and whether this is the preflight."""

    api: Api
    ask: PageRequest
    preflight: bool

    @property
    def verb(self) -> str:
        """The verb on the wire."""
        return "OPTIONS" if self.preflight else self.ask.method

    @property
    def route(self) -> str | None:
        """The route that the path takes."""
        return self.api.route(self.ask.path)

    @property
    def method(self) -> Method | None:
        """The method that answers."""
        return self.api.method(self.route, self.verb)

    @property
    def function(self) -> Function | None:
        """The function behind the method, where there is one and the layer knows it."""
        integration = self.method.integration if self.method else None
        return self.api.functions.get(integration.function or "") if integration else None


@dataclass(frozen=True)
class Shown:
    """What the browser refused: its verdict, and the answer that it read."""

    verdict: Verdict
    answer: FetchResponse
    ask: PageRequest

    @property
    def code(self) -> str:
        """The browser's reason, the same on the preflight and the actual answer."""
        return (self.verdict.code or "").removeprefix("Preflight")

    @property
    def preflight(self) -> bool:
        """True where the preflight's answer was refused."""
        return self.verdict.phase == "preflight"

    @property
    def value(self) -> str:
        """What was refused: a header's value, or the name of a header or method."""
        return self.verdict.parameter


Check = Callable[[Scene], Iterable[Evidence]]
Reads = Callable[[Shown], bool]
Proved = Callable[[Scene, Exchange], bool | None]


@dataclass(frozen=True)
class Card:
    """One cause. `check` yields the evidence of a layer's facts; `reads` knows it by what the browser refused.

    A card with both needs both. `refusals` are the answers that it may give, the usual first. `sure` False: the
    facts make it possible, but only an answer proves it: `proved` says whether a real one does, None where it tells
    neither way. `stays`: a layer's facts cannot exclude it, since they do not tell all that it needs.
    `meets_preflight`: it refuses OPTIONS as well, so that a preflight that passed excludes it. `split` is the
    command that tells it from others with the same answer. `kind` is that of its fix: patch, code or command.
    """

    id: str
    stage: Stage
    what: str
    browser: str
    fix: str
    source: str
    kind: str = "patch"
    check: Check | None = None
    reads: Reads | None = None
    refusals: tuple[Refusal, ...] = ()
    sure: bool = True
    proved: Proved | None = None
    meets_preflight: bool = False
    stays: Callable[[Scene], bool] | None = None
    split: str = ""

    @property
    def blind(self) -> bool:
        """True where no layer's facts can tell it."""
        return self.check is None

    def evidence(self, scene: Scene) -> tuple[Evidence, ...]:
        """What a layer's facts say for it."""
        return tuple(self.check(scene)) if self.check else ()

    def may_answer(self, exchange: Exchange) -> bool:
        """True where an answer may be of this cause."""
        return any(each.matches(exchange) for each in self.refusals)


def when(told: bool, place: SourcePlace, observed: str, expected: str) -> Iterator[Evidence]:
    """One piece of evidence where something holds."""
    if told:
        yield Evidence(place, observed, expected)
