"""HTTP APIs and function URLs, as the inspector reports them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.adapters.aws.partial_reads import PartialReads, plain, selected

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_lambda import LambdaClient

SETTINGS = ("ApiId", "Name", "ProtocolType", "CorsConfiguration", "DisableExecuteApiEndpoint", "ApiEndpoint")
URL_SETTINGS = ("FunctionUrl", "FunctionArn", "AuthType", "Cors")
STAGE_SETTINGS = ("StageName", "DeploymentId", "AutoDeploy", "StageVariables")

ListOperation = Callable[..., Mapping[str, Any]]
"""An operation that lists parts of an API: ``{Items, NextToken?}``."""


def http_api(
    client: ApiGatewayV2Client, reads: PartialReads, name: str, id_: str
) -> dict[str, object] | None:
    """One API with its routes, integrations, authorizers and stages; None if it is not reported."""
    settings = reads.read(f"the API {name}", lambda: client.get_api(ApiId=id_))
    if settings is None:
        return None
    api: dict[str, object] = {"name": name, "id": id_, "api": selected(settings, SETTINGS)}
    operations: dict[str, ListOperation] = {
        "routes": client.get_routes,
        "integrations": client.get_integrations,
        "authorizers": client.get_authorizers,
    }
    for part, operation in operations.items():
        items = _read_all(reads, f"the {part} of {name}", operation, id_)
        if items is not None:
            api[part] = plain(items)
    stages = _read_all(reads, f"the stages of {name}", client.get_stages, id_) or []
    api["stages"] = [selected(stage, STAGE_SETTINGS) for stage in stages]
    return api


def function_url(
    client: LambdaClient, reads: PartialReads, name: str, function: str
) -> dict[str, object] | None:
    """The URL of a function or of its alias, which the ARN names; None if it is not reported."""
    settings = reads.read(
        f"the function URL {name}", lambda: client.get_function_url_config(FunctionName=function)
    )
    return None if settings is None else {"name": name, "config": selected(settings, URL_SETTINGS)}


def _read_all(reads: PartialReads, what: str, operation: ListOperation, id_: str) -> list[object] | None:
    """All items of a listing, page by page; None if it is refused."""

    def pages() -> list[object]:
        items: list[object] = []
        position: dict[str, str] = {}
        while True:
            page = operation(ApiId=id_, **position)
            items += page.get("Items") or ()
            if not page.get("NextToken"):
                return items
            position = {"NextToken": page["NextToken"]}

    return reads.read(what, pages)
