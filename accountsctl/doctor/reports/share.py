"""A diagnosis for the team that owns the API: what it needs to find the fault, with nothing that is secret.

Bodies, cookies, tokens and query values are not in it; what else could hold one goes through `scrub`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.catalogue.client_snippets import IN_THE_PAGE
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.facts.exchanges import REQUEST_IDS, Exchange
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.reports.json_report import Lines, all_evidence, fixes
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.doctor.reports.scrub import LEFT_OUT, scrubbed, shared_name, shared_path, shared_url
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    REQUEST_HEADERS,
)

EXTENDED_REQUEST_ID = "x-amz-apigw-id"
"""API Gateway's other name of a request, which AWS's support asks for."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9=_-]{8,40}")
_ERROR_TYPE = re.compile(r"[A-Z][A-Za-z]{3,60}(?:Exception|Error)")
_SHOWN = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS, ALLOW_CREDENTIALS, "vary", "allow", "server", "via")


def shared_report(diagnoses: Iterable[Diagnosis], lines: Lines) -> str:
    """A page of Markdown: every blocked request, or all if none is blocked."""
    every = list(diagnoses)
    blocked = [found for found in every if found.fails] or every
    parts = ["# CORS report", ""]
    for found in blocked:
        parts += [*_request(found, lines), ""]
    parts += [
        "Tokens, cookies, bodies, query values, account numbers and ids of pools are not in this report;"
        " `{...}` and `***` stand for what was left out.",
        "Made by `accountsctl doctor cors --share`.",
    ]
    return "\n".join(parts) + "\n"


def _request(found: Diagnosis, lines: Lines) -> Iterator[str]:
    ask, words = found.ask, plain_words(found)
    url = shared_url(ask.url or ask.path)
    yield f"## {scrubbed(ask.method)} {url}"
    yield ""
    yield f"* Page: {shared_url(ask.origin)}"
    yield f"* Result: {found.outcome.value}"
    if words is not None:
        origin = shared_url(ask.origin)
        yield f"* What happened: {_but_for(origin, words.happened.replace(ask.origin, origin))}"
        yield f"* Who may have to act: {', '.join(words.parties) or 'not known'}"
    if found.walk.verdict is not None:
        shown = console_text(
            found.walk.verdict,
            replace(ask, url=url, origin=shared_url(ask.origin)),
            found.walk.blocked_status,
        )
        yield f"* The browser shows: {_but_for(url, shown) or 'nothing'}"
    yield from _cause(_shareable(found), lines)
    yield from _exchanges(found.probes)
    if found.logged:
        ids = tuple(value for probe in found.probes for _, value in request_ids(probe))
        yield from ("", "In the API's log:", "", *(f"* {_with_ids(line, ids)}" for line in found.logged))
    unknown = [scrubbed(f"{what}: {why}") for what, why in found.not_checked]
    if unknown:
        yield from ("", "Not checked:", "", *(f"* {text}" for text in unknown))


def _with_ids(line: str, ids: tuple[str, ...]) -> str:
    """A scrubbed line of the API's log, in which the ids of the requests stay: the report has them anyway."""
    return _but_for(next((id_ for id_ in ids if id_ in line), ""), line)


def _but_for(url: str, text: str) -> str:
    """Scrubbed text in which a URL that may be shared stays."""
    return url.join(scrubbed(part) for part in text.split(url)) if url else scrubbed(text)


def _shareable(found: Diagnosis) -> Diagnosis:
    """The same with a request whose URL, path and headers may be shared: texts of fixes and code quote them."""
    ask = found.ask
    names = tuple((shared_name(name), "x") for name, _ in ask.headers)
    safe = replace(
        ask,
        url=shared_url(ask.url) if ask.url else "",
        path=shared_path(ask.path),
        stage=shared_path(ask.stage) if ask.stage else ask.stage,
        origin=shared_url(ask.origin),
        headers=tuple(header for header in names if header[0] != LEFT_OUT),
    )
    return replace(found, ask=safe)


def _cause(found: Diagnosis, lines: Lines) -> Iterator[str]:
    if found.root is None:
        yield f"* Cause: {'not known' if found.fails else 'none was found; the page may read the response'}"
        return
    suspects = found.suspects
    sure = {Certainty.CERTAIN: "certain", Certainty.LIKELY: "likely"}.get(found.certainty, "one of these")
    yield f"* Cause ({sure}): " + "; ".join(
        f"`{suspect.card.id}`: {suspect.card.what}" for suspect in suspects
    )
    for mask in found.masked_by:
        yield f"* Masked by `{mask.card.id}`: {mask.card.what}"
    title = "To tell them apart" if found.certainty is Certainty.AMBIGUOUS else "Fix"
    for kind, text in fixes(found):
        if kind != "code" or "\n" not in text:
            yield f"* {title}: {text}"
        elif not text.startswith(IN_THE_PAGE):
            yield from ("", "```", text, "```", "")
    seen = [_evidence(one, lines) for one in all_evidence(found) if one.place.layer is not Layer.LIVE]
    if seen:
        yield from ("", "Seen in the API's configuration:", "", *seen)


def _evidence(evidence: Evidence, lines: Lines) -> str:
    place = evidence.place
    line = lines.get((place.source, place.pointer))
    is_file = "/" in place.source and place.layer is Layer.STATIC
    source = PurePath(place.source).name if is_file else scrubbed(place.source)
    at = f"{source}{f':{line}' if line else ''} {scrubbed(place.pointer.replace('~1', '/'))}".rstrip()
    return f"* {at}: {scrubbed(evidence.observed)} (expected: {scrubbed(evidence.expected)})"


def _exchanges(exchanges: Iterable[Exchange]) -> Iterator[str]:
    every = list(exchanges)
    if every:
        yield from ("", "Requests that were sent:", "")
    for exchange in every:
        yield f"* {scrubbed(exchange.method)} {shared_url(exchange.url)}: {_outcome(exchange)}"
        asked = [name.strip() for name in exchange.sent.get(REQUEST_HEADERS, "").split(",") if name.strip()]
        sent = sorted({shared_name(name) for name in exchange.sent})
        yield f"  * sent: {', '.join(sent) or 'no header'}"
        if asked:
            yield f"  * asked for: {', '.join(map(shared_name, asked))}"
        for name in _SHOWN:
            value = exchange.answer.value(name) if exchange.answer else None
            if value is not None:
                yield f"  * {name}: {scrubbed(value)}"
        for name, value in request_ids(exchange):
            yield f"  * {name}: {value}"


def request_ids(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The ids by which API Gateway's logs name a request, as (header, id)."""
    for name in (*REQUEST_IDS, EXTENDED_REQUEST_ID):
        value = exchange.answer.value(name) if exchange.answer else None
        if value and _REQUEST_ID.fullmatch(value):
            yield name, value


def _outcome(exchange: Exchange) -> str:
    if exchange.answer is None:
        return f"no answer ({exchange.failure_text or 'not known why'})"
    kind = exchange.error_type if _ERROR_TYPE.fullmatch(exchange.error_type) else ""
    return f"{exchange.status} {kind}".strip() + f" after {exchange.milliseconds} ms"
