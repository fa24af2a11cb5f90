"""PutRestApi and ImportRestApi: a document's resources, made in moto's API Gateway.

moto reads a small part of OpenAPI 3 and none of API Gateway's extensions but the integration.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.openapi import OpenApiError, parse, read

MODELS = "https://apigateway.amazonaws.com/restapis/{}/models/"
REFERENCES = ("#/definitions/", "#/components/schemas/")


@dataclass(frozen=True)
class _Ids:
    """The ids that moto gave a document's authorizers and validators, by their names."""

    authorizers: Mapping[str, str]
    validators: Mapping[str, str]


def import_rest_api(response: Any) -> Any:
    """ImportRestApi: a new API of a document."""
    described = _described(response)
    named = described["name"] or "API"
    kinds = response.querystring.get("endpointConfigurationTypes")
    endpoint = {"types": kinds} if kinds else None
    api = response.backend.create_rest_api(
        name=named, description=described["description"], endpoint_configuration=endpoint
    )
    try:
        apply(response.backend, api, described)
    except Exception:
        response.backend.delete_rest_api(api.id)
        raise
    return 201, {"status": 201}, json.dumps({**api.to_dict(), "warnings": described["warnings"]})


def put_rest_api(response: Any) -> Any:
    """PutRestApi, merging or overwriting."""
    backend = response.backend
    api = backend.get_rest_api(response.path.split("/")[2])
    mode = response.querystring.get("mode", ["merge"])[0]
    if mode not in ("merge", "overwrite"):
        raise _bad_request(f"Unrecognized or unsupported mode: {mode}")
    described = _described(response)
    if mode == "overwrite":
        _clear(api)
    if described["name"]:
        api.name = described["name"]
    if described["description"] is not None:
        api.description = described["description"]
    apply(backend, api, described)
    return 200, {}, json.dumps({**api.to_dict(), "warnings": described["warnings"]})


def apply(backend: Any, api: Any, described: Mapping[str, Any]) -> None:
    """Make in `api` what `openapi.read` found."""
    if described["version"]:
        api.version = str(described["version"])
    _set(api, described["settings"])
    ids = _Ids(
        {name: _authorizer(backend, api, each) for name, each in described["authorizers"].items()},
        {name: _validator(api, name, each) for name, each in described["validators"].items()},
    )
    for name, schema in described["models"].items():
        text = json.dumps(_referring(api.id, schema))
        api.add_model(name=name, description="", schema=text, content_type="application/json")
    for kind, each in described["gatewayResponses"].items():
        api.put_gateway_response(
            kind, each["statusCode"], each["responseParameters"], each["responseTemplates"]
        )
    for path, methods in described["paths"].items():
        resource = _resource(backend, api, path)
        for verb, method in methods.items():
            _method(backend, (api.id, resource.id, verb), method, ids)


def _described(response: Any) -> dict[str, Any]:
    base = response.querystring.get("basepath", ["ignore"])[0]
    if base not in ("ignore", ""):
        raise NotImplementedError(f"importing with basepath={base}")
    try:
        described = read(parse(response.body))
    except OpenApiError as fault:
        raise _bad_request(str(fault)) from None
    strict = response.querystring.get("failonwarnings", ["false"])[0] == "true"
    if strict and described["warnings"]:
        told = "\n".join(f"\t{each}" for each in described["warnings"])
        raise _bad_request(f"Warnings found during import:\n{told}")
    return described


def _clear(api: Any) -> None:
    """Everything that a document can describe; the root resource keeps its id."""
    root = api.resources[api.root_resource_id]
    root.resource_methods = {}
    api.resources = {root.id: root}
    for table in (api.authorizers, api.request_validators, api.models, api.gateway_responses):
        table.clear()
    _set(api, {"policy": None, "binaryMediaTypes": []})


def _set(api: Any, settings: Mapping[str, Any]) -> None:
    names = {
        "apiKeySource": "api_key_source",
        "minimumCompressionSize": "minimum_compression_size",
    }
    for key, value in settings.items():
        setattr(api, names.get(key, key), value)


