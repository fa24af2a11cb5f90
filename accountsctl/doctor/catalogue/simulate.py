"""What an API answers, worked out from its configuration: the model that the browser's judge is asked about.

    expected(scene)           -> the answer when nothing refuses, None if the layer does not tell
    refused(scene, refusal)   -> the answer when the gateway refuses: its gateway responses included

Mapping expressions are as in the template: ``'*'`` is a literal, ``method.request.header.Origin`` the page's origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.buckets import bucket_answer
from accountsctl.doctor.catalogue.distributions import distribution_answer, passed_on
from accountsctl.doctor.catalogue.scene import Refusal, Scene
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import (
    Api,
    GatewayResponse,
    HttpCors,
    Integration,
    IntegrationResponse,
    Method,
)
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.unknown import either, is_unknown, may_be, placeholder, possible_texts
from accountsctl.model.api_gateway import PROXIES, ApiKind, IntegrationType
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN
from accountsctl.model.http_methods import ANY, METHODS

EVERY_METHOD = ",".join(sorted(METHODS))
WORKED_OUT = re.compile(
    r"(?:integration\.response\.(?:header|multivalueheader|body)|stageVariables|context)\."
)
"""What a mapping takes from the integration's response or the call, which no template tells."""
ELSEWHERE = "${GatewayResponse}"
"""The value of a header that a gateway response in another stack may give."""
ALLOWED_ELSEWHERE = "${AllowOrigins}"
"""The origin that an HTTP API sends back if its list may have the page's."""
STATUS_CODE = re.compile(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})\b""")


def refused(scene: Scene, refusal: Refusal) -> FetchResponse:
    """The answer of a gateway that refuses, with the headers of its gateway responses and those of CloudFront."""
    answer = _refused(scene, refusal)
    return passed_on(scene, answer) or answer


def _refused(scene: Scene, refusal: Refusal) -> FetchResponse:
    said: list[tuple[str, str]] = []
    if refusal.error_type:
        said.append(("x-amzn-ErrorType", refusal.error_type))
    if refusal.bare:
        return FetchResponse(refusal.status, tuple(said))
    cors = scene.api.http_cors
    if scene.api.kind == ApiKind.HTTP and cors is not None and not scene.api.imported:
        # It adds the headers of its configuration to its own refusals too, and has no gateway responses.
        return FetchResponse(refusal.status, (*said, *_configured(scene, cors)))
    if not refusal.error_type:
        headers = _configured(scene, cors) if cors else application_headers(scene, refusal.status)
        return FetchResponse(refusal.status, (*said, *headers))
    response = gateway_response(scene.api, refusal)
    if has_headers_elsewhere(scene.api, refusal):
        return FetchResponse(refusal.status, (*said, *_not_in_this_file(scene.ask)))
    status = response.status if response and response.status else refusal.status
    headers = mapped(response.headers, scene.ask.origin) if response else ()
    return FetchResponse(status, (*said, *headers))


def gateway_response(api: Api, refusal: Refusal) -> GatewayResponse | None:
    """The customised response that applies: the type's own replaces its family's default altogether."""
    if not refusal.type:
        return None
    family = "DEFAULT_4XX" if refusal.status < 500 else "DEFAULT_5XX"
    return api.responses.get(refusal.type) or api.responses.get(family)


def has_headers_elsewhere(api: Api, refusal: Refusal) -> bool:
    """Whether what gives a refusal its CORS headers stands with the API in another stack.

    It is a gateway response of a REST API, and the CORS configuration of an HTTP API.
    """
    if api.kind == ApiKind.HTTP:
        return api.imported
    return api.responses_elsewhere and bool(refusal.type) and gateway_response(api, refusal) is None


def _not_in_this_file(ask: PageRequest) -> Headers:
    """The headers of a gateway response that is not known: neither that it has them nor that it lacks them."""
    names = (ALLOW_ORIGIN, *((ALLOW_CREDENTIALS,) if ask.credentials else ()))
    return tuple((name, ELSEWHERE) for name in names)


def expected(scene: Scene) -> FetchResponse | None:
    """The answer when nothing refuses, as it reaches the page; None if this layer does not tell."""
    if scene.api.bucket is not None:
        return bucket_answer(scene, scene.api.bucket)
    if not scene.api.is_api:
        return distribution_answer(scene)
    return passed_on(scene, _answered(scene))


def _answered(scene: Scene) -> FetchResponse | None:
    """What the API itself answers."""
    if scene.api.http_cors is not None:
        return _http_answer(scene, scene.api.http_cors)
    method, integration = scene.method, scene.integration
    if method is None or integration is None or is_unknown(integration.type):
        return None
    if integration.type in PROXIES:
        return _proxied(scene)
    response = chosen(integration)
    if response is None or not response.status.isdigit():
        return None
    return FetchResponse(int(response.status), _mapped_response(method, response, scene.ask.origin))


def _http_answer(scene: Scene, cors: HttpCors) -> FetchResponse:
    """The configuration gives the headers of every response, and the function's own are dropped."""
    said = _configured(scene, cors)
    # A function URL keeps those too: docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html, powertools#4163.
    keeps = scene.api.kind == ApiKind.FUNCTION_URL and not scene.preflight
    if keeps and said and scene.handler is not None and not scene.handler.computed:
        said = (*said, *application_headers(scene, 200))
    return FetchResponse(204 if scene.answered_by_configuration else 200, said)


