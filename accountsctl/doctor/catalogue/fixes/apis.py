"""Fixes of an API as a whole: its endpoint, its throttling, its CORS configuration (HTTP APIs)."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.places import Spelling

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
