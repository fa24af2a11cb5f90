"""One request on its way through an API, how it may be refused, and what speaks for a cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Phase, Verdict
from accountsctl.doctor.catalogue.requests import calls_function_url
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import Api, Authorizer, Function, Integration, Method
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_ORIGIN

BAD_REQUEST = "BadRequestException"


@dataclass(frozen=True)
class Refusal:
    """How API Gateway refuses: the gateway response's type, the status, ``x-amzn-ErrorType`` and the message.

    `type` is empty for answers that no gateway response can change. `error_type` is empty where something else
    than the gateway answers: then only the status tells, and the words of the body where there are some. `decisive`:
    nothing else answers in these words. `kind` is that of the API that refuses so; empty if any, or none, may.
    `by_application`: neither a page of CloudFront itself nor an HTTP API's own words are it. `by_bucket`: S3 gives
    it. `bare`: it never has CORS headers. `readable`: it counts only if it allows an origin, since the lack of that
    tells more. `shows_kind`: it counts only if the response itself, by its ids, shows the kind. `not_bodies` are those
    of other refusals of its type, and `lengths` are those that its own bodies have (empty if any): where the body was
    not recorded, its length excludes the others.
    `challenge` is a pattern of its WWW-Authenticate, which a JWT authorizer sends; empty if any will do.
    """

    type: str
    status: int
    error_type: str = ""
    message: str = ""
    decisive: bool = False
    kind: str = ""
    by_application: bool = False
    by_bucket: bool = False
    bare: bool = False
    readable: bool = False
    shows_kind: bool = False
    not_bodies: tuple[str, ...] = ()
    lengths: range = range(0)
    challenge: str = ""

    def matches(self, exchange: Exchange, kind: str = "") -> bool:
        """Whether an answer may be this refusal: the error type first, then the words where there are some.

        `kind` is that of the called API by its facts; empty if it is not known.
        """
        if not self._has_form(exchange) or self.by_bucket is not exchange.is_of_bucket:
            return False
        answered = exchange.gateway or kind
        if self.kind and answered and answered != self.kind:
            return False
        if self.shows_kind and exchange.gateway != self.kind:
            return False
        if self.challenge and not re.search(self.challenge, exchange.challenge):
            return False
        if self.error_type:
            if not exchange.error_type:  # headless: there is nothing else to compare
                return True
            if min(self.status, exchange.status) >= 500 and self.status != exchange.status:
                return False
            # One type for several statuses: where the words were not recorded, the status tells them apart.
            if exchange.body is None and self.error_type == BAD_REQUEST and exchange.status != self.status:
                return False
            return self._has_words(exchange)
        if (self.by_application or self.kind) and exchange.is_of_distribution:
            return False
        if self.by_application and exchange.is_of_http_api:
            return False
        allows = exchange.answer is not None and exchange.answer.value(ALLOW_ORIGIN) is not None
        if (self.bare and allows) or (self.readable and not allows):
            return False
        return self._has_words(exchange)

    def _has_form(self, exchange: Exchange) -> bool:
        """Whether the error type is the refusal's, or else the status: in these most refusals differ."""
        if self.error_type and (exchange.error_type or not exchange.headless):
            return exchange.error_type == self.error_type
        return not exchange.error_type and exchange.status == self.status

    def proves(self, exchange: Exchange) -> bool:
        """Whether the answer's words are there, and nothing else answers in them."""
        return self.decisive and (exchange.body is not None or bool(self.challenge))

    def _has_words(self, exchange: Exchange) -> bool:
        """Whether the body may have the refusal's words: a body that was not recorded may, if it is of their kind."""
        if exchange.body is None and not self._has_length(exchange):
            return False
        if not self.message:
            return True
        if exchange.body is not None:
            return re.search(self.message, exchange.body) is not None
        wants_page = "<html" in self.message
        return exchange.is_page is wants_page or (exchange.is_page is None and not wants_page)

    def _has_length(self, exchange: Exchange) -> bool:
        """Whether a body that was not recorded may be the refusal's, by its length."""
        length = exchange.length
        if length is None:
            return True
        if length in {len(body) for body in self.not_bodies}:
            return False
        # Who gives a refusal CORS headers may have given it a body of its own too.
        own = exchange.answer is not None and exchange.answer.value(ALLOW_ORIGIN) is not None
        return own or not self.lengths or length in self.lengths


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

    @cached_property
    def route(self) -> str | None:
        """The route that the path takes."""
        return self.api.route_for(self.ask.path, self.verb)

    @property
    def answered_by_configuration(self) -> bool:
        """Whether an HTTP API answers this preflight by its CORS configuration, without a route.

        A route that takes OPTIONS (OPTIONS, ANY, $default) gets it: its authorizer refuses, its integration gives the
        status, and the configuration the headers.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html, sam#1603, sst#5493
        """
        if not self.preflight or self.api.http_cors is None:
            return False
        return self.api.kind == ApiKind.FUNCTION_URL or self.method is None

    @cached_property
    def method(self) -> Method | None:
        """The method that answers."""
        return self.api.method(self.route, self.verb)

    @property
    def integration(self) -> Integration | None:
        """The integration of the method; None if there is no method, or its integration is not known."""
        return self.method.integration if self.method else None

    @property
    def authorizer(self) -> Authorizer | None:
        """The authorizer of the method, where it has one and the layer knows it."""
        return self.api.authorizer_of(self.method)

    @property
    def function(self) -> Function | None:
        """The function behind the method, where there is one and the layer knows it."""
        return self.api.function_of(self.method)

    @property
    def handler(self) -> FunctionHandler | None:
        """What the function's source tells of this method; None if there is no function, or its source was not read."""
        handler = self.function.handler if self.function else None
        return handler.for_verb(self.verb) if handler else None


