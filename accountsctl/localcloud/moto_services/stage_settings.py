"""UpdateStage's patch operations, as far as moto lacks them or does otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.patch_operations import PatchOperation

if TYPE_CHECKING:
    from moto.apigateway.models import Stage

EVERY_METHOD = "*/*"
DEFAULTS: Mapping[str, object] = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
"""The settings of a method that has none of its own, nor any from `*/*`."""


def method_of(path: str) -> str | None:
    """The method that a path changes a setting of, as `path/VERB`; None for a path of the stage itself."""
    parts = path.strip("/").split("/")
    stage_members = ("variables", "accessLogSettings", "canarySettings")
    return "/".join(parts[:2]) if len(parts) > 1 and parts[0] not in stage_members else None


def change(
    original: Callable[[Stage, list[PatchOperation]], Stage], stage: Stage, operations: list[PatchOperation]
) -> Stage:
    """AWS takes "add" for "replace", can remove more, and a method starts with the settings of all methods."""
    for operation in operations:
        method = method_of(operation["path"])
        if operation["op"] == "remove" and method is not None:
            stage.method_settings.pop(method, None)
            continue
        if method is not None and method not in stage.method_settings:
            stage.method_settings[method] = {**DEFAULTS, **stage.method_settings.get(EVERY_METHOD, {})}
        original(stage, [_known_to_moto(operation)])
    return stage


def _known_to_moto(operation: PatchOperation) -> PatchOperation:
    """The same change as moto can make it."""
    if operation["op"] == "remove" and operation["path"] == "/description":
        return {"op": "replace", "path": "/description", "value": ""}
    return {**operation, "op": "replace"} if operation["op"] == "add" else operation
