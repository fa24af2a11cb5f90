"""PutRestApi and ImportRestApi: create a document's resources in moto's API Gateway.

moto reads a small part of OpenAPI 3 and none of API Gateway's extensions but the integration.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.openapi import ApiDefinition, OpenApiError, parse, read

if TYPE_CHECKING:
    from moto.apigateway.models import APIGatewayBackend, Resource, RestAPI
    from moto.apigateway.responses import APIGatewayResponse
    from moto.core.common_types import TYPE_RESPONSE

MODELS = "https://apigateway.amazonaws.com/restapis/{}/models/"
REFERENCES = ("#/definitions/", "#/components/schemas/")

_PARTS = ("resources", "authorizers", "request_validators", "models", "gateway_responses")
"""Attributes of moto's API whose contents a document changes."""

Description = Mapping[str, Any]
"""What `openapi.read` returns for an API, or one of its parts, in the names of API Gateway's own API."""
Schema = object
"""A JSON schema, or any part of one."""


@dataclass(frozen=True)
class _Ids:
    """The ids that moto gave a document's authorizers and validators, by their names."""

    authorizers: Mapping[str, str]
    validators: Mapping[str, str]


def import_rest_api(operation: APIGatewayResponse) -> TYPE_RESPONSE:
    """ImportRestApi: a new API from a document."""
    description: Description = _description(operation)  # moto's own annotation does not allow None
    types = operation.querystring.get("endpointConfigurationTypes")
    # moto's annotation calls the configuration a text; it is the object of CreateRestApi.
    endpoint: Any = {"types": types} if types else None
    backend = operation.backend
    api = backend.create_rest_api(
        name=description["name"] or "API",
        description=description["description"],
        endpoint_configuration=endpoint,
    )
    try:
        apply(backend, api, description)
    except Exception:
        backend.delete_rest_api(api.id)
        raise
    return 201, {"status": 201}, json.dumps({**api.to_dict(), "warnings": description["warnings"]})


def put_rest_api(operation: APIGatewayResponse) -> TYPE_RESPONSE:
    """PutRestApi, merging or overwriting."""
    backend = operation.backend
    api = backend.get_rest_api(operation.path.split("/")[2])
    mode = operation.querystring.get("mode", ["merge"])[0]
    if mode not in ("merge", "overwrite"):
        raise _bad_request(f"Unrecognized or unsupported mode: {mode}")
    description = _description(operation)
    with _complete_or_unchanged(api):
        if mode == "overwrite":
            _clear(api)
        if description["name"]:
            api.name = description["name"]
        if description["description"] is not None:
            api.description = description["description"]
        apply(backend, api, description)
    return 200, {}, json.dumps({**api.to_dict(), "warnings": description["warnings"]})


def apply(backend: APIGatewayBackend, api: RestAPI, description: Description) -> None:
    """Create in `api` what the document describes."""
    if description["version"]:
        api.version = str(description["version"])
    _set(api, description["settings"])
    ids = _Ids(
        {name: _authorizer(backend, api, part) for name, part in description["authorizers"].items()},
        {name: _validator(api, name, part) for name, part in description["validators"].items()},
    )
    for name, schema in description["models"].items():
        text = json.dumps(_with_model_references(api.id, schema))
        api.add_model(name=name, description="", schema=text, content_type="application/json")
    for response_type, part in description["gatewayResponses"].items():
        api.put_gateway_response(
            response_type, part["statusCode"], part["responseParameters"], part["responseTemplates"]
        )
    for path, methods in description["paths"].items():
        resource = _resource(backend, api, path)
        for verb, method in methods.items():
            _method(backend, (api.id, resource.id, verb), method, ids)


@contextmanager
def _complete_or_unchanged(api: RestAPI) -> Iterator[None]:
    """Give back what `api` was if anything of a document is refused while it is applied, as API Gateway does."""
    before = dict(vars(api))
    vars(api).update(copy.deepcopy({name: before[name] for name in _PARTS}))
    try:
        yield
    except Exception:
        vars(api).clear()
        vars(api).update(before)
        raise


def _description(operation: APIGatewayResponse) -> ApiDefinition:
    """Read the request's document; refuse it if it is not valid, or if warnings are to be errors."""
    base = operation.querystring.get("basepath", ["ignore"])[0]
    if base not in ("ignore", ""):
        raise NotImplementedError(f"importing with basepath={base}")
    try:
        document = parse(operation.body)
    except OpenApiError:
        raise _bad_request("Invalid OpenAPI input.") from None  # AWS does not say where either
    try:
        description = read(document)
    except OpenApiError as fault:
        raise _bad_request(str(fault)) from None
    strict = operation.querystring.get("failonwarnings", ["false"])[0] == "true"
    if strict and description["warnings"]:
        warnings = "\n".join(f"\t{warning}" for warning in description["warnings"])
        raise _bad_request(f"Warnings found during import:\n{warnings}")
    return description


