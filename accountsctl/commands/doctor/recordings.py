"""`doctor cors --har`: what a browser recorded, or the lines of its console, as a diagnosis for each request."""

from __future__ import annotations

import re
from dataclasses import replace

from accountsctl.doctor.browser import redact
from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.kind_texts import worded
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import (
    WITHOUT_HEADERS,
    Certainty,
    Diagnosis,
    DiagnosisOutcome,
    diagnose,
)
from accountsctl.doctor.diagnosis.located import locate
from accountsctl.doctor.diagnosis.real_responses import may_be_another_snapshot
from accountsctl.doctor.diagnosis.subject import Subject, Suspect
from accountsctl.doctor.diagnosis.targets import Query, credential_for
from accountsctl.doctor.diagnosis.wording import kind_of
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed import console, har, transcript
from accountsctl.doctor.observed.console_lines import console_lines
from accountsctl.doctor.observed.har import RecordedFetch, Recording
from accountsctl.doctor.observed.page_code import PageCode, page_code
from accountsctl.doctor.observed.unexposed_headers import unexposed_header
from accountsctl.model.errors import CouldNotLook, UsageError

WEB_SOCKET_URL = re.compile(r'"url":\s*"wss?://')
WEB_SOCKETS = (
    "It has WebSocket connections: CORS does not apply to them, so $connect has to check the Origin."
)
LONGEST_BODY = 2000
"""Characters of JSON that may be an error's body, and not a recording of some other form."""
OPAQUE_HINT = (
    "Remove that mode where the page needs the response: accountsctl doctor cors --explain client.no-cors"
)
MOST_FAILED = 5
"""How many requests to the page's own origin are named."""
METHOD = "the method"
"""The key under which a reader of pasted text says that it assumed the method."""
_STEPS = {Phase.PREFLIGHT: "preflight (OPTIONS)", Phase.ACTUAL: "request itself"}


def recorded_fetches(text: str, name: str, query: Query) -> list[RecordedFetch]:
    """The recorded requests that the query names; UsageError if the text is not a recording, nor a console's lines."""
    recording = _recording(text, name, query)
    if not recording.asks:
        raise _nothing_crosses(text, name, recording)
    chosen = [
        replace(
            fetch, ask=replace(fetch.ask, library=fetch.ask.library or query.library, backend=query.backend)
        )
        for fetch in recording.fetches
        if _is_meant(fetch.ask, query)
    ]
    if query.token is not None:
        chosen = [replace(fetch, ask=_with_token(fetch.ask, query)) for fetch in chosen]
    if not chosen:
        there = ", ".join(dict.fromkeys(f"{ask.method} {ask.path}" for ask in recording.asks))
        raise CouldNotLook(
            f"{name} shows no such request.", why=f"It shows {there}.", hint="Leave --path and the like out."
        )
    return chosen


def _with_token(ask: PageRequest, query: Query) -> PageRequest:
    """The request with the token that the command line states, unless it was signed."""
    return (
        ask
        if ask.credential is Credential.SIGNATURE
        else replace(ask, token=query.token, credential=Credential.TOKEN, now=ask.now or query.now)
    )


def _nothing_crosses(text: str, name: str, recording: Recording) -> UsageError | CouldNotLook:
    """What is said of a recording without a request to another origin: which requests to its own failed, if any."""
    what = f"{name} shows no request to another origin{' with CORS' if recording.opaque else ''}."
    sockets = WEB_SOCKETS if WEB_SOCKET_URL.search(text) else ""
    failed = list(dict.fromkeys(request.words for request in recording.at_own_origin))
    if not failed and recording.without_url:
        return UsageError(
            f"{name}: {recording.without_url[0]} is not a URL.",
            why="It shows no other request to another origin.",
            hint="Save the network panel as HAR again, and leave its URLs whole.",
        )
    if not failed and recording.opaque:
        why = f"No page can read the response of a request with mode: 'no-cors': {recording.opaque[0]}."
        return CouldNotLook(what, why=why, hint=OPAQUE_HINT)
    if not failed:
        why = sockets or "The doctor looks at what pages ask of other origins."
        return CouldNotLook(what, why=why, hint="Record the page's load with the network panel open.")
    rest = f", and {len(failed) - MOST_FAILED} more" if len(failed) > MOST_FAILED else ""
    named = ", ".join(failed[:MOST_FAILED])
    seen = f"CORS does not apply to requests to the page's own origin. Of these failed: {named}"
    return CouldNotLook(
        what,
        why=" ".join(filter(None, (f"{seen}{rest}.", sockets))),
        hint=f"Read the log of what answers {origin_of(recording.at_own_origin[0].url)}, or of the server to which its "
        "proxy passes these requests on.",
    )


