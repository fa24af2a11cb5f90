"""Fixes of an API as a whole: its endpoint, its throttling, its CORS configuration (HTTP APIs)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsctl.doctor.catalogue.fixes.operation import Fix, FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.scene import Scene


def set_api_property(part: str, value: Any) -> Fix:
    def fix(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
        yield FixOperation(f"{scene.api.place.pointer}/Properties/{part}", value)

    return fix


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
    if cors is not None:
        yield FixOperation(f"{cors.place.pointer}/AllowOrigins", [*cors.origins, scene.ask.origin])


def configure_http_cors(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """A CORS configuration, with which an HTTP API answers OPTIONS itself, before any authorizer."""
    name = scene.api.place.pointer.rpartition("/")[2]
    if (template["Resources"].get(name) or {}).get("Type") != "AWS::ApiGatewayV2::Api":
        return
    cors = {
        "AllowOrigins": [scene.ask.origin],
        "AllowMethods": [*sorted({scene.ask.method, "GET", "OPTIONS"})],
        "AllowHeaders": [*sorted(scene.ask.names())],
        **({"AllowCredentials": True} if scene.ask.credentials else {}),
    }
    yield FixOperation(f"/Resources/{name}/Properties/CorsConfiguration", cors)
