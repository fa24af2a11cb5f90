"""What curl printed or DevTools showed, as a recording: people paste it where they have no HAR.

A request of curl stands for the page's: its headers are those that the page would send, and OPTIONS is the preflight,
with or without Access-Control-Request-Method. What the text lacks is stated on the command line, or assumed and named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import SAFE_METHODS, Headers
from accountsctl.doctor.browser.page_request import LOCAL_ORIGIN
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed import har
from accountsctl.doctor.observed.console import WITH_CREDENTIALS, StatedRequest
from accountsctl.doctor.observed.console_lines import ConsoleLine, console_lines
from accountsctl.doctor.observed.har import RecordedFetch, Recording
from accountsctl.doctor.observed.pasted_text import only_url
from accountsctl.doctor.observed.transcript_lines import TextExchange, text_exchanges
from accountsctl.model.cors_headers import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    REQUEST_HEADERS,
    REQUEST_METHOD,
)

HEAD_IS_NOT_ROUTED = (
    "curl -I sent HEAD, which most APIs have no route for: "
    "this refusal says nothing of {}. curl -i sends GET."
)
NOT_ROUTED = frozenset({404, 405, 501})
ONLY_PREFLIGHT = (
    "The text shows only its preflight. Copy it too, with its status and the headers of its response."
)
NO_URL = "The text has a response, and does not name the URL: --url names it."


def read(text: str, name: str, stated: StatedRequest) -> Recording | None:
    """The requests of a text; None if it shows no response. NoRecording if no URL is known."""
    found = text_exchanges(text)
    if not found:
        return None
    lines = console_lines(text)
    origin = stated.origin or next((line.origin for line in lines if line.origin), "")
    for exchange in found:
        if not exchange.url and not stated.url:
            _take_request(exchange, lines)
        exchange.url = exchange.url or stated.url or exchange.base or only_url(text, origin)
        if not exchange.url:
            raise har.NoRecording(NO_URL)
        exchange.method = exchange.method or _method(exchange, stated)
    assumed = [_completed(exchange, found, stated, origin) for exchange in found]
    log = {
        "version": "1.2",
        "creator": {"name": "text", "version": "1"},
        "entries": [_entry(e) for e in found],
    }
    recording = har.read(json.dumps({"log": log}), name)
    credentials = stated.credentials or any(
        line.message is not None and line.message.reason in WITH_CREDENTIALS for line in lines
    )
    fetches = [_placed(fetch, found, assumed, name) for fetch in recording.fetches]
    if credentials:
        fetches = [replace(fetch, ask=replace(fetch.ask, credentials=True)) for fetch in fetches]
    return replace(recording, fetches=tuple(fetches))


HEADERS = "the status and the headers"
"""What is assumed of a response of which only the body is known."""


def _take_request(exchange: TextExchange, lines: Sequence[ConsoleLine]) -> None:
    """Take what the only sentence of a console says of the request whose response stands near it."""
    urls = {line.url for line in lines if line.url}
    if len(urls) != 1:
        return
    exchange.url = urls.pop()
    line = next(line for line in lines if line.url)
    of_preflight = line.message is not None and line.message.preflight
    exchange.method = exchange.method or ("OPTIONS" if of_preflight else line.method)


def _method(exchange: TextExchange, stated: StatedRequest) -> str:
    """The method of a request that the text does not show: a response with these headers is a preflight's."""
    names = {name.lower() for name, _ in exchange.response}
    return "OPTIONS" if names & {ALLOW_METHODS, ALLOW_HEADERS} else stated.method or "GET"


def _completed(
    exchange: TextExchange, every: Sequence[TextExchange], stated: StatedRequest, origin: str
) -> dict[str, str]:
    """Add to a request what a browser sends with it; what was assumed for that, by its name."""
    assumed: dict[str, str] = {}
    if exchange.inferred:
        assumed[HEADERS] = (
            f"curl without -i does not show them: {exchange.status} goes with these words of API Gateway."
        )
    if exchange.base == exchange.url:
        assumed["the path"] = (
            f"curl's notes name the host alone: / is assumed. --url {exchange.base}/PATH names it."
        )
    if exchange.method == "HEAD" and stated.method != "HEAD":
        exchange.is_unrouted_head = _is_not_routed(exchange)
        exchange.method = stated.method or "GET"
        assumed["the method"] = f"curl -I sent HEAD, which an API may not have: {exchange.method} is assumed."
    if exchange.header("origin") is None:
        exchange.request.append(("origin", origin or LOCAL_ORIGIN))
        assumed.update(_without_origin(exchange, origin))
    if exchange.method == "OPTIONS":
        assumed.update(_asked(exchange, every, stated))
    elif not exchange.sent:
        known = {name.lower() for name, _ in exchange.request}
        exchange.request += [(name, value) for name, value in stated.headers if name.lower() not in known]
    return assumed


