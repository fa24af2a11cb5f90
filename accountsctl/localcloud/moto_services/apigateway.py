"""What we fix in moto's API Gateway: settings that it loses or cannot change."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from accountsctl.localcloud.moto_services import importing, methods
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

POOLS = "/providerARNs"
TAGS = (
    "{0}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::/restapis/(?P<function_id>[^/]+)$"
)
ENDPOINT_SWITCH = "/disableExecuteApiEndpoint"
BINARY_TYPES = "/binaryMediaTypes/"


def install() -> None:
    """Fix moto.apigateway. Once per process."""
    moto = models("apigateway")
    wrap(moto.Authorizer, "__init__", _authorizer)
    wrap(moto.Authorizer, "apply_operations", _other_pools)
    wrap(moto.RestAPI, "apply_patch_operations", _settings)
    wrap(moto.RestAPI, "get_deployment", _deployment)
    responses = importlib.import_module("moto.apigateway.responses").APIGatewayResponse
    # moto knows the address of a stage's tags only.
    importlib.import_module("moto.apigateway.urls").url_paths[TAGS] = responses.dispatch
    wrap(responses, "create_rest_api", _created)
    responses.import_rest_api = responses.create_rest_api
    responses.put_rest_api = importing.put_rest_api
    wrap(responses, "put_integration", _cache_keys)
    responses.update_deployment = _update_deployment
    responses.update_method = methods.update_method
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


def _created(original: Callable[..., Any], response: Any) -> Any:
    """moto loses the binary media types of a new API, and tells an import by its body alone."""
    if response.querystring.get("mode") == ["import"]:
        return importing.import_rest_api(response)
    status, headers, body = original(response)
    if status >= 300:
        return status, headers, body
    api = response.backend.apis[json.loads(body)["id"]]
    api.binaryMediaTypes = list(response._get_param("binaryMediaTypes") or [])
    return status, headers, json.dumps(api.to_dict())


def _cache_keys(original: Callable[..., Any], response: Any) -> Any:
    """moto loses the cache keys of an integration."""
    answered = original(response)
    parts = response.path.split("/")
    made = response.backend.get_integration(parts[2], parts[4], parts[6])
    made.cache_key_parameters = response._get_param("cacheKeyParameters") or []
    return (*answered[:2], json.dumps(made.to_json())) if isinstance(answered, tuple) else answered


def _settings(original: Callable[..., Any], api: Any, operations: list[dict[str, Any]]) -> None:
    """moto takes the text "false" for true, and looks for a media type in the value; AWS has it in the path."""
    original(api, [each for each in operations if not each["path"].startswith(BINARY_TYPES)])
    for each in operations:
        if each["path"] == ENDPOINT_SWITCH:
            api.disableExecuteApiEndpoint = str(each.get("value")).lower() == "true"
        elif each["path"].startswith(BINARY_TYPES):
            api.binaryMediaTypes = _media_types(api.binaryMediaTypes, each)


def _media_types(known: list[str], operation: Mapping[str, Any]) -> list[str]:
    """The list after one operation. The path's type is a JSON pointer's part: ``~1`` stands for a slash."""
    named = operation["path"].removeprefix(BINARY_TYPES).replace("~1", "/").replace("~0", "~")
    wanted = {"add": [named], "replace": [operation.get("value")]}.get(operation["op"], [])
    return [each for each in known if each not in (named, *wanted)] + wanted


def _deployment(original: Callable[..., Any], api: Any, deployment_id: str) -> Any:
    """moto breaks on a deployment that is not there."""
    if deployment_id not in api.deployments:
        raise importlib.import_module("moto.apigateway.exceptions").DeploymentNotFoundException()
    return original(api, deployment_id)


def _update_deployment(response: Any) -> str:
    """UpdateDeployment, which moto has not got. Nothing but the description of a deployment can be changed."""
    parts = response.path.split("/")
    deployment = response.backend.get_deployment(parts[2], parts[4])
    operations = response._get_param("patchOperations") or []
    for each in operations:
        if (each["op"], each["path"]) != ("replace", "/description"):
            raise importlib.import_module("moto.apigateway.exceptions").BadRequestException(
                f"Invalid patch path  '{each['path']}' specified for op '{each['op']}'. "
                "Must be one of: [/description]"
            )
    for each in operations:
        deployment.description = each.get("value") or ""
    return json.dumps(deployment.to_json())


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
