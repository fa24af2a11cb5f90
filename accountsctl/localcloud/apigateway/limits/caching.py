"""A stage's cache holds the responses of GET methods for the seconds that the stage configures.

The key is the method, and only those request parameters that its integration names as cache keys. If `Origin`
is not one of them, the response to one origin is served to the next: int.stage-cache of the doctor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.gateway_responses import mapped
from accountsctl.localcloud.contracts.messages import Response

Key = tuple[str | None, ...]
DEFAULT_TTL = 300


class Cache:
    """Cached responses, by stage and key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cached: dict[Key, tuple[float, Response]] = {}

    def through(self, call: GatewayCall, integrate: Callable[[], Response]) -> Response:
        """Return the cached response to `call`; if there is none, that of `integrate`, cached if it may be."""
        seconds = _seconds(call)
        if not seconds:
            return integrate()
        key = _key(call)
        with self._lock:
            until, cached = self._cached.get(key, (0.0, None))
        if cached is not None and call.seconds < until and not _refreshes(call):
            return cached
        response = integrate()
        if 200 <= response.status < 300:
            with self._lock:
                self._cached[key] = (call.seconds + seconds, response)
        return response

    def forget(self, api_id: str, stage: str | None = None) -> None:
        """Drop the responses of an API, or of one stage of it."""
        with self._lock:
            prefix = (api_id,) if stage is None else (api_id, stage)
            self._cached = {
                key: cached for key, cached in self._cached.items() if key[: len(prefix)] != prefix
            }


def _seconds(call: GatewayCall) -> int:
    """Seconds for which the response to `call` may be cached; 0 if it may not be."""
    settings = call.stage.setting(call.resource.path, call.request.method) if call.resource else {}
    if call.request.method != "GET" or not call.stage.cache or not settings.get("cachingEnabled"):
        return 0
    return int(settings.get("cacheTtlInSeconds", DEFAULT_TTL))


def _refreshes(call: GatewayCall) -> bool:
    """Whether the client requests a fresh response and may do so."""
    settings = call.stage.setting(call.resource.path, call.request.method) if call.resource else {}
    requested = "max-age=0" in (call.request.header("Cache-Control") or "")
    return requested and not settings.get("requireAuthorizationForCacheControl", True)


def _key(call: GatewayCall) -> Key:
    assert call.resource is not None
    names = call.method["methodIntegration"].get("cacheKeyParameters") or []
    values = {"context": call.context(), "stageVariables": call.stage.variables}
    where = (call.api.id, call.stage.name, call.api.deployment_id, call.resource.id)
    return (*where, *(mapped(name, call, values) for name in names))
