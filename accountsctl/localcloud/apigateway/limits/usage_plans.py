"""API keys and usage plans, which are live: read from the control plane, cached until someone changes them there.

A key opens a stage only through a usage plan that names both. Counts against a plan's quota live as long as
the process does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.deployed.snapshot import ApiGatewayClients
from accountsctl.localcloud.apigateway.errors import GatewayError, throttled
from accountsctl.localcloud.apigateway.limits.throttling import Buckets

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import UsagePlanTypeDef

PERIODS = {"DAY": "%Y-%j", "WEEK": "%G-%V", "MONTH": "%Y-%m"}


@dataclass(frozen=True)
class Key:
    """An enabled API key, in the plan that opens a stage to it."""

    id: str
    value: str
    plan: UsagePlanTypeDef


@dataclass
class UsagePlans:
    """Reads keys and plans, and counts requests against quotas. `keep`: see `Stages`."""

    clients: ApiGatewayClients
    keep: bool
    _known: dict[tuple[str, str, str], list[Key]] = field(default_factory=dict)
    _generation: int = 0
    _used: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def admit(self, call: GatewayCall, buckets: Buckets) -> None:
        """Check the key of a request to a method that requires one, and its plan's limits."""
        by_authorizer = call.api.settings.get("apiKeySource") == "AUTHORIZER"
        value = call.identity.get("apiKey") if by_authorizer else call.request.header("X-Api-Key")
        keys = self._keys(call.api.region, call.api.id, call.stage.name) if value else []
        key = next((candidate for candidate in keys if candidate.value == value), None)
        if key is None:
            raise GatewayError("INVALID_API_KEY", "Forbidden")
        call.identity = {**call.identity, "apiKey": key.value, "apiKeyId": key.id}
        throttle = key.plan.get("throttle") or {}
        if throttle and not buckets.take(("plan", key.plan["id"], key.id), throttle, call.seconds):
            raise throttled()
        self._count(call, key)

    def forget(self) -> None:
        """Some key or plan was changed."""
        self._generation += 1
        self._known = {}

    def _count(self, call: GatewayCall, key: Key) -> None:
        quota = key.plan.get("quota") or {}
        if not quota.get("limit"):
            return
        period = time.strftime(PERIODS[quota.get("period") or "DAY"], time.gmtime(call.seconds))
        where = (key.plan["id"], key.id, period)
        if self._used.get(where, 0) >= int(quota["limit"]):
            raise GatewayError("QUOTA_EXCEEDED", "Limit Exceeded")
        self._used[where] = self._used.get(where, 0) + 1

    def _keys(self, region: str, api_id: str, stage: str) -> list[Key]:
        where = (region, api_id, stage)
        if where in self._known:
            return self._known[where]
        generation = self._generation
        found = list(self._ask(region, api_id, stage))
        if self.keep and generation == self._generation:
            self._known[where] = found
        return found

    def _ask(self, region: str, api_id: str, stage: str) -> list[Key]:
        client = self.clients("apigateway", region)
        wanted = (api_id, stage)
        every = client.get_usage_plans(limit=500).get("items", [])
        plans = [p for p in every if wanted in [(s["apiId"], s["stage"]) for s in p.get("apiStages") or []]]
        if not plans:
            return []
        listed = client.get_api_keys(includeValues=True, limit=500).get("items", [])
        values = {item["id"]: item["value"] for item in listed if item.get("enabled")}
        return [
            Key(item["id"], values[item["id"]], plan)
            for plan in plans
            for item in client.get_usage_plan_keys(usagePlanId=plan["id"], limit=500).get("items", [])
            if item["id"] in values
        ]
