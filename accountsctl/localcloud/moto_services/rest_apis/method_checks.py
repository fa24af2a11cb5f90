"""What API Gateway refuses of PutMethod and UpdateMethod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.mappings import parameter_faults
from accountsctl.localcloud.moto_services.patch_operations import unescaped
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request, conflict

if TYPE_CHECKING:
    from moto.apigateway.models import Method, RestAPI

VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
NO_AUTHORIZER = (
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
    "requires a valid authorizer."
)
REPLACE_ONLY = "Invalid patch operation specified. Must be one of: [replace]"
WITH_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")
REPLACED = ("apiKeyRequired", "authorizationType", "authorizerId", "operationName", "requestValidatorId")
MAPS = ("requestModels", "requestParameters")


def put_method(call: ControlCall) -> None:
    """Raise GatewayFault for a verb, an authorizer, a validator or a model that is not there."""
    api = call.api
    assert api is not None
    if call.path["http_method"] not in VERBS:
        raise bad_request(f"Invalid HttpMethod specified. Valid options are {','.join(VERBS)}")
    if call.path["http_method"] in api.resources[call.path["resource_id"]].resource_methods:
        raise conflict("Method already exists for this resource")
    for fault in parameter_faults(call.body.get("requestParameters") or {}):
        raise bad_request(fault)
    kind = call.body.get("authorizationType") or "NONE"
    _check_authorizer(api, kind, call.body.get("authorizerId"))
    _check_validator(api, call.body.get("requestValidatorId"))
    for name in (call.body.get("requestModels") or {}).values():
        _check_model(api, name)


def update_method(call: ControlCall) -> None:
    """Raise GatewayFault for a patch operation that is not valid, or for what it would lead to."""
    api = call.api
    assert api is not None
    method = api.resources[call.path["resource_id"]].resource_methods[call.path["http_method"]]
    for operation in call.operations:
        _check_path(str(operation.get("op")), str(operation.get("path")))
    values = {
        str(operation["path"])[1:]: operation.get("value")
        for operation in call.operations
        if operation["op"] != "remove"
    }
    _check_result(api, method, values)


def _check_result(api: RestAPI, method: Method, values: dict[str, str | None]) -> None:
    kind = values.get("authorizationType", method.authorization_type)
    _check_authorizer(api, kind, values.get("authorizerId", method.authorizer_id))
    _check_validator(api, values.get("requestValidatorId"))
    for path, value in values.items():
        if path.startswith("requestModels/"):
            _check_model(api, value or "")


def _check_path(verb: str, path: str) -> None:
    name, _, member = path.lstrip("/").partition("/")
    if name in REPLACED and not member:
        if verb != "replace":
            raise bad_request(REPLACE_ONLY)
    elif name == "authorizationScopes":
        return
    elif name not in MAPS or not member or "/" in member or not unescaped(member):
        raise bad_request(f"Invalid patch path {path}")


def _check_authorizer(api: RestAPI, kind: str | None, authorizer: str | None) -> None:
    if kind in WITH_AUTHORIZER and authorizer not in api.authorizers:
        raise bad_request(NO_AUTHORIZER)


def _check_validator(api: RestAPI, validator: str | None) -> None:
    if validator and validator not in api.request_validators:
        raise bad_request("Invalid Request Validator identifier specified")


def _check_model(api: RestAPI, name: str) -> None:
    if name not in api.models and name not in ("Empty", "Error"):
        raise bad_request(f"Invalid model identifier specified: {name}")
