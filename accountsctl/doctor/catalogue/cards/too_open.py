"""CORS that is too open: an API that works for its own pages, and for those of others too.

They are warnings, never causes: nothing is blocked by them. https://portswigger.net/web-security/cors
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.scene import Evidence, Scene
from accountsctl.doctor.catalogue.simulate import chosen, reflects_origin
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import HttpCors, IntegrationResponse
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_ORIGIN

cause = Causes()
SOURCE = "portswigger.net/web-security/cors; Fetch standard"
NOTHING = "nothing: the API works, and for pages of others too"
EVERY = frozenset({"*", "https://*", "http://*"})


def _handler(scene: Scene) -> FunctionHandler | None:
    """The code whose CORS headers reach the page: none if a configuration replaces them."""
    return scene.handler if scene.api.http_cors is None else None


def _mapped(scene: Scene) -> IntegrationResponse | None:
    """The integration response of the request itself that maps headers."""
    return chosen(scene.integration) if scene.integration else None


def _echoes(response: IntegrationResponse) -> bool:
    computed = response.computed.get(ALLOW_ORIGIN)
    unchecked = isinstance(computed, ReflectedOrigin) and computed.origins is None
    return unchecked or reflects_origin(response.headers.get(ALLOW_ORIGIN, ""))


def _lists_every(cors: HttpCors | None) -> bool:
    return cors is not None and bool(EVERY & set(cors.origins))


def _is_refused(scene: Scene, cors: HttpCors) -> bool:
    """Whether API Gateway refuses to deploy a configuration: * in an HTTP API with AllowCredentials."""
    return scene.api.kind == ApiKind.HTTP and "*" in cors.origins


@cause(
    id="open.reflected-credentials",
    stage=RequestStage.NOTE,
    what="Any origin is allowed together with credentials: every site can read what a signed-in visitor may read.",
    browser=NOTHING,
    fix="Allow origins from a list, or leave Allow-Credentials out: a token in Authorization needs none.",
    source=SOURCE,
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _reflected(scene: Scene) -> Iterator[Evidence]:
    expected = "origins from a list, or no credentials"
    cors, handler, response = scene.api.http_cors, _handler(scene), _mapped(scene)
    if cors is not None and cors.credentials and _lists_every(cors) and not _is_refused(scene, cors):
        listed = ", ".join(cors.origins)
        yield Evidence(cors.place.of("origins"), f"AllowOrigins: {listed}, with AllowCredentials", expected)
    if handler is not None and handler.origins.reflects and handler.origins.credentials:
        yield Evidence(
            handler.place, "the code sends back any Origin, with Allow-Credentials: true", expected
        )
    if response is not None and _echoes(response) and "true" in response.headers.get(ALLOW_CREDENTIALS, ""):
        yield Evidence(
            response.place.of("headers"), "any Origin is sent back, with Allow-Credentials", expected
        )


@cause(
    id="open.cookies",
    stage=RequestStage.NOTE,
    what="The API authorizes by a cookie and allows every origin; a browser sends the cookie for any site's page.",
    browser=NOTHING,
    fix="Name the origins, and set SameSite on the cookie; or take a token in Authorization.",
    source=SOURCE,
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _cookies(scene: Scene) -> Iterator[Evidence]:
    authorizer = scene.authorizer
    if authorizer is None or "header.cookie" not in authorizer.identity_source.lower():
        return
    handler, response = _handler(scene), _mapped(scene)
    by_code = handler is not None and ("*" in (handler.allows or ()) or handler.origins.reflects)
    mapped = response is not None and (response.headers.get(ALLOW_ORIGIN) == "'*'" or _echoes(response))
    if by_code or mapped or _lists_every(scene.api.http_cors):
        observed = f"{authorizer.identity_source} authorizes, and every origin is allowed"
        yield Evidence(authorizer.place.of("identity_source"), observed, "origins from a list")


@cause(
    id="open.null-origin",
    stage=RequestStage.NOTE,
    what="The origin null is allowed: any site can have it, by a sandboxed frame.",
    browser=NOTHING,
    fix="Remove null; serve the page from http://localhost while you develop.",
    source=SOURCE,
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _null(scene: Scene) -> Iterator[Evidence]:
    cors, handler, response = scene.api.http_cors, _handler(scene), _mapped(scene)
    places: list[SourcePlace] = []
    if cors is not None and "null" in cors.origins:
        places.append(cors.place.of("origins"))
    if handler is not None and handler.origins.null:
        places.append(handler.place)
    if response is not None and response.headers.get(ALLOW_ORIGIN) == "'null'":
        places.append(response.place.of("headers"))
    for place in places:
        yield Evidence(place, "Access-Control-Allow-Origin: null", "origins of pages")


@cause(
    id="open.loose-match",
    stage=RequestStage.NOTE,
    what="The code compares a part of the Origin: another site whose name has that part is allowed too.",
    browser=NOTHING,
    fix="Compare the complete origin with a list; or a pattern with ^, $ and escaped dots.",
    source=SOURCE,
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _loose(scene: Scene) -> Iterator[Evidence]:
    handler = _handler(scene)
    if handler is not None and handler.origins.line:
        place = SourcePlace(handler.place.layer, f"{handler.place.source}:{handler.origins.line}")
        yield Evidence(
            place, f"an origin is compared with a part: {handler.origins.part}", "the complete origin"
        )
