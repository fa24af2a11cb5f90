"""Fixes of the parameters of an API that this package's template renders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accountsctl.doctor.browser.fetch import tokens
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.catalogue.simulate import expected
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.cors_headers import ALLOW_HEADERS, titled

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
    """The headers of the request, after those that the parameters state, or that the template allows by default."""
    cors = body.setdefault("cors", {})
    had = [header for header in cors.get("allowHeaders") or _allowed_now(scene) if header != "*"]
    lower = {header.lower() for header in had}
    cors["allowHeaders"] = [*had, *(titled(name) for name in sorted(scene.ask.names()) if name not in lower)]


def _allowed_now(scene: Scene) -> tuple[str, ...]:
    """The headers that the response to OPTIONS allows."""
    answer = expected(replace(scene, preflight=True))
    return tokens(answer.values(ALLOW_HEADERS)) or () if answer is not None else ()


def remove_throttling(body: Parameters, _: Scene) -> None:
    body.pop("throttling", None)
