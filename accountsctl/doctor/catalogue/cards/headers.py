"""The CORS headers' values, known by what the browser makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urlsplit

from accountsctl.doctor.catalogue.card import Card, Evidence, Reads, Scene, Shown, Stage
from accountsctl.doctor.catalogue.simulate import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
)

SAFELISTED = frozenset({"accept", "accept-language", "content-language", "range"})
FETCH = "Fetch standard; measured in Chromium"


def _code(*codes: str) -> Reads:
    """True for these codes, on the preflight or the actual answer."""
    return lambda shown: shown.code in codes


def _refused(fits: Callable[[str], bool]) -> Reads:
    """True where the preflight does not allow a header of such a name."""
    return lambda shown: shown.code == "HeaderDisallowedByPreflightResponse" and fits(shown.value)


def _mismatch(differs: Callable[[SplitResult, SplitResult], bool]) -> Reads:
    """True where the value is an origin that differs from the page's in one thing."""
    return lambda shown: (
        shown.code == "AllowOriginMismatch" and differs(urlsplit(shown.value), urlsplit(shown.ask.origin))
    )


def _listed(shown: Shown) -> list[str]:
    methods = shown.code.startswith("Method")
    name = ALLOW_METHODS if methods else ALLOW_HEADERS
    return [each.strip() for each in (shown.answer.value(name) or "").split(",")]


def _star_credentials(shown: Shown) -> bool:
    codes = ("HeaderDisallowedByPreflightResponse", "MethodDisallowedByPreflightResponse")
    return shown.ask.credentials and shown.code in codes and "*" in _listed(shown)


def _case(shown: Shown) -> bool:
    if shown.code != "MethodDisallowedByPreflightResponse":
        return False
    return shown.value != shown.value.upper() or shown.value.lower() in {
        each.lower() for each in _listed(shown)
    }


def _pattern(shown: Shown) -> bool:
    wild = "*" in shown.value and shown.value.strip("'\"") != "*"
    return wild and shown.code in ("AllowOriginMismatch", "InvalidAllowOriginValue")


def _wildcard(shown: Shown) -> bool:
    return shown.code == "WildcardOriginNotAllowed"


def _several(shown: Shown) -> bool:
    return shown.code == "MultipleAllowOriginValues"


def _repeated(shown: Shown) -> bool:
    return _several(shown) and len(shown.answer.values(ALLOW_ORIGIN)) > 1


def _allows_credentials(shown: Shown) -> bool:
    return _wildcard(shown) and shown.answer.value(ALLOW_CREDENTIALS) == "true"


def _same(theirs: SplitResult, ours: SplitResult) -> bool:
    return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def _host(parts: SplitResult) -> tuple[str, str]:
    """Scheme and host as written: upper case is another host."""
    return parts.scheme, parts.netloc.partition(":")[0]


def _bare_success(shown: Shown) -> bool:
    return shown.verdict.code == "MissingAllowOriginHeader" and shown.answer.status < 400


def _bare_error(shown: Shown) -> bool:
    return shown.verdict.code == "MissingAllowOriginHeader" and shown.answer.status >= 400


def _bare_errors(scene: Scene) -> Iterator[Evidence]:
    handler = scene.function.handler if scene.function and not scene.preflight else None
    if handler is not None and handler.bare_errors is not None and scene.api.http_cors is None:
        yield Evidence(
            handler.bare_errors, "an error is returned without Access-Control-Allow-Origin", "with it"
        )


def _kept(scene: Scene) -> Iterator[Evidence]:
    """An origin that is echoed without Vary, where something keeps answers on their way."""
    handler = scene.function.handler if scene.function and not scene.preflight else None
    if handler is None or not handler.computed or handler.varies:
        return
    kept = [each.place for each in scene.api.stages.values() if each.cached]
    kept += [each.place for each in scene.api.distributions if each.caches]
    for place in kept[:1]:
        yield Evidence(place, "answers are kept, and the code echoes the origin without Vary", "Vary: Origin")


