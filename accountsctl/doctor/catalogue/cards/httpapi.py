"""HTTP APIs (API Gateway v2): their CORS configuration answers, or keeps silent."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.card import Card, Evidence, Refusal, Scene, Shown, Stage

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"


def _default_route(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.api.kind != "HTTP" or not scene.preflight or method is None or scene.api.http_cors is not None:
        return
    if scene.route == "$default" and method.authorization != "NONE":
        place = method.place.of("authorization")
        yield Evidence(
            place, f"$default takes OPTIONS with {method.authorization}", "a route OPTIONS /{proxy+} without"
        )


def _unlisted(scene: Scene) -> Iterator[Evidence]:
    cors = scene.api.http_cors
    if cors is not None and "*" not in cors.origins and scene.ask.origin not in cors.origins:
        listed = ", ".join(cors.origins) or "no origin"
        yield Evidence(cors.place.of("origins"), f"AllowOrigins: {listed}", scene.ask.origin)


def _ignored(scene: Scene) -> Iterator[Evidence]:
    handler = scene.function.handler if scene.function else None
    cors = scene.api.http_cors
    if cors is None or handler is None or "*" in cors.origins or scene.ask.origin in cors.origins:
        return
    if handler.computed or (handler.allows or frozenset()) & {"*", scene.ask.origin}:
        yield Evidence(
            handler.place, "the code sends CORS headers, which the API drops", "CorsConfiguration alone"
        )


def _missing(shown: Shown) -> bool:
    return shown.code == "MissingAllowOriginHeader"


CARDS = (
    Card(
        "httpapi.default-route",
        Stage.PREFLIGHT_AUTH,
        "The $default route takes OPTIONS too, and its authorizer refuses it.",
        MISSING,
        "Add a route OPTIONS /{proxy+} without authorizer, or a CORS configuration.",
        "API Gateway Developer Guide, CORS for HTTP APIs",
        check=_default_route,
        refusals=(Refusal("", 401),),
    ),
    Card(
        "httpapi.origin-not-listed",
        Stage.PREFLIGHT_HEADERS,
        "The origin is not in AllowOrigins, and the API leaves the headers out without a word.",
        MISSING,
        "Add the origin to AllowOrigins.",
        "API Gateway Developer Guide, CORS for HTTP APIs",
        check=_unlisted,
        reads=_missing,
    ),
    Card(
        "httpapi.backend-ignored",
        Stage.NOTE,
        "With a CORS configuration the function's own CORS headers are dropped.",
        "what the configuration gives",
        "Change the configuration, not the code.",
        "API Gateway Developer Guide, CORS for HTTP APIs",
        check=_ignored,
    ),
)
