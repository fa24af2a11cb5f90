"""Where a refused header stands, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.catalogue.buckets import evidence_of_bucket
from accountsctl.doctor.catalogue.distributions import passed_behavior
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown
from accountsctl.doctor.catalogue.simulate import allows_origin, chosen
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import Api, HttpCors
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

_OF_STATUS: Mapping[str, str] = {
    CorsError.INVALID_STATUS: "a status of 200 to 299",
    CorsError.DISALLOWED_REDIRECT: "no redirect",
}
"""What the browser wants of the status, by its reason for refusing one."""
_OF_LOCATION: Mapping[str, str] = {
    CorsError.CORS_DISABLED_SCHEME: "a URL of http or https",
    CorsError.INVALID_REDIRECT: "a URL",
    CorsError.REDIRECT_NOT_ALLOWED: "no redirect, for the page's code follows none",
    CorsError.REDIRECT_CONTAINS_CREDENTIALS: "a URL without user name and password",
}
"""What the browser wants of a redirect's Location, by its reason for not following it."""
_REFUSED: Mapping[str, str] = {
    CorsError.INVALID_ALLOW_CREDENTIALS: ALLOW_CREDENTIALS,
    CorsError.METHOD_DISALLOWED: ALLOW_METHODS,
    CorsError.INVALID_ALLOW_METHODS: ALLOW_METHODS,
    CorsError.HEADER_DISALLOWED: ALLOW_HEADERS,
    CorsError.INVALID_ALLOW_HEADERS: ALLOW_HEADERS,
}
"""The header that is refused, by the reason; all others are of Access-Control-Allow-Origin."""


def header_evidence(apis: tuple[Api, ...], real: Exchange | None, shown: Shown) -> tuple[Evidence, ...]:
    """What each layer says of the header that the browser refused."""
    name = refused_header(shown)
    if shown.verdict.hop and real is not None:
        # The layers know what the API itself answers, and the browser let that pass.
        target = shown.verdict.url.partition("?")[0]
        refused = _OF_STATUS.get(shown.error, f"the right {name}")
        return (Evidence(real.place, f"{real.status}, which led to {target}", f"{refused}, of {target}"),)
    if shown.error in _OF_LOCATION and real is not None:
        location = shown.answer.value("location") or ""
        return (Evidence(real.place, f"{real.status}, to {location}", _OF_LOCATION[shown.error]),)
    if shown.error in _OF_STATUS:
        return tuple(_statuses(apis, real, shown))
    wanted = _wanted(shown)
    return tuple(_exchanges(apis, real, shown, name, wanted))


def _statuses(apis: tuple[Api, ...], real: Exchange | None, shown: Shown) -> Iterator[Evidence]:
    """Where the status stands that the browser refused."""
    wanted = _OF_STATUS[shown.error]
    location = shown.answer.value("location")
    leads = f", to {location}" if location and shown.error == CorsError.DISALLOWED_REDIRECT else ""
    if real is not None:
        yield Evidence(real.place, f"{real.status}{leads}", wanted)
    for api in apis:
        integration = Scene(api, shown.ask, shown.preflight).integration
        response = chosen(integration) if integration else None
        if response is not None:
            yield Evidence(response.place, f"status {response.status}{leads}", wanted)


def _exchanges(
    apis: tuple[Api, ...], real: Exchange | None, shown: Shown, name: str, wanted: str
) -> Iterator[Evidence]:
    if real is not None:
        said = real.answer.value(name) if real.answer else None
        shown_value = "(not recorded)" if real.headless else "(absent)" if said is None else said
        status = "" if real.has_unknown_status else f"{real.status} "
        yield Evidence(real.place, f"{status}{name}: {shown_value}", wanted)
    for api in apis:
        scene = Scene(api, shown.ask, shown.preflight)
        if not api.is_api:
            behavior = passed_behavior(scene)
            bucket = api.bucket or (behavior.bucket if behavior else None)
            yield from evidence_of_bucket(scene, bucket) if bucket is not None else ()
            continue
        found = _place(scene, name)
        if found is not None:
            place, value = found
            if value not in (
                f"'{shown.ask.origin}'",
                shown.ask.origin,
            ):  # Then another part is at fault, not this one.
                yield Evidence(place, f"{name}: {value}", wanted)


def refused_header(shown: Shown) -> str:
    """The name of the header that the browser refused."""
    return _REFUSED.get(shown.error, ALLOW_ORIGIN)


def _wanted(shown: Shown) -> str:
    error = shown.error
    if error == CorsError.HEADER_DISALLOWED and shown.value.lower().startswith("access-control-"):
        return f"a request without {shown.value}, which is for responses"
    if error in (CorsError.METHOD_DISALLOWED, CorsError.HEADER_DISALLOWED):
        return f"a list with {shown.value}"
    if error in (CorsError.INVALID_ALLOW_METHODS, CorsError.INVALID_ALLOW_HEADERS):
        return "names with commas between them"
    if error == CorsError.INVALID_ALLOW_CREDENTIALS:
        return "true"
    return shown.ask.origin if shown.ask.credentials else f"{shown.ask.origin} or *"


def _configured_value(cors: HttpCors, name: str) -> str:
    """What a CORS configuration gives as a header."""
    values = {ALLOW_ORIGIN: cors.origins, ALLOW_METHODS: cors.methods, ALLOW_HEADERS: cors.headers}
    return ", ".join(values.get(name, (str(cors.credentials).lower(),))) or "(not set)"


def _place(scene: Scene, name: str) -> tuple[SourcePlace, str] | None:
    """The place of a header in a layer's facts, and its value there."""
    cors = scene.api.http_cors
    if cors is not None and scene.api.imported:
        return None  # It stands in another stack.
    if cors is not None:
        # What allows the origin says nothing for a missing header: another configuration is deployed.
        allowed = name == ALLOW_ORIGIN and allows_origin(cors, scene.ask.origin)
        return None if allowed else (cors.place, _configured_value(cors, name))
    if scene.integration is None:
        return None
    response = chosen(scene.integration)
    if response is not None:
        value = response.headers.get(name)
        computed = "worked out by VTL" if name in response.computed else "(not mapped)"
        return response.place.of(
            name if value is not None else "headers"
        ), value if value is not None else computed
    return None if scene.handler is None else (scene.handler.place, _stated_in_code(scene.handler, name))


def _stated_in_code(handler: FunctionHandler, name: str) -> str:
    """What a function's code gives as a header."""
    origins = ", ".join(sorted(handler.allows or ()))
    stated = {
        ALLOW_ORIGIN: origins,
        ALLOW_METHODS: handler.allow_methods,
        ALLOW_HEADERS: handler.allow_headers,
        ALLOW_CREDENTIALS: handler.allow_credentials,
    }
    return stated.get(name) or "(not sent)"