CARDS = (
    Card(
        "client.acao-request-header",
        Stage.PREFLIGHT_HEADERS,
        "The client sends Access-Control-Allow-Origin as a request header, where it does nothing but harm.",
        "Request header field access-control-allow-origin is not allowed",
        "Remove the header from the client's code: it belongs into answers.",
        "serverless#4037",
        kind="code",
        reads=_refused(lambda name: name.startswith("access-control-")),
    ),
    Card(
        "client.json-content-type",
        Stage.PREFLIGHT_HEADERS,
        "Content-Type: application/json makes the request one with a preflight, which does not allow the header.",
        "Request header field content-type is not allowed",
        "Add Content-Type to Access-Control-Allow-Headers.",
        FETCH,
        reads=_refused(lambda name: name == "content-type"),
    ),
    Card(
        "client.header-nonascii",
        Stage.PREFLIGHT_HEADERS,
        "A value over 128 bytes or with unsafe bytes makes a safelisted header one that must be allowed.",
        "Request header field accept is not allowed",
        "Shorten or clean the header's value in the client.",
        FETCH,
        kind="code",
        reads=_refused(lambda name: name in SAFELISTED),
    ),
    Card(
        "acah.star-credentials",
        Stage.PREFLIGHT_HEADERS,
        "With credentials, * in Allow-Headers or Allow-Methods is an ordinary name and allows nothing.",
        "Request header field ... is not allowed, or: Method ... is not allowed",
        "List the names, or send no credentials: a bearer token needs none.",
        FETCH,
        reads=_star_credentials,
    ),
    Card(
        "acah.authorization",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Headers lacks Authorization.",
        "Request header field authorization is not allowed",
        "Add Authorization to Access-Control-Allow-Headers.",
        "API Gateway Developer Guide, CORS",
        reads=_refused(lambda name: name == "authorization"),
    ),
    Card(
        "acah.custom",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Headers lacks a header that the client sends.",
        "Request header field ... is not allowed",
        "Add the header to Access-Control-Allow-Headers.",
        "category-api#519, sam-cli#2287",
        reads=_code("HeaderDisallowedByPreflightResponse"),
    ),
    Card(
        "acam.case",
        Stage.PREFLIGHT_HEADERS,
        "Methods are compared letter by letter: put is not PUT, and fetch upper-cases no patch.",
        "Method ... is not allowed",
        "Upper-case it, in Allow-Methods and in the client.",
        FETCH,
        reads=_case,
    ),
    Card(
        "acam.missing",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Methods lacks the method.",
        "Method ... is not allowed",
        "Add the method to Access-Control-Allow-Methods.",
        FETCH,
        reads=_code("MethodDisallowedByPreflightResponse"),
    ),
    Card(
        "list.malformed",
        Stage.PREFLIGHT_HEADERS,
        "Allow-Methods or Allow-Headers is no list of names with commas.",
        "Cannot parse Access-Control-Allow-Methods (or -Headers) response header field",
        "Separate the names by commas; no semicolons, no second quotes.",
        FETCH,
        reads=_code("InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse"),
    ),
    Card(
        "acao.wildcard-credentials",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Origin is * and Allow-Credentials is true: never both.",
        "The value must not be the wildcard '*' when the request's credentials mode is 'include'",
        "Echo the one origin and send Vary: Origin, or drop credentials.",
        FETCH,
        reads=_allows_credentials,
    ),
    Card(
        "client.credentials",
        Stage.PREFLIGHT_HEADERS,
        "The client sends credentials: 'include', though the API takes a bearer token and allows any origin.",
        "The value must not be the wildcard '*' when the request's credentials mode is 'include'",
        "credentials: 'omit' (or nothing) in the client.",
        FETCH,
        kind="code",
        reads=_wildcard,
    ),
    Card(
        "acac.not-true",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Credentials is not exactly true.",
        "The value of the 'Access-Control-Allow-Credentials' header must be 'true'",
        "Send exactly true, on both answers.",
        FETCH,
        reads=_code("InvalidAllowCredentials"),
    ),
    Card(
        "acao.duplicate",
        Stage.PREFLIGHT_HEADERS,
        "Two layers send Access-Control-Allow-Origin, and the browser sees both.",
        "The header contains multiple values '*, *'",
        "Remove it from one of them.",
        "powertools#4163",
        kind="code",
        reads=_repeated,
    ),
    Card(
        "acao.list",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Origin names several origins; it takes one.",
        "The header contains multiple values",
        "Answer the one that asks, from a list.",
        "serverless#2476",
        reads=_several,
    ),
    Card(
        "acao.null",
        Stage.PREFLIGHT_HEADERS,
        "The page's origin is null: a sandboxed frame, a file or a data: URL.",
        "The header has a value that is not equal to the supplied origin 'null'",
        "Serve the page from http or https; never allow null.",
        FETCH,
        kind="code",
        reads=lambda shown: shown.ask.origin == "null" and shown.code == "AllowOriginMismatch",
    ),
    Card(
        "acao.pattern",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Origin knows no patterns: https://*.example.com is compared letter by letter.",
        "The header has a value that is not equal to the supplied origin, or: is invalid",
        "Answer the one that asks, from a list.",
        FETCH,
        reads=_pattern,
    ),
    Card(
        "acao.invalid",
        Stage.PREFLIGHT_HEADERS,
        "Access-Control-Allow-Origin is no origin: quotes that were sent, no scheme, true, or empty.",
        "The header contains the invalid value",
        "Send an origin such as https://app.example.com, or *; quotes belong into mapping expressions only.",
        FETCH,
        reads=_code("InvalidAllowOriginValue"),
    ),
    Card(
        "acao.trailing-slash",
        Stage.PREFLIGHT_HEADERS,
        "The allowed origin ends with a slash; an origin has none.",
        "The header has a value that is not equal to the supplied origin",
        "Remove the slash.",
        FETCH,
        reads=_mismatch(lambda theirs, ours: bool(theirs.path) and _same(theirs, ours)),
    ),
    Card(
        "acao.scheme",
        Stage.PREFLIGHT_HEADERS,
        "The allowed origin has another scheme than the page.",
        "The header has a value that is not equal to the supplied origin",
        "Allow the scheme that the page has.",
        FETCH,
        reads=_mismatch(
            lambda theirs, ours: theirs.scheme != ours.scheme and theirs.hostname == ours.hostname
        ),
    ),
    Card(
        "acao.port",
        Stage.PREFLIGHT_HEADERS,
        "The allowed origin has another port than the page; a default port is never written.",
        "The header has a value that is not equal to the supplied origin",
        "Allow the port that the page has, and none where it is the scheme's own.",
        FETCH,
        reads=_mismatch(lambda theirs, ours: _host(theirs) == _host(ours) and theirs.netloc != ours.netloc),
    ),
    Card(
        "acao.host",
        Stage.PREFLIGHT_HEADERS,
        "The allowed origin is another host: www or not, localhost or 127.0.0.1, upper case, another site.",
        "The header has a value that is not equal to the supplied origin",
        "Allow the page's origin exactly as the browser sends it.",
        FETCH,
        reads=_code("AllowOriginMismatch"),
    ),
    Card(
        "acao.missing-actual",
        Stage.ACTUAL_HEADERS,
        "The function answers well, but without Access-Control-Allow-Origin; behind a proxy integration it must.",
        "No 'Access-Control-Allow-Origin' header is present on the requested resource",
        "Return the header from the function, on every answer.",
        "API Gateway Developer Guide, CORS; amplify-js#223",
        kind="code",
        reads=_bare_success,
    ),
    Card(
        "acao.missing-error-path",
        Stage.ACTUAL_HEADERS,
        "The function sends Access-Control-Allow-Origin when it succeeds, and not when it fails.",
        "No 'Access-Control-Allow-Origin' header is present on the requested resource",
        "One helper for every answer of the function, errors included.",
        "serverless#2099",
        kind="code",
        check=_bare_errors,
        reads=_bare_error,
        sure=False,
    ),
    Card(
        "acah.star-authorization",
        Stage.NOTE,
        "Allow-Headers * does not cover Authorization by the standard; today's engines take it all the same.",
        "nothing today",
        "List Authorization by name.",
        "whatwg/fetch#1919; measured",
    ),
    Card(
        "expose.missing",
        Stage.NOTE,
        "A header that the client reads is not in Access-Control-Expose-Headers, and reads as null.",
        "nothing: the header is null",
        "Add it, x-amzn-ErrorType first: it tells a page why it was refused.",
        "amplify-cli b35cbda1a5",
    ),
    Card(
        "acao.vary",
        Stage.NOTE,
        "An origin is echoed without Vary: Origin, so a cache may give one site's answer to another.",
        "now and then: The header has a value that is not equal to the supplied origin",
        "Send Vary: Origin, and key caches by Origin.",
        "serverless-iiif#111, expressjs/cors#106",
        kind="code",
        check=_kept,
    ),
)
