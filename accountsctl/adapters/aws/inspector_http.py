"""HTTP APIs, as the inspector tells them."""

from __future__ import annotations

from functools import partial
from typing import Any

from accountsctl.adapters.aws.asking import Asking, plain

SETTINGS = ("ApiId", "Name", "ProtocolType", "CorsConfiguration", "DisableExecuteApiEndpoint", "ApiEndpoint")
STAGE_SETTINGS = ("StageName", "DeploymentId", "AutoDeploy", "StageVariables")


def http_api(client: Any, asking: Asking, name: str, id_: str) -> dict[str, Any] | None:
    """One API with its routes, integrations, authorizers and stages; None where it was not told."""
    api = asking.ask(f"the API {name}", lambda: client.get_api(ApiId=id_))
    if api is None:
        return None
    told: dict[str, Any] = {
        "name": name,
        "id": id_,
        "api": {key: plain(api[key]) for key in SETTINGS if key in api},
    }
    for key in ("routes", "integrations", "authorizers"):
        items = asking.ask(f"the {key} of {name}", partial(_pages, client, f"get_{key}", id_))
        if items is not None:
            told[key] = plain(items)
    stages = asking.ask(f"the stages of {name}", lambda: _pages(client, "get_stages", id_)) or []
    told["stages"] = [{key: plain(each[key]) for key in STAGE_SETTINGS if key in each} for each in stages]
    return told


def _pages(client: Any, operation: str, id_: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    position: dict[str, str] = {}
    while True:
        page = getattr(client, operation)(ApiId=id_, **position)
        items += page.get("Items") or ()
        if not page.get("NextToken"):
            return items
        position = {"NextToken": page["NextToken"]}
