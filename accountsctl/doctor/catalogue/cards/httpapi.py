"""HTTP APIs (API Gateway v2): their CORS configuration answers, or sends no CORS headers.

An allow-list in a REST API's response template behaves in the same way, so it shares the cause.
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.console import NOT_OK
from accountsctl.doctor.browser.fetch import SAFE_METHODS
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    MISSING,
    MISSING_ON_PREFLIGHT,
    is_bare_error,
    may_let_preflight_in,
)
from accountsctl.doctor.catalogue.fixes import apis, parameters
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown
from accountsctl.doctor.catalogue.simulate import allows_origin, chosen, possible_origins
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.unknown import NOT_NAMED
from accountsctl.model.api_gateway import ApiKind, AuthorizationType
from accountsctl.model.cors_headers import ALLOW_ORIGIN
from accountsctl.model.http_methods import ANY

cause = Causes()


@cause(
    id="httpapi.default-route",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="A $default route, or a route for ANY, takes OPTIONS too, and its authorizer refuses it, "
    "with or without a CORS configuration.",
    browser=f"{MISSING_ON_PREFLIGHT}, or: {NOT_OK}",
    fix="Add a route OPTIONS /{proxy+} without an authorizer, with the same integration.",
    source="API Gateway Developer Guide, CORS for HTTP APIs; sst#5493",
    refusals=(said.HTTP_UNAUTHORIZED, said.HTTP_FORBIDDEN),
    edit=apis.add_open_options_route,
    zoo="tests/faults/outside_rest_apis.py",
)
def _default_route(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.api.kind != ApiKind.HTTP or not scene.preflight or method is None or method.verb != ANY:
        return
    if scene.api.partial:
        return
    if method.authorization != AuthorizationType.NONE and not may_let_preflight_in(scene):
        route = scene.route if scene.route == "$default" else f"ANY {scene.route}"
        yield Evidence(
            method.place.of("authorization"),
            f"{route} takes OPTIONS with {method.authorization}",
            "a route OPTIONS /{proxy+} without an authorizer",
        )


def _not_in_template(scene: Scene) -> Iterator[Evidence]:
    """The same list, written as conditions of a response template (VTL)."""
    response = chosen(scene.integration) if scene.integration else None
    value = response.computed.get(ALLOW_ORIGIN) if response else None
    if response is None or not isinstance(value, ReflectedOrigin) or value.origins is None:
        return
    # With a static value as well, every origin gets a header: the browser then reports a mismatch instead.
    if value.otherwise is None and not value.allows(scene.ask.origin):
        listed = ", ".join(sorted([*value.origins, *value.patterns]))
        place = response.place.of("templates")
        yield Evidence(place, f"the response template allows: {listed}", f"a list with {scene.ask.origin}")


@cause(
    id="httpapi.origin-not-listed",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The API's list of allowed origins lacks the page's origin, so the response has no CORS headers for it.",
    browser=MISSING,
    fix="Add the origin, exactly as the browser sends it, to the list of the API or its framework (allowOrigins, the "
    "list in the response template, allow_origins, CORS_ALLOWED_ORIGINS), and deploy.",
    source="API Gateway Developer Guide, CORS for HTTP APIs",
    reads=lambda shown: shown.is_bare,
    edit=apis.allow_http_origin,
    parameters=parameters.allow_origin,
    zoo="tests/faults/outside_rest_apis.py",
)
def _not_in_list(scene: Scene) -> Iterator[Evidence]:
    """The list of allowed origins, if it lacks the page's origin and nothing is sent for other origins."""
    cors = scene.api.http_cors
    if cors is None:
        yield from _not_in_template(scene)
    elif not allows_origin(cors, scene.ask.origin) and not possible_origins(cors, scene.ask.origin):
        listed = ", ".join(cors.origins) or "no origin"
        yield Evidence(cors.place.of("origins"), f"AllowOrigins: {listed}", scene.ask.origin)


def _bare_http(shown: Shown) -> bool:
    return shown.is_bare_preflight and shown.kind == ApiKind.HTTP


cause.add(
    id="httpapi.no-cors",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The HTTP API answers OPTIONS without CORS headers: it has no CORS configuration with the page's origin.",
    browser=MISSING,
    fix="Give the API a CorsConfiguration with the page's origin, method and headers: it then answers OPTIONS itself.",
    source="API Gateway Developer Guide, CORS for HTTP APIs",
    reads=_bare_http,
    zoo="tests/faults/recorded_sets.py",
)


def _bare_http_error(shown: Shown) -> bool:
    return is_bare_error(shown) and shown.kind == ApiKind.HTTP


cause.add(
    id="httpapi.error-without-cors",
    stage=RequestStage.ACTUAL_HEADERS,
    what="The HTTP API's error has no CORS headers, so the API that answered has no CORS configuration with the page's "
    "origin: that would add them to the function's errors and to its own (401 and 403 of an authorizer).",
    browser=MISSING,
    fix="Give the API a CorsConfiguration with the page's origin, method and headers. HTTP APIs have no gateway "
    "responses: where a function answers OPTIONS, no refusal of the authorizer can be read.",
    source="API Gateway Developer Guide, CORS for HTTP APIs; aws-sam-cli#9087",
    reads=_bare_http_error,
    zoo="tests/faults/recorded.py",
)


@cause(
    id="httpapi.backend-ignored",
    stage=RequestStage.NOTE,
    what="With a CORS configuration the function's own CORS headers are dropped.",
    browser="what the configuration gives",
    fix="Change the configuration, not the code.",
    source="API Gateway Developer Guide, CORS for HTTP APIs",
    zoo="tests/faults/facts_and_answers.py",
)
def _ignored(scene: Scene) -> Iterator[Evidence]:
    handler = scene.handler
    cors = scene.api.http_cors
    if scene.api.imported:
        return  # Whether it has a configuration at all is not known.
    if cors is None or handler is None or allows_origin(cors, scene.ask.origin):
        return
    if handler.computed or (handler.allows or frozenset()) & {"*", scene.ask.origin}:
        yield Evidence(
            handler.place, "the code sends CORS headers, which the API drops", "CorsConfiguration alone"
        )


@cause(
    id="httpapi.only-origins",
    stage=RequestStage.NOTE,
    what="SAM's CorsConfiguration: true allows every origin and names no header and no method.",
    browser="nothing, or that a header or a method is not allowed, if the API takes what is not named for none",
    fix="Write AllowOrigins, AllowHeaders and AllowMethods in CorsConfiguration.",
    source="aws-sam-translator, http_api_generator.py",
    zoo="tests/faults/facts_and_answers.py",
)
def _only_origins(scene: Scene) -> Iterator[Evidence]:
    cors = scene.api.http_cors
    asked = scene.ask.names() or scene.ask.method not in SAFE_METHODS
    if asked and cors is not None and cors.origins == ("*",) and cors.headers == NOT_NAMED:
        yield Evidence(cors.place, "CorsConfiguration: true", "AllowHeaders and AllowMethods")