def as_pasted(text: str) -> str:
    """The text if it is one that people paste; empty if it is a recording, whose bodies may say anything."""
    is_json = text.lstrip("\ufeff \t\r\n").startswith("{")
    return "" if is_json and len(text) > LONGEST_BODY else text


def _recording(text: str, name: str, query: Query) -> Recording:
    try:
        return har.read(text, name)
    except har.NoRecording as error:
        stated = console.StatedRequest(
            query.origin or "", query.method or "", query.url or "", query.headers, query.credentials
        )
        found = _pasted(text, name, stated) if as_pasted(text) else None
        if found is not None:
            return found
        raise _without_request(text, name, str(error)) from error


def _without_request(text: str, name: str, why: str) -> UsageError:
    """What a text says that shows no request; `why` it is not a recording."""
    code = page_code(text, ())
    if code is not None and code.no_cors:
        card = BY_ID["client.no-cors"]
        return UsageError(
            f"{name} is the code of a page, and no line of a console. {card.what}",
            why="The browser also leaves Authorization, JSON and headers of your own out of such a request.",
            hint=card.fix,
        )
    header = unexposed_header(text)
    if header:
        return UsageError(
            f"{name} has no line about a blocked request. {BY_ID['expose.missing'].what}",
            why=f"The page may not read {header}: the response came, and does not expose it.",
            hint=f"Add {header} to Access-Control-Expose-Headers, where the response's other CORS headers are set: "
            "ExposeHeaders of a bucket's CORS rule, of an HTTP API or a function URL, or the code.",
        )
    if console.says_that_it_failed_alone(text):
        return UsageError(
            f"{name} says only what a page learns of a request: that it failed.",
            why="No browser tells a page the reason, so that these words are the same for every cause.",
            hint="Copy the console's own line of the request, often in red, or save the network panel as HAR.",
        )
    return UsageError(
        f"{name} is not a recording of a browser, and has no line of its console about a blocked request.",
        why=why,
        hint="Save the network panel as HAR, or copy the console's lines, or what curl -i shows.",
    )


def _pasted(text: str, name: str, stated: console.StatedRequest) -> Recording | None:
    """The requests of a text that is not a recording: with headers, or else by the console's words."""
    try:
        shown = transcript.read(text, name, stated)
    except har.NoRecording as error:
        raise UsageError(f"{name} names no URL.", why=str(error), hint="Add --url URL.") from error
    if shown is not None and shown.asks:
        return shown
    code = page_code(text, (line.url for line in console_lines(text)))
    found = console.read(text, name, stated if code is None else _with_code(stated, code))
    if found is None or code is None:
        return found
    taken = ("the page's code", f"By what stands next to the sentence it sends {code.words}.")
    fetches = tuple(replace(fetch, assumed=(taken, *fetch.assumed)) for fetch in found.fetches)
    return replace(found, fetches=fetches)


def _with_code(stated: console.StatedRequest, code: PageCode) -> console.StatedRequest:
    """What the command line says of the request, and for the rest the page's code."""
    return replace(
        stated,
        method=stated.method or code.method,
        headers=stated.headers or code.headers,
        credentials=stated.credentials or code.credentials,
    )


def _is_meant(ask: PageRequest, query: Query) -> bool:
    """Whether a recorded request is one of those that the query names."""
    pairs = (
        (query.origin, ask.origin),
        (query.path, ask.path),
        (query.method and query.method.upper(), ask.method.upper()),
        # What is recorded keeps no values of a query.
        (query.url and redact.url(query.url), ask.url),
    )
    return all(stated is None or stated == actual for stated, actual in pairs)


