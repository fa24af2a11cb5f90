"""What we mend in moto's API Gateway: settings that it loses or cannot change."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from .apps import models
from .patching import wrap

POOLS = "/providerARNs"
TAGS = (
    "{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::/restapis/(?P<function_id>[^/]+)$"
)
ENDPOINT_SWITCH = "/disableExecuteApiEndpoint"


def install() -> None:
    """Mend moto.apigateway. Once per process."""
    moto = models("apigateway")
    wrap(moto.Authorizer, "__init__", _authorizer)
    wrap(moto.Authorizer, "apply_operations", _other_pools)
    wrap(moto.RestAPI, "apply_patch_operations", _switched)
    responses = importlib.import_module("moto.apigateway.responses").APIGatewayResponse
    # moto knows the address of a stage's tags only.
    importlib.import_module("moto.apigateway.urls").url_paths[TAGS] = responses.dispatch
    wrap(responses, "get_tags", _get_tags)
    wrap(responses, "tag_resource", _tag)
    wrap(responses, "untag_resource", _untag)


def _authorizer(original: Callable[..., Any], authorizer: Any, *args: Any, **named: Any) -> None:
    """moto misspells the argument on its way here, so that the expression was lost."""
    named.setdefault("identity_validation_expression", named.pop("identiy_validation_expression", None))
    original(authorizer, *args, **named)


def _other_pools(original: Callable[..., Any], authorizer: Any, operations: list[dict[str, Any]]) -> Any:
    """moto cannot change the pools of an authorizer."""
    for each in (each for each in operations if each["path"].startswith(POOLS)):
        arns = [arn for arn in authorizer.provider_arns or [] if arn != each.get("value")]
        authorizer.provider_arns = arns + ([each["value"]] if each["op"] == "add" else [])
    return original(authorizer, [each for each in operations if not each["path"].startswith(POOLS)])


def _switched(original: Callable[..., Any], api: Any, operations: list[dict[str, Any]]) -> None:
    """moto takes the text "false" for true."""
    original(api, operations)
    for each in operations:
        if each["path"] == ENDPOINT_SWITCH:
            api.disableExecuteApiEndpoint = str(each.get("value")).lower() == "true"


def _get_tags(original: Callable[..., Any], response: Any) -> Any:
    api = _tagged_api(response)
    return original(response) if api is None else json.dumps({"tags": api.tags})


def _tag(original: Callable[..., Any], response: Any) -> Any:
    api = _tagged_api(response)
    if api is None:
        return original(response)
    api.tags = {**api.tags, **(response._get_param("tags") or {})}
    return json.dumps({})


def _untag(original: Callable[..., Any], response: Any) -> Any:
    api = _tagged_api(response)
    if api is None:
        return original(response)
    gone = response.querystring.get("tagKeys") or []
    api.tags = {key: value for key, value in api.tags.items() if key not in gone}
    return json.dumps({})


def _tagged_api(response: Any) -> Any:
    """The REST API whose tags are asked for; None for a stage, whose tags moto knows how to keep."""
    parts = unquote(response.path.split("/tags/")[1]).split("/")
    apis: Mapping[str, Any] = response.backend.apis
    return apis.get(parts[-1]) if parts[-2] == "restapis" else None
