"""The lines of a browser's console as requests and responses: all that people have who did not record them.

A line has the words of the verdict and not the response, so that a response is made which leads to these words. Its
status is 0 if nothing tells it: a response without Access-Control-Allow-Origin may have any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import Headers, Profile
from accountsctl.doctor.browser.page_request import LOCAL_ORIGIN, Credential, PageRequest
from accountsctl.doctor.browser.page_verdict import Hops
from accountsctl.doctor.browser.urls import path_of
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure, seen_by_browser, without_reason_at
from accountsctl.doctor.observed.console_lines import ConsoleLine, console_lines
from accountsctl.doctor.observed.console_responses import with_responses
from accountsctl.doctor.observed.console_words import BlockMessage, BlockReason
from accountsctl.doctor.observed.execution_logs import failed_by_own_words
from accountsctl.doctor.observed.har import RecordedFetch, Recording
from accountsctl.doctor.observed.har_exchanges import failure_of
from accountsctl.doctor.observed.pasted_text import last_url_above, only_url
from accountsctl.doctor.observed.refused_requests import allowing
from accountsctl.doctor.observed.server_logs import FROM_LOG
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

APP_PAGE = "file://"
"""The origin of a page in an app's web view, which sends it and calls it null in its console."""
WITH_CREDENTIALS = frozenset({BlockReason.WILDCARD, BlockReason.CREDENTIALS})
REASONS = {
    BlockReason.CSP: RequestFailure.CSP,
    BlockReason.BY_BROWSER: RequestFailure.BLOCKED,
    BlockReason.LOCAL_NETWORK: RequestFailure.LOCAL_NETWORK,
    BlockReason.WORKER: RequestFailure.BY_WORKER,
    BlockReason.MIXED_CONTENT: RequestFailure.MIXED,
    BlockReason.NOT_HTTP: RequestFailure.NOT_HTTP,
}
"""The failures of requests that were not sent."""


_FAILED = re.compile(
    r"Network ?Error|ERR_NETWORK\b|Failed to fetch|\bLoad failed|Network request failed|: 0 Unknown Error"
    r"|XMLHttpRequest error",
)
"""What axios and Amplify, Chromium, Firefox, Safari, React Native, Angular and Dart say of any failure."""


def says_that_it_failed_alone(text: str) -> bool:
    """Whether a text without a console's line has a library's words for a request that failed."""
    return _FAILED.search(text) is not None


@dataclass(frozen=True)
class StatedRequest:
    """What the command line says of the request that a line does not; empty if it says nothing."""

    origin: str = ""
    method: str = ""
    url: str = ""
    headers: Headers = ()
    credentials: bool = False
    near: str = ""
    """The only URL that stands near a sentence that names none."""


def read(text: str, name: str, stated: StatedRequest) -> Recording | None:
    """The blocked requests of a text's lines; None if it has none. `name` is the file's, for evidence."""
    sentences = with_responses(console_lines(text), text)
    lines = sentences or failed_by_own_words(text)
    if not lines:
        return None
    if not stated.url and len(lines) == 1 and not lines[0].url:
        near = only_url(text, lines[0].origin)
        # What an API answers stands below its URL; a browser's sentence has the URL itself.
        stated = replace(stated, near=near if near or sentences else last_url_above(text, lines[0].line))
    fetches = tuple(_fetch(line, name, stated) for line in lines)
    return Recording(tuple(seen for fetch in fetches for seen in fetch.exchanges), fetches, lines[0].profile)


def _fetch(line: ConsoleLine, name: str, stated: StatedRequest) -> RecordedFetch:
    """One line as a fetch: the request as far as it is known, and the response that has the words."""
    ask, assumed = _request(line, stated)
    place = SourcePlace(Layer.LIVE, f"console {name}", f"line {line.line}")
    preflight = _is_of_preflight(line, stated, ask)
    assumed.update(_assumed_of_response(line))
    if not preflight and _may_be_of_preflight(line, ask):
        assumed["which of the two requests failed"] = (
            "The console does not say whether the preflight was refused: the request itself is assumed. "
            "--header Authorization, if the page sends a token, names the causes of a refused preflight."
        )
    ask = _needing_preflight(ask, assumed) if preflight else _of_redirect(line, ask, assumed)
    answer, hops = _response(line, ask)
    seen = Exchange(
        probe="P1" if preflight else "P4",
        method="OPTIONS" if preflight else ask.method,
        url=ask.url,
        place=place,
        answer=answer,
        body=None,
        failure=_failure(line, ask) if answer is None else None,
        headless=answer is not None and not line.headers,
        may_be_preflight=not preflight and _may_be_of_preflight(line, ask),
    )
    error = f"The console says: {line.error or 'the request was blocked'}."
    if line.message is not None and line.message.reason is BlockReason.STATUS and not preflight:
        # With no word of CORS, the page reads the response.
        error = ""
    if preflight:
        return RecordedFetch(ask, seen, seen, hops, (seen,), error, tuple(assumed.items()))
    passed = None
    if answer is not None and ask.preflight is not None:
        # The request was sent, so its preflight had passed.
        passed = replace(seen, probe="P1", method="OPTIONS", answer=allowing(ask), headless=False)
    return RecordedFetch(ask, passed, seen, hops, (seen,), error, tuple(assumed.items()))