def _configured(scene: Scene, cors: HttpCors) -> Headers:
    """The headers that an HTTP API's CORS configuration adds; none for an origin that it does not list."""
    unknown = possible_origins(cors, scene.ask.origin)
    listed = allows_origin(cors, scene.ask.origin)
    if not listed and not unknown:
        return ()
    said = [(ALLOW_ORIGIN, "*" if "*" in cors.origins else scene.ask.origin if listed else ALLOWED_ELSEWHERE)]
    if cors.credentials:
        said.append((ALLOW_CREDENTIALS, "true"))
    if scene.preflight:
        said += [(ALLOW_METHODS, ",".join(cors.methods).upper()), (ALLOW_HEADERS, ",".join(cors.headers))]
    return tuple(header for header in said if header[1])


def _proxied(scene: Scene) -> FetchResponse | None:
    """A function's own answer, as far as its source tells."""
    handler = scene.handler
    if handler is None or (handler.allows is None and not handler.computed):
        return None
    if scene.preflight and (handler.handles_options is None or _may_have_options_elsewhere(scene)):
        return None
    return FetchResponse(status := handler.status or 200, application_headers(scene, status))


def _may_have_options_elsewhere(scene: Scene) -> bool:
    """Whether ANY takes OPTIONS as far as is known, and a method for it may stand in another stack."""
    return scene.api.partial and scene.method is not None and scene.method.verb == ANY


def application_headers(scene: Scene, status: int) -> Headers:
    """The CORS headers of a function's answer; none where its source does not tell."""
    handler = scene.handler
    if handler is None:
        return ()
    origin = allowed_by(handler, scene.ask.origin)
    if origin is None or (status >= 400 and handler.bare_errors is not None):
        return ()
    said = [(ALLOW_ORIGIN, origin)]
    if scene.preflight:
        said += [
            (ALLOW_METHODS, _or_right(handler.allow_methods, EVERY_METHOD)),
            (ALLOW_HEADERS, _or_right(handler.allow_headers, requested(scene.ask))),
        ]
    if scene.ask.credentials and (origin != "*" or handler.allow_credentials):
        said.append((ALLOW_CREDENTIALS, _or_right(handler.allow_credentials, "true")))
    return tuple(header for header in said if header[1])


def _or_right(stated: str | None, right: str) -> str:
    """What code states for a header; if it does not tell, it is taken to be right."""
    return right if stated is None else stated


def allowed_by(handler: FunctionHandler, origin: str) -> str | None:
    """What a function says of an origin; None if it says nothing. A computed value is taken to be right."""
    allows = handler.allows or frozenset()
    if handler.computed or origin in allows:
        return origin
    return "*" if "*" in allows else min(allows, default=None)