def _is_not_routed(exchange: TextExchange) -> bool:
    """Whether the response to HEAD may be a refusal of this method alone."""
    kinds = [value for name, value in exchange.response if name.lower() == "x-amzn-errortype"]
    return exchange.status in NOT_ROUTED or kinds == ["MissingAuthenticationTokenException"]


def _asked(exchange: TextExchange, every: Sequence[TextExchange], stated: StatedRequest) -> dict[str, str]:
    """Add to an OPTIONS request what it asks for; what was assumed for that."""
    assumed: dict[str, str] = {}
    method = exchange.header(REQUEST_METHOD)
    if method is None:
        others = (other.method for other in every if other.method != "OPTIONS" and other.url == exchange.url)
        method = stated.method or next(others, "")
        if not method:
            method = "GET"
            assumed["the method"] = "The text does not name it: GET is assumed. --method names it."
        exchange.request.append((REQUEST_METHOD, method))
    exchange.request += _asked_headers(exchange, stated, method, assumed)
    return assumed


def _asked_headers(
    exchange: TextExchange, stated: StatedRequest, method: str, assumed: dict[str, str]
) -> list[tuple[str, str]]:
    """The headers that a preflight asks for if it names none: those stated, or one that makes a browser send it."""
    if exchange.header(REQUEST_HEADERS) is not None:
        return []
    listed = sorted(name.lower() for name, _ in stated.headers)
    if not listed and method not in SAFE_METHODS:
        return []
    if not listed:
        listed = ["content-type" if method == "POST" else "authorization"]
        assumed["the headers"] = (
            f"The text does not name those that the page sets: {listed[0].title()} is assumed. --header names them."
        )
    return [(REQUEST_HEADERS, ",".join(listed))]


def _without_origin(exchange: TextExchange, origin: str) -> dict[str, str]:
    """What is assumed of a request that was sent without Origin."""
    used = origin or LOCAL_ORIGIN
    if exchange.sent and ALLOW_ORIGIN not in {name.lower() for name, _ in exchange.response}:
        return {
            "the page's origin": f"curl sent no Origin, and some servers send CORS headers only with one. {used} is "
            f"assumed; send it with -H 'Origin: {used}'."
        }
    return (
        {}
        if origin
        else {"the page's origin": f"The text does not name it: {used} is assumed. --origin names it."}
    )


def _entry(exchange: TextExchange) -> Mapping[str, Any]:
    content_type = exchange.header("content-type") or "application/x-www-form-urlencoded"
    data = {"postData": {"mimeType": content_type, "text": ""}} if exchange.has_data else {}
    return {
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "headers": _named(exchange.request),
            "queryString": [],
            "cookies": [],
            **data,
        },
        "response": {
            "status": exchange.status,
            "headers": _named(exchange.response),
            "content": {"text": exchange.body.strip()},
        },
    }


def _named(headers: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _placed(
    fetch: RecordedFetch, found: Sequence[TextExchange], assumed: Sequence[Mapping[str, str]], name: str
) -> RecordedFetch:
    """A fetch with its places in the text, and what was assumed of its requests."""

    def at(exchange: Exchange) -> Exchange:
        index = int(exchange.place.pointer.rpartition("/")[2])
        place = SourcePlace(exchange.place.layer, f"text {name}", f"line {found[index].line}")
        if found[index].is_unrouted_head:
            return replace(exchange, place=place, answer=None, failure=RequestFailure.HIDDEN)
        return replace(exchange, place=place, headless=found[index].inferred)

    said: dict[str, str] = {}
    for exchange in fetch.exchanges:
        said.update(assumed[int(exchange.place.pointer.rpartition("/")[2])])
    actual = at(fetch.actual)
    same = fetch.preflight is fetch.actual
    preflight = actual if same else at(fetch.preflight) if fetch.preflight else None
    if same and _is_allowed(actual):
        said["the request itself"] = ONLY_PREFLIGHT
    unseen = fetch.ask.preflight is not None and not any(e.method == "OPTIONS" for e in fetch.exchanges)
    if unseen:
        said["the preflight"] = f"The text does not show it. {_preflight_command(fetch)} does."
    return replace(
        fetch,
        preflight=preflight,
        actual=actual,
        exchanges=tuple(at(exchange) for exchange in fetch.exchanges),
        error=HEAD_IS_NOT_ROUTED.format(fetch.ask.method) if actual.failure is RequestFailure.HIDDEN else "",
        assumed=tuple(said.items()),
    )


def _is_allowed(exchange: Exchange) -> bool:
    """Whether a response is a success that allows an origin."""
    answer = exchange.answer
    return answer is not None and answer.status < 300 and answer.value(ALLOW_ORIGIN) is not None


def _preflight_command(fetch: RecordedFetch) -> str:
    """The curl command that sends the preflight of a request."""
    headers: Headers = tuple(pair for pair in fetch.ask.preflight or () if pair[0] != "Accept")
    options = " ".join(f"-H '{name}: {value}'" for name, value in headers)
    return f"curl -i -X OPTIONS {options} '{redact.url(fetch.ask.url)}'"
