"""How UpdateStage changes the settings of methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_the_settings_of_a_stage_change_in_the_order_of_the_operations(client: Callable[[str], Any]) -> None:
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="ordered")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK")
    gateway.create_deployment(restApiId=api["id"], stageName="dev")
    stage = {"restApiId": api["id"], "stageName": "dev"}
    limit = {"op": "replace", "path": "/pets/GET/throttling/burstLimit", "value": "9"}
    assert "pets/GET" in gateway.update_stage(**stage, patchOperations=[limit])["methodSettings"]
    removal = {"op": "remove", "path": "/pets/GET"}
    settings = gateway.update_stage(**stage, patchOperations=[limit, removal])["methodSettings"]
    assert "pets/GET" not in settings
