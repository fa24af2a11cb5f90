"""A stage's cache: the answers of GET methods, for as long as the stage says.

The key is the method, and those request parameters alone that its integration names as cache keys. An answer
made for one origin is therefore given to the next where `Origin` is no key: int.stage-cache of the doctor.
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
    """Kept answers, by stage and key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Key, tuple[float, Response]] = {}

    def through(self, call: GatewayCall, integrate: Callable[[], Response]) -> Response:
        """The kept answer to `call`, else what `answer` gives, kept where it may be."""
        seconds = _seconds(call)
        if not seconds:
            return integrate()
        key = _key(call)
        with self._lock:
            until, kept = self._kept.get(key, (0.0, None))
        if kept is not None and call.seconds < until and not _refreshes(call):
            return kept
        made = integrate()
        if 200 <= made.status < 300:
            with self._lock:
                self._kept[key] = (call.seconds + seconds, made)
        return made

    def forget(self, api_id: str, stage: str | None = None) -> None:
        """What was kept for an API, or for one stage of it."""
        with self._lock:
            gone = (api_id,) if stage is None else (api_id, stage)
            self._kept = {key: kept for key, kept in self._kept.items() if key[: len(gone)] != gone}


def _seconds(call: GatewayCall) -> int:
    """How long the answer to `call` may be kept; 0 for not at all."""
    settings = call.stage.setting(call.resource.path, call.request.method) if call.resource else {}
    if call.request.method != "GET" or not call.stage.cache or not settings.get("cachingEnabled"):
        return 0
    return int(settings.get("cacheTtlInSeconds", DEFAULT_TTL))


def _refreshes(call: GatewayCall) -> bool:
    """Whether the client may have the kept answer made anew, and asks for it."""
    settings = call.stage.setting(call.resource.path, call.request.method) if call.resource else {}
    asked = "max-age=0" in (call.request.header("Cache-Control") or "")
    return asked and not settings.get("requireAuthorizationForCacheControl", True)


def _key(call: GatewayCall) -> Key:
    assert call.resource is not None
    names = call.method["methodIntegration"].get("cacheKeyParameters") or []
    values = {"context": call.context(), "stageVariables": call.stage.variables}
    where = (call.api.id, call.stage.name, call.api.deployment_id, call.resource.id)
    return (*where, *(mapped(name, call, values) for name in names))
