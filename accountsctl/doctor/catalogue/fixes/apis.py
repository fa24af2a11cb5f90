"""Fixes of an API as a whole: its endpoint, its throttling, its CORS configuration (HTTP APIs)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.places import Spelling
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.http_methods import ANY, CALLABLE, OPTIONS

DEFAULT_ROUTE = "$default"


def raise_zero_throttling(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    for stage in scene.api.stages.values():
        base = f"{stage.place.pointer}/Properties/MethodSettings"
        settings = value_at(template, stage.place.pointer).get("Properties", {}).get("MethodSettings") or []
        for number, setting in enumerate(settings):
            for key, value in (("ThrottlingRateLimit", 50), ("ThrottlingBurstLimit", 100)):
                if str(setting.get(key)) in ("0", "0.0"):
                    yield FixOperation(f"{base}/{number}/{key}", value)


def allow_http_origin(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    cors = scene.api.http_cors
    if cors is not None and not scene.api.imported:
        yield FixOperation(f"{cors.place.pointer}/AllowOrigins", [*cors.origins, scene.ask.origin])


def configure_cors(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """A CORS configuration for an HTTP API or a function URL that has none: it answers OPTIONS where no route does."""
    api, ask = scene.api, scene.ask
    routed = {verb for verbs in api.routes.values() for verb in verbs} - {ANY, OPTIONS}
    # SAM makes an API of events alone, which has no resource to change.
    if api.http_cors is not None or api.place.pointer.split("/")[2] not in template["Resources"]:
        return
    name = "Cors" if api.kind == ApiKind.FUNCTION_URL else "CorsConfiguration"
    pointer = api.place.pointer
    base = pointer if "/Properties" in pointer else f"{pointer}/Properties"
    origins = [ask.origin] if ask.credentials else ["*"]
    methods = sorted({*(routed or CALLABLE), ask.method.upper()})
    headers = sorted(ask.names() | {"authorization", "content-type"})
    settings: dict[str, Any] = {"AllowOrigins": origins, "AllowMethods": methods, "AllowHeaders": headers}
    if ask.credentials:
        settings["AllowCredentials"] = True
    yield FixOperation(f"{base}/{name}", settings)


def add_open_options_route(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """A route for OPTIONS without an authorizer, to the integration of the route that takes OPTIONS now.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    method = scene.method
    if method is None:
        return
    pointer = method.place.pointer
    path = "/{proxy+}" if scene.route == DEFAULT_ROUTE else scene.route
    stated = value_at(template, pointer)
    properties = stated.get("Properties") or {}
    if stated.get("Type") == "AWS::ApiGatewayV2::Route":
        kept = {key: properties[key] for key in ("ApiId", "Target") if key in properties}
        route = {"Type": stated["Type"], "Properties": {**kept, "RouteKey": f"OPTIONS {path}"}}
        yield FixOperation(f"{pointer}Options", route)
    elif method.spelling is Spelling.SAM_EVENT:
        kept = {"ApiId": properties["ApiId"]} if "ApiId" in properties else {}
        event = {**kept, "Path": path, "Method": "OPTIONS", "Auth": {"Authorizer": "NONE"}}
        yield FixOperation(f"{pointer}Options", {"Type": stated["Type"], "Properties": event})