def _assumed_of_response(line: ConsoleLine) -> dict[str, str]:
    """What is assumed of the response to a request."""
    found = {"the status": FROM_LOG} if line.is_logged else {}
    if line.message is not None and line.message.reason is BlockReason.UNSTATED:
        found["the reason"] = (
            "The sentence has none here: a missing Access-Control-Allow-Origin is assumed, the most frequent one. Copy "
            "the rest of the line too."
        )
    return found


def _request(line: ConsoleLine, stated: StatedRequest) -> tuple[PageRequest, dict[str, str]]:
    """The request of a line, and what is assumed of it with the way to state it."""
    message = line.message
    assumed: dict[str, str] = {}
    origin = line.origin or stated.origin
    if message and message.reason is BlockReason.OTHER_ORIGIN and origin == message.value == "null":
        origin = APP_PAGE
    if not origin:
        is_mixed = message is not None and message.reason is BlockReason.MIXED_CONTENT
        origin = LOCAL_ORIGIN.replace("http:", "https:") if is_mixed else LOCAL_ORIGIN
        assumed["the page's origin"] = (
            f"The console does not name it: {origin} is assumed. --origin names it."
        )
    by_words = message.value if message and message.reason is BlockReason.METHOD else ""
    method = line.method or by_words or stated.method
    if not method:
        # No server's list refuses GET, HEAD and POST.
        method = "PUT" if message and message.reason is BlockReason.METHOD else "GET"
        assumed["the method"] = f"The console does not name it: {method} is assumed. --method names it."
    url = _url(line, stated, assumed)
    headers = stated.headers
    if message and message.reason is BlockReason.HEADER and message.value.lower() not in dict(headers):
        headers = (*headers, (message.value.lower(), "x"))
    own = tuple((key, value) for key, value in headers if key.lower() != "authorization")
    ask = PageRequest(
        origin=origin,
        path=path_of(url) if url else "/",
        method=method,
        url=redact.url(url) if url else "",
        headers=own,
        credentials=stated.credentials or (message is not None and message.reason in WITH_CREDENTIALS),
        credential=Credential.NONE if len(own) == len(headers) else Credential.TOKEN,
        profile=line.profile,
        sanitized=True,
        sent_by=line.sender,
    )
    return ask, assumed


def _url(line: ConsoleLine, stated: StatedRequest, assumed: dict[str, str]) -> str:
    """The URL that the page called; empty, or the one that stands near the sentence, if nothing names it."""
    url = line.first or line.url or stated.url
    if url:
        return url
    if not stated.near:
        assumed["the URL"] = "The console does not name it in these lines. --url names it."
        return ""
    assumed["the URL"] = (
        f"The sentence does not name it: {redact.url(stated.near)} stands near it. --url names it."
    )
    return stated.near


def _of_response(line: ConsoleLine) -> BlockMessage | None:
    """What the console says of a response; None if there was none."""
    reason = line.message.reason if line.message else BlockReason.NO_CONNECTION
    return None if reason in REASONS or reason is BlockReason.NO_CONNECTION else line.message


def _is_of_preflight(line: ConsoleLine, stated: StatedRequest, ask: PageRequest) -> bool:
    """Whether the response to the preflight was refused. Firefox says so only of some reasons."""
    message = _of_response(line)
    # The preflight of a redirect's target does not belong to the request that was redirected.
    if message is None or line.first:
        return False
    of_firefox = line.profile is Profile.FIREFOX and ask.preflight is not None
    return message.preflight or (of_firefox and bool(stated.method or stated.headers))


def _may_be_of_preflight(line: ConsoleLine, ask: PageRequest) -> bool:
    """Whether the words are those of a refused preflight too, and nothing that is known needs one."""
    return line.message is not None and line.message.either and ask.preflight is None


