"""Allow-Origin, known by what the browser makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urlsplit

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    FETCH,
    MISSING,
    OTHER_ORIGIN,
    is_bare_error,
    refused_with,
)
from accountsctl.doctor.catalogue.fixes import parameters, preflight_headers
from accountsctl.doctor.catalogue.scene import Evidence, Reads, Scene, Shown
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_ORIGIN

cause = Causes()


def _repeated(shown: Shown) -> bool:
    """Two headers, or what a server before the browser made of two: a comma and a blank, and * or the same twice."""
    if shown.error != CorsError.MULTIPLE_ORIGINS:
        return False
    parts = ", ".join(shown.answer.values(ALLOW_ORIGIN)).split(", ")
    joined = len(parts) > 1 and (len(set(parts)) < len(parts) or "*" in parts)
    return joined or len(shown.answer.values(ALLOW_ORIGIN)) > 1


@cause(
    id="acao.duplicate",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Origin is in the response twice: two places set it (the code, a middleware, a proxy, "
    "the API).",
    browser="The header contains multiple values '*, *'",
    fix="Set the header in one place only.",
    source="powertools#4163",
    kind="code",
    reads=_repeated,
    sure=False,
    stays=lambda _: True,  # code may send it twice in ways that are not read
    zoo="tests/faults/zoo.py",
)
def _sent_by_both(scene: Scene) -> Iterator[Evidence]:
    """The two that set the header for a function URL: its configuration, and the code behind it."""
    cors, handler = scene.api.http_cors, scene.handler
    if scene.api.kind == ApiKind.FUNCTION_URL and cors is not None and handler is not None:
        yield Evidence(cors.place.of("origins"), f"AllowOrigins: {', '.join(cors.origins)}", "one of the two")
        sent = ", ".join(sorted(handler.allows or ("what it works out",)))
        yield Evidence(handler.place, f"the code sends {ALLOW_ORIGIN}: {sent}", "one of the two")


cause.add(
    id="acao.list",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Origin names several origins; it takes one.",
    browser="The header contains multiple values",
    fix="Compare the request's Origin with a list in the backend, and send back that one origin.",
    source="serverless#2476",
    reads=refused_with(CorsError.MULTIPLE_ORIGINS),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acao.null",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The page has no origin of the web: it is a file, a sandboxed frame or a data: URL (null), or an app's own "
    "page (file://, app://).",
    browser=f"{OTHER_ORIGIN} 'null'",
    fix="Serve the page from http or https; never allow null.",
    source=FETCH,
    kind="code",
    reads=lambda shown: shown.ask.origin in ("null", "file://") and shown.error == CorsError.ORIGIN_MISMATCH,
    zoo="tests/faults/zoo.py",
)


def _pattern(shown: Shown) -> bool:
    wild = "*" in shown.value and shown.value.strip("'\"") != "*"
    return wild and shown.error in (CorsError.ORIGIN_MISMATCH, CorsError.INVALID_ORIGIN)


cause.add(
    id="acao.pattern",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Origin takes no patterns: https://*.example.com is compared letter by letter.",
    browser=f"{OTHER_ORIGIN}, or: is invalid",
    fix="Compare the request's Origin with a list in the backend, and send back that one origin.",
    source=FETCH,
    reads=_pattern,
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acao.invalid",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Origin is not a valid origin: quotes that were sent, no scheme, true, or empty.",
    browser="The header contains the invalid value",
    fix="Send an origin such as https://app.example.com, or *, without quotes around it.",
    source=FETCH,
    reads=refused_with(CorsError.INVALID_ORIGIN),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


def _same(theirs: SplitResult, ours: SplitResult) -> bool:
    return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def _is_of_other_origin(shown: Shown) -> bool:
    """Whether the value names another origin, and not because a cache gave what another origin got."""
    return shown.error == CorsError.ORIGIN_MISMATCH and not shown.is_from_cache


def _mismatch(differs: Callable[[SplitResult, SplitResult], bool]) -> Reads:
    """Whether the value is an origin that differs from the page's in one thing."""
    return lambda shown: (
        _is_of_other_origin(shown)
        and is_url(shown.value)
        and is_url(shown.ask.origin)
        and differs(urlsplit(shown.value), urlsplit(shown.ask.origin))
    )