def _clear(api: RestAPI) -> None:
    """Remove everything that a document can describe; the root resource keeps its id."""
    root = api.resources[api.root_resource_id]
    root.resource_methods = {}
    api.resources = {root.id: root}
    api.authorizers.clear()
    api.request_validators.clear()
    api.models.clear()
    api.gateway_responses.clear()
    _set(api, {"policy": None, "binaryMediaTypes": []})


def _set(api: RestAPI, settings: Description) -> None:
    # Two attributes have a name of Python's kind; the others are called as in API Gateway's API.
    names = {
        "apiKeySource": "api_key_source",
        "minimumCompressionSize": "minimum_compression_size",
    }
    for key, value in settings.items():
        setattr(api, names.get(key, key), value)


def _authorizer(backend: APIGatewayBackend, api: RestAPI, part: Description) -> str:
    """Create an authorizer, in place of one of the same name; return its id."""
    for key, current in list(api.authorizers.items()):
        if current.name == part["name"]:
            del api.authorizers[key]
    authorizer = backend.create_authorizer(
        restapi_id=api.id,
        name=part["name"],
        authorizer_type=part["type"],
        provider_arns=part.get("providerARNs"),
        auth_type=part.get("authType"),
        authorizer_uri=part.get("authorizerUri"),
        authorizer_credentials=part.get("authorizerCredentials"),
        identity_source=part.get("identitySource"),
        identiy_validation_expression=part.get("identityValidationExpression"),  # moto's spelling
        authorizer_result_ttl=part.get("authorizerResultTtlInSeconds", 300),
    )
    return str(authorizer.id)


def _validator(api: RestAPI, name: str, part: Description) -> str:
    """Create a request validator, in place of one of the same name; return its id."""
    for current in list(api.request_validators.values()):
        if current.name == name:
            del api.request_validators[current.id]
    validator = api.create_request_validator(
        name, bool(part.get("validateRequestBody")), bool(part.get("validateRequestParameters"))
    )
    return str(validator.id)


def _resource(backend: APIGatewayBackend, api: RestAPI, path: str) -> Resource:
    """The resource of a path; create it, and those above it, if they do not exist."""
    resource = api.resources[api.root_resource_id]
    for part in [part for part in path.split("/") if part]:
        children = [
            child
            for child in api.resources.values()
            if child.parent_id == resource.id and child.path_part == part
        ]
        resource = children[0] if children else backend.create_resource(api.id, resource.id, part)
    return resource


def _method(
    backend: APIGatewayBackend,
    where: tuple[str, str, str],
    method: Description,
    ids: _Ids,
) -> None:
    """Put a method and its integration. `where`: the ids of API and resource, and the verb."""
    backend.put_method(
        *where,
        method["authorizationType"],
        api_key_required=method["apiKeyRequired"],
        request_parameters=method["requestParameters"] or None,
        request_models=method["requestModels"] or None,
        operation_name=method["operationName"],
        authorizer_id=ids.authorizers.get(method.get("authorizer", "")),
        authorization_scopes=method.get("authorizationScopes"),
        request_validator_id=ids.validators.get(method["validator"] or ""),
    )
    for status, part in method["methodResponses"].items():
        backend.put_method_response(*where, status, part["responseModels"], part["responseParameters"])
    if method["integration"]:
        _integration(backend, where, method)


def _integration(backend: APIGatewayBackend, where: tuple[str, str, str], method: Description) -> None:
    part = method["integration"]
    integration = backend.put_integration(
        *where,
        part["type"],
        part.get("uri"),
        part["httpMethod"],
        credentials=part.get("credentials"),
        request_templates=part.get("requestTemplates"),
        passthrough_behavior=part["passthroughBehavior"],
        tls_config=part.get("tlsConfig"),
        cache_namespace=part.get("cacheNamespace"),
        timeout_in_millis=part.get("timeoutInMillis"),
        request_parameters=part.get("requestParameters"),
        content_handling=part.get("contentHandling"),
    )
    integration.cache_key_parameters = part.get("cacheKeyParameters") or []
    for response in method["integrationResponses"]:
        backend.put_integration_response(
            *where,
            response["statusCode"],
            response["selectionPattern"] or None,  # type: ignore[arg-type]  # a document's default has none
            response["responseTemplates"] or None,  # type: ignore[arg-type]  # without templates AWS answers none
            response["responseParameters"],
            response["contentHandling"],
        )


def _with_model_references(api_id: str, schema: Schema) -> Schema:
    """The schema with references to the API's models in place of those into its document."""
    if isinstance(schema, Mapping):
        return {
            key: _reference(api_id, part) if key == "$ref" else _with_model_references(api_id, part)
            for key, part in schema.items()
        }
    if isinstance(schema, list):
        return [_with_model_references(api_id, part) for part in schema]
    return schema


def _reference(api_id: str, target: Schema) -> Schema:
    for start in REFERENCES:
        if isinstance(target, str) and target.startswith(start):
            return MODELS.format(api_id) + target.removeprefix(start)
    return target


def _bad_request(message: str) -> Exception:
    from moto.apigateway.exceptions import BadRequestException

    return BadRequestException(message)
