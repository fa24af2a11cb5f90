"""Stages, which are live: read from the control plane, and kept only as long as nobody may have changed them."""

from __future__ import annotations

from accountsctl.localcloud.apigateway.deployed.snapshot import ApiGatewayClients, DeployedStage


class Stages:
    """Looks stages up. With `keep` an answer holds until `forget`; without, each look asks (about 5 ms)."""

    def __init__(self, clients: ApiGatewayClients, *, keep: bool) -> None:
        self._clients = clients
        self._keep = keep
        self._known: dict[tuple[str, str], DeployedStage] = {}
        self._generation = 0

    def get(self, region: str, api_id: str, name: str) -> DeployedStage | None:
        """The stage as it is now; None where there is none."""
        known = self._known.get((api_id, name))
        if known is not None:
            return known
        generation = self._generation
        stage = self._ask(region, api_id, name)
        if stage is not None and self._keep and generation == self._generation:
            self._known[api_id, name] = stage
        return stage

    def forget(self, api_id: str) -> None:
        """Something of this API was changed."""
        self._generation += 1  # a look that is under way must not store what it saw before
        for key in [key for key in list(self._known) if key[0] == api_id]:
            self._known.pop(key, None)

    def _ask(self, region: str, api_id: str, name: str) -> DeployedStage | None:
        client = self._clients("apigateway", region)
        try:
            stage = client.get_stage(restApiId=api_id, stageName=name)
        except client.exceptions.NotFoundException:
            return None
        variables, settings = stage.get("variables") or {}, stage.get("methodSettings") or {}
        return DeployedStage(
            name, stage["deploymentId"], variables, settings, bool(stage.get("cacheClusterEnabled"))
        )
