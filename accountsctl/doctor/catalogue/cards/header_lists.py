"""Allow-Headers, Allow-Methods and Allow-Credentials, known by what the browser makes of them."""

from __future__ import annotations

from collections.abc import Callable

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import FETCH, STAR_WITH_CREDENTIALS, refused_with
from accountsctl.doctor.catalogue.fixes import parameters, preflight_headers
from accountsctl.doctor.catalogue.scene import Reads, Shown
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS

cause = Causes()
SAFELISTED = frozenset({"accept", "accept-language", "content-language", "range"})


def _refused(fits: Callable[[str], bool]) -> Reads:
    """Whether the preflight does not allow a header of such a name."""
    return lambda shown: shown.error == CorsError.HEADER_DISALLOWED and fits(shown.value)


cause.add(
    id="client.acao-request-header",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The client sends Access-Control-Allow-Origin with its request. It is a header of responses, and the API "
    "does not allow it.",
    browser="Request header field access-control-allow-origin is not allowed",
    fix="Remove the header from the client's code: it is for responses only.",
    source="serverless#4037",
    kind="code",
    reads=_refused(lambda name: name.startswith("access-control-")),
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="client.json-content-type",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Content-Type: application/json requires a preflight, and the API's response to that does not "
    "allow the header.",
    browser="Request header field content-type is not allowed",
    fix="Add Content-Type to Access-Control-Allow-Headers.",
    source=FETCH,
    reads=_refused(lambda name: name == "content-type"),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="client.header-nonascii",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="A header that normally needs no preflight has a value over 128 bytes or with special characters,"
    " so it must be allowed by name.",
    browser="Request header field accept is not allowed",
    fix="Shorten or clean the header's value in the client.",
    source=FETCH,
    kind="code",
    reads=_refused(lambda name: name in SAFELISTED),
    zoo="tests/faults/zoo.py",
)


def _listed(shown: Shown) -> list[str]:
    name = ALLOW_METHODS if shown.error == CorsError.METHOD_DISALLOWED else ALLOW_HEADERS
    return [part.strip() for part in (shown.answer.value(name) or "").split(",")]


def _star_credentials(shown: Shown) -> bool:
    disallowed = (CorsError.HEADER_DISALLOWED, CorsError.METHOD_DISALLOWED)
    return shown.ask.credentials and shown.error in disallowed and "*" in _listed(shown)


cause.add(
    id="acah.star-credentials",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="With credentials, * in Allow-Headers or Allow-Methods does not mean everything: it is compared "
    "as a name.",
    browser="Request header field ... is not allowed, or: Method ... is not allowed",
    fix="List the names, or send no credentials: a bearer token needs none.",
    source=FETCH,
    reads=_star_credentials,
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acah.authorization",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Headers lacks Authorization.",
    browser="Request header field authorization is not allowed",
    fix="Add Authorization to Access-Control-Allow-Headers.",
    source="API Gateway Developer Guide, CORS",
    reads=_refused(lambda name: name == "authorization"),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acah.custom",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Headers lacks a header that the client sends.",
    browser="Request header field ... is not allowed",
    fix="Add the header to Access-Control-Allow-Headers.",
    source="category-api#519, sam-cli#2287",
    reads=refused_with(CorsError.HEADER_DISALLOWED),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_headers,
    zoo="tests/faults/zoo.py",
)


def _case(shown: Shown) -> bool:
    if shown.error != CorsError.METHOD_DISALLOWED:
        return False
    return shown.value != shown.value.upper() or shown.value.lower() in {
        header.lower() for header in _listed(shown)
    }


cause.add(
    id="acam.case",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Methods are compared letter by letter: put is not PUT, and fetch does not turn patch into PATCH.",
    browser="Method ... is not allowed",
    fix="Write the method in upper case, in Allow-Methods and in the client.",
    source=FETCH,
    reads=_case,
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acam.missing",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Methods lacks the method.",
    browser="Method ... is not allowed",
    fix="Add the method to Access-Control-Allow-Methods.",
    source=FETCH,
    reads=refused_with(CorsError.METHOD_DISALLOWED),
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="list.malformed",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Allow-Methods or Allow-Headers is not a comma-separated list of names.",
    browser="Cannot parse Access-Control-Allow-Methods (or -Headers) response header field",
    fix="Separate the names by commas; no semicolons, no second quotes.",
    source=FETCH,
    reads=refused_with(CorsError.INVALID_ALLOW_METHODS, CorsError.INVALID_ALLOW_HEADERS),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_headers,
    zoo="tests/faults/zoo.py",
)


def _allows_credentials(shown: Shown) -> bool:
    return shown.error == CorsError.WILDCARD_ORIGIN and shown.answer.value(ALLOW_CREDENTIALS) == "true"


cause.add(
    id="acao.wildcard-credentials",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Origin is *, which browsers refuse for a request with credentials, "
    "whatever Allow-Credentials says.",
    browser=STAR_WITH_CREDENTIALS,
    fix="Send back the page's own origin with Vary: Origin and Allow-Credentials: true, or send no credentials.",
    source=FETCH,
    reads=_allows_credentials,
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="client.credentials",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The client sends credentials: 'include', though the API takes a bearer token and allows any origin.",
    browser=STAR_WITH_CREDENTIALS,
    fix="Leave credentials out of the call: no credentials: 'include' (XMLHttpRequest, axios, Angular: no "
    "withCredentials).",
    source=FETCH,
    kind="code",
    reads=refused_with(CorsError.WILDCARD_ORIGIN),
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="acac.not-true",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="Access-Control-Allow-Credentials is not exactly true.",
    browser="The value of the 'Access-Control-Allow-Credentials' header must be 'true'",
    fix="Send exactly true, in the response to the preflight and in that to the request.",
    source=FETCH,
    reads=refused_with(CorsError.INVALID_ALLOW_CREDENTIALS),
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
)
