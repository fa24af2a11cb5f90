"""Throttling as API Gateway does it: token buckets, filled at `rateLimit` a second up to `burstLimit`."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import throttled

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import ThrottleSettingsTypeDef


class Buckets:
    """One bucket for each thing that is limited."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable, limits: ThrottleSettingsTypeDef, now: float) -> bool:
        """Take one token at `now`, in seconds; False if the bucket is empty. A rate of -1 means unlimited."""
        rate, burst = float(limits.get("rateLimit", -1)), float(limits.get("burstLimit", -1))
        if rate < 0:
            return True
        size = burst if burst >= 0 else max(rate, 1.0)
        with self._lock:
            left, before = self._left.get(key, (size, now))
            left = min(size, left + rate * max(now - before, 0.0))
            granted = left >= 1
            self._left[key] = (left - granted, now)
        return granted

    def check(self, call: GatewayCall) -> None:
        """The throttle settings of the stage for the method of `call`."""
        if call.resource is None:
            return
        settings = call.stage.setting(call.resource.path, call.request.method)
        limits: ThrottleSettingsTypeDef = {
            "rateLimit": settings.get("throttlingRateLimit", -1),
            "burstLimit": settings.get("throttlingBurstLimit", -1),
        }
        where = (call.api.id, call.stage.name, call.resource.path, call.request.method)
        if not self.take(where, limits, call.seconds):
            raise throttled()
