"""Stages are live: they are read from the control plane, and cached only while no one can have changed them."""

from __future__ import annotations

from accountsctl.localcloud.apigateway.deployed.snapshot import ApiGatewayClients, DeployedStage
from accountsctl.localcloud.contracts.access_logs import AccessLog


class Stages:
    """Reads stages. With `keep` a stage is cached until `forget`; without, every call reads it (about 5 ms)."""

    def __init__(self, clients: ApiGatewayClients, *, keep: bool) -> None:
        self._clients = clients
        self._keep = keep
        self._stages: dict[tuple[str, str], DeployedStage] = {}
        self._generation = 0

    def get(self, region: str, api_id: str, name: str) -> DeployedStage | None:
        """The stage as it is now; None if there is none."""
        stage = self._stages.get((api_id, name))
        if stage is not None:
            return stage
        generation = self._generation
        stage = self._read(region, api_id, name)
        if stage is not None and self._keep and generation == self._generation:
            self._stages[api_id, name] = stage
        return stage

    def forget(self, api_id: str) -> None:
        """Drop the stages of an API in which something was changed."""
        self._generation += 1  # a read that is under way must not store the old state
        for key in [key for key in list(self._stages) if key[0] == api_id]:
            self._stages.pop(key, None)

    def _read(self, region: str, api_id: str, name: str) -> DeployedStage | None:
        client = self._clients("apigateway", region)
        try:
            stage = client.get_stage(restApiId=api_id, stageName=name)
        except client.exceptions.NotFoundException:
            return None
        variables, settings = stage.get("variables") or {}, stage.get("methodSettings") or {}
        access = AccessLog.of(stage.get("accessLogSettings"))
        cached = bool(stage.get("cacheClusterEnabled"))
        return DeployedStage(name, stage["deploymentId"], variables, settings, cached, access)