@dataclass(frozen=True)
class Shown:
    """What the browser refused: its verdict, and the answer that it read. `known_kind` is the API's, by its facts."""

    verdict: Verdict
    answer: FetchResponse
    ask: PageRequest
    known_kind: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether the response had no Access-Control-Allow-Origin, whichever of the two it was."""
        return self.error == CorsError.MISSING_ALLOW_ORIGIN

    @property
    def is_bare_preflight(self) -> bool:
        """Whether the preflight's answer had no Access-Control-Allow-Origin."""
        return self.preflight and self.is_bare

    @property
    def is_from_cache(self) -> bool:
        """Whether CloudFront answered the request itself from its cache."""
        return not self.preflight and (self.answer.value("x-cache") or "").lower().startswith("hit")

    @property
    def kind(self) -> str:
        """The kind of the API, by its facts or else by what it calls a request in its answer; empty if not known.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
        """
        if calls_function_url(self.ask):
            return ApiKind.FUNCTION_URL
        if self.answer.value("apigw-requestid") is not None:
            return ApiKind.HTTP
        return self.known_kind

    @property
    def is_bare_response(self) -> bool:
        """Whether the response to the request itself had no Access-Control-Allow-Origin."""
        return not self.preflight and self.is_bare

    @property
    def error(self) -> str:
        """The browser's reason, the same on the preflight and the actual answer."""
        return self.verdict.error

    @property
    def preflight(self) -> bool:
        """Whether the preflight's answer was refused."""
        return self.verdict.phase is Phase.PREFLIGHT

    @property
    def value(self) -> str:
        """What was refused: a header's value, or the name of a header or method."""
        return self.verdict.parameter


Check = Callable[[Scene], Iterable[Evidence]]
Reads = Callable[[Shown], bool]
Proved = Callable[[Scene, Exchange], bool | None]


def when(holds: bool, place: SourcePlace, observed: str, expected: str) -> Iterator[Evidence]:
    """One piece of evidence if something holds."""
    if holds:
        yield Evidence(place, observed, expected)
