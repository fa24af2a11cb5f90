"""UpdateMethod, which moto does not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.moto_services.patch_operations import PatchOperation, invalid_path, unescaped

if TYPE_CHECKING:
    from moto.apigateway.responses import APIGatewayResponse

SCALARS = {
    "authorizationType": "authorization_type",
    "authorizerId": "authorizer_id",
    "operationName": "operation_name",
    "requestValidatorId": "request_validator_id",
}
MAPS = {"requestParameters": "request_parameters", "requestModels": "request_models"}
SCOPES = "authorizationScopes"
KEY = "apiKeyRequired"
PATHS = [*SCALARS, KEY, SCOPES, *(f"{name}/{{name}}" for name in MAPS)]

MethodAttributes = dict[str, Any]
"""The attributes of one of moto's methods, by their names."""


def update_method(operation: APIGatewayResponse) -> str:
    """Apply all patch operations; none of them if one is not valid."""
    parts = operation.path.split("/")
    method = operation.backend.get_method(parts[2], parts[4], parts[6])
    # Changed in a copy, so that an operation that is refused leaves the method as it was.
    changed = dict(method.__dict__)
    for change in operation._get_param("patchOperations") or []:
        _apply(changed, change)
    method.__dict__.update(changed)
    return json.dumps(method.to_json())


def _apply(method: MethodAttributes, change: PatchOperation) -> None:
    verb, value = change["op"], change.get("value")
    name, _, member = change["path"].lstrip("/").partition("/")
    if name in SCALARS and verb == "replace":
        method[SCALARS[name]] = value or None
    elif name == KEY and verb == "replace":
        method["api_key_required"] = str(value).lower() == "true"
    elif name == SCOPES and verb in ("add", "remove"):
        others = [scope for scope in method["authorization_scopes"] or [] if scope != value]
        method["authorization_scopes"] = [*others, value] if verb == "add" else others
    elif name in MAPS and member and verb in ("add", "replace", "remove"):
        _set_member(method, name, unescaped(member), None if verb == "remove" else value)
    else:
        raise invalid_path(change, PATHS)


def _set_member(method: MethodAttributes, name: str, member: str, value: str | None) -> None:
    """Set one parameter (whether it is required) or model (its name); None removes it."""
    members = {key: value for key, value in (method[MAPS[name]] or {}).items() if key != member}
    if name == "requestParameters" and value is not None:
        members[member] = value.lower() == "true"
    elif value is not None:
        members[member] = value
    method[MAPS[name]] = members
