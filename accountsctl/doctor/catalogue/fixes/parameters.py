"""Fixes of the parameters of an API that this package's template renders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.model.api_gateway import AuthorizationType

Parameters = dict[str, Any]
"""The values of an API's parameters.json."""
ParametersFix = Callable[[Parameters, Scene], None]


def require_cognito(body: Parameters, _: Scene) -> None:
    """The API's authorization, and none on single methods."""
    body["authorization"] = AuthorizationType.COGNITO.value
    for path in (body.get("paths") or {}).values():
        path.pop("authorization", None)
        methods = path.get("methods")
        for method in methods.values() if isinstance(methods, dict) else ():
            method.pop("authorization", None)


def add_method(body: Parameters, scene: Scene) -> None:
    path = (body.get("paths") or {}).get(scene.route)
    if path is None:
        return
    methods = path.setdefault("methods", [])
    if isinstance(methods, dict):
        methods.setdefault(scene.ask.method, {})
    elif scene.ask.method not in methods:
        methods.append(scene.ask.method)


def allow_origin(body: Parameters, scene: Scene) -> None:
    cors = body.setdefault("cors", {})
    origins = [origin for origin in cors.get("allowOrigins") or [] if not _is_near(origin, scene.ask.origin)]
    cors["allowOrigins"] = [*origins, scene.ask.origin]


def _is_near(one: str, origin: str) -> bool:
    """True for what was meant to be this origin: with a slash, a pattern, quotes, another case."""
    bare = one.strip("'\" /").lower()
    return bare in (origin.lower(), "*") or "*" in bare or "," in bare or "://" not in bare


def allow_headers(body: Parameters, scene: Scene) -> None:
    cors = body.setdefault("cors", {})
    if "allowHeaders" in cors:
        had = [header for header in cors["allowHeaders"] if header != "*"]
        lower = {header.lower() for header in had}
        cors["allowHeaders"] = [*had, *(name for name in sorted(scene.ask.names()) if name not in lower)]


def remove_throttling(body: Parameters, _: Scene) -> None:
    body.pop("throttling", None)