cause.add(
    id="acao.trailing-slash",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The allowed origin ends with a slash; an origin has none.",
    browser=OTHER_ORIGIN,
    fix="Remove the slash.",
    source=FETCH,
    reads=_mismatch(lambda theirs, ours: bool(theirs.path) and _same(theirs, ours)),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acao.scheme",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The allowed origin has another scheme than the page.",
    browser=OTHER_ORIGIN,
    fix="Allow the scheme that the page has.",
    source=FETCH,
    reads=_mismatch(lambda theirs, ours: theirs.scheme != ours.scheme and theirs.hostname == ours.hostname),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


def _host(parts: SplitResult) -> tuple[str, str]:
    """Scheme and host as written: upper case is another host."""
    return parts.scheme, parts.netloc.partition(":")[0]


cause.add(
    id="acao.port",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The allowed origin has another port than the page; a default port is never written.",
    browser=OTHER_ORIGIN,
    fix="Allow the port that the page has, and none where it is the scheme's own.",
    source=FETCH,
    reads=_mismatch(lambda theirs, ours: _host(theirs) == _host(ours) and theirs.netloc != ours.netloc),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acao.host",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The allowed origin is another host: www or not, localhost or 127.0.0.1, upper case, another site.",
    browser=OTHER_ORIGIN,
    fix="Allow the page's origin exactly as the browser sends it.",
    source=FETCH,
    reads=_is_of_other_origin,
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


def _bare_success(shown: Shown) -> bool:
    return shown.is_bare_response and shown.answer.status < 400


cause.add(
    id="acao.missing-actual",
    stage=RequestStage.ACTUAL_HEADERS,
    what="The application (the function) answers well, but without Access-Control-Allow-Origin; with a proxy "
    "integration nothing else adds it.",
    browser=MISSING,
    fix="Return Access-Control-Allow-Origin from the application, in every answer.",
    source="API Gateway Developer Guide, CORS; amplify-js#223",
    kind="code",
    reads=_bare_success,
    zoo="tests/faults/zoo.py",
)


def _bare_error(shown: Shown) -> bool:
    """Whether an error has no header, and the function is what has to send it."""
    return is_bare_error(shown) and shown.kind != ApiKind.HTTP


@cause(
    id="acao.missing-error-path",
    stage=RequestStage.ACTUAL_HEADERS,
    what="The application (the function) sends Access-Control-Allow-Origin when it succeeds, and not when it fails.",
    browser=MISSING,
    fix="Build every answer with one helper that adds the headers, errors included; in a framework, put CORS before "
    "what may fail (its first middleware). The error itself is still to be fixed.",
    source="serverless#2099",
    kind="code",
    reads=_bare_error,
    sure=False,
    zoo="tests/faults/zoo.py",
)
def _bare_errors(scene: Scene) -> Iterator[Evidence]:
    handler = None if scene.preflight else scene.handler
    if handler is not None and handler.bare_errors is not None and scene.api.http_cors is None:
        yield Evidence(
            handler.bare_errors, "an error is returned without Access-Control-Allow-Origin", "with it"
        )


cause.add(
    id="acah.star-authorization",
    stage=RequestStage.NOTE,
    what="By the standard * in Allow-Headers does not cover Authorization; today's browsers accept it.",
    browser="nothing today",
    fix="List Authorization by name.",
    source="whatwg/fetch#1919; measured",
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/facts_and_answers.py",
)


cause.add(
    id="expose.missing",
    stage=RequestStage.NOTE,
    what="A header that the client reads is not in Access-Control-Expose-Headers, and reads as null.",
    browser="nothing: the header is null",
    fix="Add it, x-amzn-ErrorType first: it tells a page why it was refused.",
    source="amplify-cli b35cbda1a5",
)


@cause(
    id="acao.vary",
    stage=RequestStage.NOTE,
    what="An origin is echoed without Vary: Origin, so a cache may give one site's answer to another.",
    browser=f"now and then: {OTHER_ORIGIN}",
    fix="Send Vary: Origin, and key caches by Origin.",
    source="serverless-iiif#111, expressjs/cors#106",
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _kept(scene: Scene) -> Iterator[Evidence]:
    """An origin that is echoed without Vary, where something keeps answers on their way."""
    handler = None if scene.preflight else scene.handler
    if handler is None or not handler.computed or handler.varies:
        return
    kept = [stage.place for stage in scene.api.stages.values() if stage.cached]
    kept += [distribution.place for distribution in scene.api.distributions if distribution.caches]
    for place in kept[:1]:
        yield Evidence(place, "answers are kept, and the code echoes the origin without Vary", "Vary: Origin")