def _authorizer(backend: Any, api: Any, each: Mapping[str, Any]) -> str:
    """An authorizer of that name is replaced in place, so that methods which name its id still do."""
    for known in list(api.authorizers.values()):
        if known.name == each["name"]:
            del api.authorizers[known.id]
    made = backend.create_authorizer(
        restapi_id=api.id,
        name=each["name"],
        authorizer_type=each["type"],
        provider_arns=each.get("providerARNs"),
        auth_type=each.get("authType"),
        authorizer_uri=each.get("authorizerUri"),
        authorizer_credentials=each.get("authorizerCredentials"),
        identity_source=each.get("identitySource"),
        identiy_validation_expression=each.get("identityValidationExpression"),  # moto's spelling
        authorizer_result_ttl=each.get("authorizerResultTtlInSeconds", 300),
    )
    return str(made.id)


def _validator(api: Any, name: str, each: Mapping[str, Any]) -> str:
    for known in list(api.request_validators.values()):
        if known.name == name:
            del api.request_validators[known.id]
    made = api.create_request_validator(
        name, bool(each.get("validateRequestBody")), bool(each.get("validateRequestParameters"))
    )
    return str(made.id)


def _resource(backend: Any, api: Any, path: str) -> Any:
    """The resource of a path, made with those above it where they are not there."""
    place = api.resources[api.root_resource_id]
    for part in [part for part in path.split("/") if part]:
        known = [r for r in api.resources.values() if r.parent_id == place.id and r.path_part == part]
        place = known[0] if known else backend.create_resource(api.id, place.id, part)
    return place


def _method(
    backend: Any,
    where: tuple[str, str, str],
    described: Mapping[str, Any],
    ids: _Ids,
) -> None:
    """Put a method and its integration. `where`: the ids of API and resource, and the verb."""
    backend.put_method(
        *where,
        described["authorizationType"],
        api_key_required=described["apiKeyRequired"],
        request_parameters=described["requestParameters"] or None,
        request_models=described["requestModels"] or None,
        operation_name=described["operationName"],
        authorizer_id=ids.authorizers.get(described.get("authorizer", "")),
        authorization_scopes=described.get("authorizationScopes"),
        request_validator_id=ids.validators.get(described["validator"] or ""),
    )
    for status, each in described["methodResponses"].items():
        backend.put_method_response(*where, status, each["responseModels"], each["responseParameters"])
    if "integration" in described:
        _integration(backend, where, described)


def _integration(backend: Any, where: tuple[str, str, str], described: Mapping[str, Any]) -> None:
    each = described["integration"]
    made = backend.put_integration(
        *where,
        each["type"],
        each.get("uri"),
        each["httpMethod"],
        credentials=each.get("credentials"),
        request_templates=each.get("requestTemplates"),
        passthrough_behavior=each["passthroughBehavior"],
        tls_config=each.get("tlsConfig"),
        cache_namespace=each.get("cacheNamespace"),
        timeout_in_millis=each.get("timeoutInMillis"),
        request_parameters=each.get("requestParameters"),
        content_handling=each.get("contentHandling"),
    )
    made.cache_key_parameters = each.get("cacheKeyParameters") or []
    for response in described["integrationResponses"]:
        backend.put_integration_response(
            *where,
            response["statusCode"],
            response["selectionPattern"],
            response["responseTemplates"],
            response["responseParameters"],
            response["contentHandling"],
        )


def _referring(api_id: str, schema: Any) -> Any:
    """A schema whose references into its document became those that models have among themselves."""
    if isinstance(schema, Mapping):
        return {
            key: _reference(api_id, v) if key == "$ref" else _referring(api_id, v)
            for key, v in schema.items()
        }
    return [_referring(api_id, each) for each in schema] if isinstance(schema, list) else schema


def _reference(api_id: str, target: Any) -> Any:
    for start in REFERENCES:
        if isinstance(target, str) and target.startswith(start):
            return MODELS.format(api_id) + target.removeprefix(start)
    return target


def _bad_request(message: str) -> Exception:
    made: Exception = importlib.import_module("moto.apigateway.exceptions").BadRequestException(message)
    return made
