"""What we fix in moto's API Gateway: settings that it loses or cannot change.

In the fixes of operations, `operation` is moto's object for one call of the API: its path, its parameters and
the backend of its region.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from accountsctl.localcloud.moto_services import api_settings, deployments, importing, methods, stage_settings
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patch_operations import PatchOperation, invalid_path
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.apigateway.models import (
        Authorizer,
        Integration,
        IntegrationResponse,
        Resource,
        RestAPI,
    )
    from moto.apigateway.responses import APIGatewayResponse
    from moto.core.common_types import TYPE_RESPONSE

POOLS = "/providerARNs"
TAGS = "{{0}}/tags/arn:(?P<partition>[^/]+):apigateway:(?P<region_name>[^/]+)::/{}/(?P<function_id>[^/]+)$"
DRAFT = "http://json-schema.org/draft-04/schema#"


def install() -> None:
    """Fix moto.apigateway. Once per process."""
    moto = models("apigateway")
    wrap(moto.Authorizer, "__init__", _authorizer)
    wrap(moto.Authorizer, "apply_operations", _change_pools)
    wrap(moto.RestAPI, "apply_patch_operations", api_settings.change)
    wrap(moto.Stage, "apply_operations", stage_settings.change)
    deployments.install(moto.RestAPI)
    responses = importlib.import_module("moto.apigateway.responses").APIGatewayResponse
    # Of all tags, moto has a route for those of stages only.
    for kind in ("restapis", "apikeys", "usageplans"):
        importlib.import_module("moto.apigateway.urls").url_paths[TAGS.format(kind)] = responses.dispatch
    wrap(responses, "create_rest_api", _create_rest_api)
    responses.import_rest_api = responses.create_rest_api
    responses.put_rest_api = importing.put_rest_api
    wrap(responses, "put_integration", _put_integration)
    wrap(responses, "create_authorizer", _create_authorizer)
    wrap(moto.Resource, "add_integration", _add_integration)
    wrap(moto.Integration, "to_json", _integration)
    wrap(moto.Integration, "create_integration_response", _add_integration_response)
    wrap(moto.IntegrationResponse, "to_json", _integration_response)
    responses.update_deployment = _update_deployment
    responses.update_method = methods.update_method
    wrap(responses, "get_tags", _get_tags)
    wrap(responses, "tag_resource", _tag_resource)
    wrap(responses, "untag_resource", _untag_resource)


def _authorizer(
    original: Callable[..., None], authorizer: Authorizer, *args: object, **named: object
) -> None:
    """moto misspells the argument on its way here, so that the expression was lost."""
    named.setdefault("identity_validation_expression", named.pop("identiy_validation_expression", None))
    original(authorizer, *args, **named)


def _change_pools(
    original: Callable[..., Authorizer], authorizer: Authorizer, operations: list[PatchOperation]
) -> Authorizer:
    """moto cannot change the pools of an authorizer."""
    for operation in operations:
        if operation["path"].startswith(POOLS):
            arns = [arn for arn in authorizer.provider_arns or [] if arn != operation.get("value")]
            authorizer.provider_arns = arns + ([operation["value"]] if operation["op"] == "add" else [])
    others = [operation for operation in operations if not operation["path"].startswith(POOLS)]
    return original(authorizer, others)


def _create_rest_api(
    original: Callable[[APIGatewayResponse], TYPE_RESPONSE], operation: APIGatewayResponse
) -> TYPE_RESPONSE:
    """moto loses the binary media types of a new API, and recognizes an import by its body alone."""
    if operation.querystring.get("mode") == ["import"]:
        return importing.import_rest_api(operation)
    status, headers, body = original(operation)
    if status >= 300:
        return status, headers, body
    api = operation.backend.apis[json.loads(body)["id"]]
    api.binaryMediaTypes = list(operation._get_param("binaryMediaTypes") or [])
    api.version = operation._get_param("version")
    add_default_models(api)
    return status, headers, json.dumps(api.to_dict())


def add_default_models(api: RestAPI) -> None:
    """The two models that API Gateway gives to every new REST API."""
    for name, properties in (("Empty", None), ("Error", {"message": {"type": "string"}})):
        schema = {"$schema": DRAFT, "title": f"{name} Schema", "type": "object"}
        text = json.dumps({**schema, "properties": properties} if properties else schema)
        api.add_model(name, f"This is a default {name.lower()} schema model", text, "application/json")


def _create_authorizer(
    original: Callable[[APIGatewayResponse], TYPE_RESPONSE], operation: APIGatewayResponse
) -> TYPE_RESPONSE:
    """moto answers the default of a time to live that was not given; AWS leaves it out."""
    status, headers, body = original(operation)
    answer = json.loads(body)
    if status < 300 and operation._get_param("authorizerResultTtlInSeconds") is None:
        authorizer = operation.backend.get_authorizer(operation.path.split("/")[2], answer["id"])
        authorizer.authorizer_result_ttl = None
        answer = authorizer.to_json()
    return status, headers, json.dumps(answer)


def _add_integration(
    original: Callable[..., Integration], resource: Resource, *args: object, **named: object
) -> Integration:
    """AWS names the cache of an integration after its resource."""
    integration = original(resource, *args, **named)
    integration.cache_namespace = integration.cache_namespace or resource.id
    return integration


def _integration(
    original: Callable[[Integration], dict[str, object]], integration: Integration
) -> dict[str, object]:
    """moto loses the connection of an integration to a VPC link."""
    return {**original(integration), "connectionId": getattr(integration, "connection_id", None)}


def _add_integration_response(
    original: Callable[..., IntegrationResponse], integration: Integration, *args: object, **named: object
) -> IntegrationResponse:
    """AWS answers templates that were given, an empty map too, and none that were not; to moto both are one."""
    response = original(integration, *args, **named)
    given = named.get("response_templates", args[2] if len(args) > 2 else None)
    if given is None:
        response.response_templates = None  # type: ignore[assignment]  # moto's own annotation is too narrow
    return response


def _integration_response(
    original: Callable[[IntegrationResponse], dict[str, object]], response: IntegrationResponse
) -> dict[str, object]:
    """moto loses an empty pattern; AWS answers it as it was given."""
    answer = original(response)
    if response.selection_pattern is not None:
        answer["selectionPattern"] = response.selection_pattern
    return answer


def _put_integration(
    original: Callable[[APIGatewayResponse], TYPE_RESPONSE], operation: APIGatewayResponse
) -> TYPE_RESPONSE:
    """moto loses the cache keys and the connection of an integration."""
    status, headers, _ = original(operation)
    parts = operation.path.split("/")
    integration = operation.backend.get_integration(parts[2], parts[4], parts[6])
    integration.cache_key_parameters = operation._get_param("cacheKeyParameters") or []
    integration.__dict__["connection_id"] = operation._get_param("connectionId")
    return status, headers, json.dumps(integration.to_json())


def _update_deployment(operation: APIGatewayResponse) -> str:
    """UpdateDeployment, which moto does not have. Only the description of a deployment can be changed."""
    parts = operation.path.split("/")
    deployment = operation.backend.get_deployment(parts[2], parts[4])
    changes: list[PatchOperation] = operation._get_param("patchOperations") or []
    for change in changes:
        if (change["op"], change["path"]) != ("replace", "/description"):
            raise invalid_path(change, ["description"])
    for change in changes:
        deployment.description = change.get("value") or ""
    return json.dumps(deployment.to_json())


def _get_tags(original: Callable[[APIGatewayResponse], str], operation: APIGatewayResponse) -> str:
    tagged = _tagged(operation)
    return original(operation) if tagged is None else json.dumps({"tags": tagged.tags or {}})


def _tag_resource(original: Callable[[APIGatewayResponse], str], operation: APIGatewayResponse) -> str:
    tagged = _tagged(operation)
    if tagged is None:
        return original(operation)
    tagged.tags = {**(tagged.tags or {}), **(operation._get_param("tags") or {})}
    return json.dumps({})


def _untag_resource(original: Callable[[APIGatewayResponse], str], operation: APIGatewayResponse) -> str:
    tagged = _tagged(operation)
    if tagged is None:
        return original(operation)
    removed = operation.querystring.get("tagKeys") or []
    tagged.tags = {key: value for key, value in (tagged.tags or {}).items() if key not in removed}
    return json.dumps({})


class _Tagged(Protocol):
    """What has tags in moto's API Gateway: an API, an API key or a usage plan."""

    tags: Any


def _tagged(operation: APIGatewayResponse) -> _Tagged | None:
    """What the tags are requested of; None for a stage, whose tags moto stores itself."""
    *_, kind, name = unquote(operation.path.split("/tags/")[1]).split("/")
    match kind:
        case "restapis":
            return operation.backend.apis.get(name)
        case "apikeys":
            return operation.backend.keys.get(name)
        case "usageplans":
            return operation.backend.usage_plans.get(name)
        case _:
            return None