def requested(ask: PageRequest) -> str:
    """The headers that a page asks for, as a list of Access-Control-Allow-Headers."""
    return ",".join(sorted(ask.names()))


def mock_status(integration: Integration) -> int | None:
    """The status that a MOCK's request template gives; None if it gives none."""
    found = STATUS_CODE.search(integration.templates.get("application/json", ""))
    return int(found.group(1)) if found else None


def chosen(integration: Integration) -> IntegrationResponse | None:
    """The integration response that answers a call that went well: the first whose pattern fits, else the default."""
    # Of a function the pattern is compared with its error; of a service or an HTTP backend with the status.
    by_status = integration.type in (IntegrationType.MOCK, "HTTP") or ":lambda:" not in integration.uri
    status = str(mock_status(integration) or 200) if by_status else ""
    for response in integration.responses:
        if response.pattern and status and re.fullmatch(response.pattern, status):
            return response
    return next((stated for stated in integration.responses if not stated.pattern), None)


def _mapped_response(method: Method, response: IntegrationResponse, origin: str) -> Headers:
    declared = method.declared.get(response.status) if method.declared is not None else None
    kept = {name: value for name, value in response.headers.items() if declared is None or name in declared}
    integration = method.integration
    if integration is not None and integration.type != IntegrationType.MOCK:
        kept = {name: f"${{{value}}}" if WORKED_OUT.match(value) else value for name, value in kept.items()}
    said = dict(mapped(kept, origin))
    for name, value in response.computed.items():
        found = value.value_for(origin) if isinstance(value, ReflectedOrigin) else value
        said.pop(name, None)
        if found is not None:
            said[name] = found
    return tuple(said.items())


def mapped(headers: Mapping[str, str], origin: str) -> Headers:
    """The headers of mapping expressions; one that is neither a literal nor a known expression gives nothing."""
    return tuple(
        (name, value) for name, header in headers.items() if (value := literal(header, origin)) is not None
    )


def literal(expression: str, origin: str) -> str | None:
    """What a mapping expression gives; None if it gives nothing."""
    if len(expression) >= 2 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    if is_unknown(expression):
        texts = possible_texts(expression)
        if not texts:
            return expression.strip("'")
        unquoted = [text[1:-1] if text[:1] == "'" else None for text in texts]
        return either("A value", unquoted) or placeholder("A value")
    if reflects_origin(expression):
        return origin
    return None


def reflects_origin(expression: str) -> bool:
    """Whether a mapping expression sends the request's Origin back, whichever it is."""
    return expression.lower() in ("method.request.header.origin", "context.request.header.origin")


def allows_origin(cors: HttpCors, origin: str) -> bool:
    """Whether an HTTP API's list names an origin, or all, or all of its scheme (``https://*``)."""
    return any(value in cors.origins for value in _allowing(origin))


def possible_origins(cors: HttpCors, origin: str) -> list[str]:
    """The values of an HTTP API's list that only the deployment knows, and that may allow an origin."""
    allowing = _allowing(origin)
    return [one for one in cors.origins if is_unknown(one) and any(may_be(one, value) for value in allowing)]


def _allowing(origin: str) -> tuple[str, ...]:
    return origin, "*", f"{origin.partition('://')[0]}://*"


def ideal(ask: PageRequest, preflight: bool) -> FetchResponse:
    """An answer that any browser takes: what is there once a cause is cured by adding a whole method."""
    said = [(ALLOW_ORIGIN, ask.origin), (ALLOW_CREDENTIALS, "true")]
    if preflight:
        said += [(ALLOW_METHODS, f"{EVERY_METHOD},{ask.method}"), (ALLOW_HEADERS, requested(ask))]
    return FetchResponse(204 if preflight else 200, tuple(said))


def with_header(answer: FetchResponse, name: str, value: str) -> FetchResponse:
    """The answer with a header in place of its own of that name."""
    return FetchResponse(answer.status, (*without_header(answer.headers, name), (name, value)))


def without_header(headers: Iterable[tuple[str, str]], name: str) -> Headers:
    """Headers without one of them."""
    return tuple(header for header in headers if header[0].lower() != name)