def diagnosis_of(apis: tuple[Api, ...], fetch: RecordedFetch) -> Diagnosis:
    """The diagnosis of a recorded fetch: its URL names the stage and the path, as the templates know them."""
    target = locate(fetch.ask.url, apis) if apis and fetch.ask.url else None
    ask = replace(fetch.ask, path=target.path, stage=target.stage) if target else fetch.ask
    fetch, ask = _with_only_method(apis, fetch, ask)
    preflight, actual = (
        None if exchange is None or exchange.failure == RequestFailure.HIDDEN else exchange
        for exchange in (fetch.preflight, fetch.actual)
    )
    if preflight is actual:
        actual = None
    seen = Subject(apis, preflight, actual, fetch.hops, fetch.error)
    if apis and any(exchange.has_unknown_status for exchange in fetch.exchanges):
        found = _by_facts(seen, _with_credential(apis, fetch, ask), fetch)
    else:
        found = diagnose(seen, ask, fetch.exchanges)
    left = found.not_checked
    if transcript.HEADERS in dict(fetch.assumed):
        left = tuple(gap for gap in left if gap != WITHOUT_HEADERS)
    return replace(found, not_checked=(*fetch.assumed, *left))


def _with_only_method(
    apis: tuple[Api, ...], fetch: RecordedFetch, ask: PageRequest
) -> tuple[RecordedFetch, PageRequest]:
    """Both with the only method of the path, if GET was assumed for a console that shows no status, and is not there.

    Almost every page calls a method that exists: the assumption would else accuse the page of a wrong method.
    """
    is_open = METHOD in dict(fetch.assumed) and any(
        exchange.has_unknown_status for exchange in fetch.exchanges
    )
    if not is_open or ask.method != "GET" or any(api.method_for(ask.path, "GET") for api in apis):
        return fetch, ask
    routes = {
        (api.route(ask.path) or "", verb)
        for api in apis
        for verb in api.routes.get(api.route(ask.path) or "", ())
    }
    methods = [(route, verb) for route, verb in routes if verb != "OPTIONS"]
    if len(methods) != 1:
        return fetch, ask
    route, method = methods[0]
    why = f"The console does not name it: {method} is assumed, the only one of {route}. --method names it."
    assumed = tuple((what, why if what == METHOD else text) for what, text in fetch.assumed)
    own = replace(fetch.ask, method=method)
    return replace(fetch, ask=own, assumed=assumed), replace(ask, method=method)


def _with_credential(apis: tuple[Api, ...], fetch: RecordedFetch, ask: PageRequest) -> PageRequest:
    """The request with the credential that a page of this API sends; the console does not tell it."""
    if fetch.preflight is fetch.actual:
        return ask
    api = apis[-1]
    return replace(ask, credential=credential_for(api, ask, api.method_for(ask.path, ask.method)))


def _by_facts(seen: Subject, ask: PageRequest, fetch: RecordedFetch) -> Diagnosis:
    """The diagnosis of a response of which only the step that failed is known: the API's facts tell the cause."""
    failed = Phase.PREFLIGHT if seen.actual is None else Phase.ACTUAL
    found = diagnose(Subject(seen.apis, hops=seen.hops), ask, fetch.exchanges)
    verdict = found.walk.verdict
    at = found.walk.refused or (verdict.phase if verdict else None)
    shown = Evidence(
        fetch.exchanges[0].place, f"the browser blocked the response to the {_STEPS[failed]}", "an answer"
    )
    if found.root is not None and at is failed:
        root = replace(found.root, evidence=(shown, *found.root.evidence))
        certainty = Certainty.AMBIGUOUS if found.alternatives else Certainty.CERTAIN
        return replace(found, root=root, certainty=certainty)
    by_templates = f"the cause is {found.root.card.id}" if found.root else "the page gets the answer"
    gap = (
        "the templates",
        f"By them {by_templates}, and the browser blocked the response to the {_STEPS[failed]}: something else is "
        "deployed.",
    )
    unexplained = replace(found, alternatives=(), next=(), not_checked=(gap, *found.not_checked))
    if not may_be_another_snapshot(seen):
        return replace(unexplained, outcome=DiagnosisOutcome.UNKNOWN, root=None)
    stale = Suspect(worded(BY_ID["deploy.stale"], kind_of(seen, ask)), (shown,))
    real = diagnose(replace(seen, apis=()), ask).walk
    return replace(
        unexplained,
        outcome=DiagnosisOutcome.BLOCKED,
        root=stale,
        certainty=Certainty.LIKELY,
        walk=replace(real, suspects=(stale,)),
        masked_by=(),
    )