def _needing_preflight(ask: PageRequest, assumed: dict[str, str]) -> PageRequest:
    """The request with what a browser sends a preflight for, if nothing that is known of it needs one."""
    if ask.preflight is not None:
        return ask
    with_body = ask.method.upper() in ("POST", "PUT", "PATCH")
    name = "Content-Type: application/json" if with_body else "Authorization"
    assumed["the headers"] = (
        f"The console does not name those that the page sets: {name} is assumed. --header names them."
    )
    return replace(ask, body=True) if with_body else replace(ask, credential=Credential.TOKEN)


def _of_redirect(line: ConsoleLine, ask: PageRequest, assumed: dict[str, str]) -> PageRequest:
    """The request with a header that needs a preflight after a redirect too, if the words are of that preflight."""
    of_target = bool(line.first) and line.message is not None and line.message.preflight
    if not of_target or ask.names() - {"authorization", "content-type"}:
        return ask
    assumed["the headers"] = (
        "The console does not name those that the page sets: X-Requested-With is assumed. --header names them."
    )
    return replace(ask, headers=(*ask.headers, ("x-requested-with", "XMLHttpRequest")))


def _failure(line: ConsoleLine, ask: PageRequest) -> RequestFailure:
    """Why there was no response, by the words or by Chromium's error."""
    if line.message is None:
        return seen_by_browser(failure_of(line.error))
    if line.message.reason is BlockReason.NO_CONNECTION:
        # Firefox says no more of a host that is unknown, a server that is down, and its certificate.
        return without_reason_at(ask.url)
    return REASONS.get(line.message.reason, RequestFailure.HIDDEN)


def _response(line: ConsoleLine, ask: PageRequest) -> tuple[FetchResponse | None, Hops]:
    """The response that a browser refuses in these words, and that of a redirect's target."""
    message = _of_response(line)
    if message is None:
        return None, {}
    answer = FetchResponse(_status(message.reason, line.status), _headers(line, ask))
    if not line.first:
        return answer, {}
    target = redact.url(line.url)
    moved = FetchResponse(302, (*_allowed(ask), ("Location", target)))
    return moved, {(target, message.preflight): answer, (target, not message.preflight): allowing(ask)}


def _status(reason: BlockReason, stated: int) -> int:
    """The status of a response; 0 if the reason leaves any."""
    if reason in (
        BlockReason.NO_ORIGIN,
        BlockReason.UNSTATED,
        BlockReason.NOT_ALLOWED,
        BlockReason.PREFLIGHT_STATUS,
        BlockReason.STATUS,
    ):
        return stated
    if reason in (BlockReason.PREFLIGHT_REDIRECT, BlockReason.REDIRECT):
        return stated if 300 <= stated <= 399 else 302
    return stated or 200


def _headers(line: ConsoleLine, ask: PageRequest) -> Headers:
    """The headers of a response: those that the words complain of, and for all others what allows the request."""
    message = line.message
    value = message.value if message else ""
    reason = message.reason if message else None
    methods, names = ask.method, ", ".join(sorted(ask.names()))
    match reason:
        case BlockReason.NO_ORIGIN | BlockReason.NOT_ALLOWED | BlockReason.UNSTATED:
            return line.headers
        case BlockReason.STATUS if message is not None and message.preflight:
            return ()
        case BlockReason.SEVERAL_ORIGINS:
            return ((ALLOW_ORIGIN, value or f"{ask.origin}, {ask.origin}"),)
        case BlockReason.WILDCARD:
            return ((ALLOW_ORIGIN, "*"),)
        case BlockReason.OTHER_ORIGIN:
            return ((ALLOW_ORIGIN, value),)
        case BlockReason.CREDENTIALS:
            return ((ALLOW_ORIGIN, ask.origin), *(((ALLOW_CREDENTIALS, value),) if value else ()))
        case BlockReason.METHOD:
            methods = "HEAD"
        case BlockReason.HEADER:
            names = ", ".join(sorted(ask.names() - {value.lower()}))
        case BlockReason.METHODS_MALFORMED:
            methods = value or "GET POST"
        case BlockReason.HEADERS_MALFORMED:
            names = value or "a b"
    return (*_allowed(ask), (ALLOW_METHODS, methods), (ALLOW_HEADERS, names))


def _allowed(ask: PageRequest) -> Headers:
    return ((ALLOW_ORIGIN, ask.origin), (ALLOW_CREDENTIALS, "true"))
