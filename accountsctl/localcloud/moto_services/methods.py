"""UpdateMethod, which moto has not got."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any

SCALARS = {
    "authorizationType": "authorization_type",
    "authorizerId": "authorizer_id",
    "operationName": "operation_name",
    "requestValidatorId": "request_validator_id",
}
MAPS = {"requestParameters": "request_parameters", "requestModels": "request_models"}
SCOPES = "authorizationScopes"
KEY = "apiKeyRequired"


def update_method(response: Any) -> str:
    """All patch operations, or none where one is not understood."""
    parts = response.path.split("/")
    method = response.backend.get_method(parts[2], parts[4], parts[6])
    operations = response._get_param("patchOperations") or []
    changed = dict(method.__dict__)
    for each in operations:
        _apply(changed, each)
    method.__dict__.update(changed)
    return json.dumps(method.to_json())


def _apply(method: dict[str, Any], operation: Mapping[str, Any]) -> None:
    verb, value = operation["op"], operation.get("value")
    name, _, member = operation["path"].lstrip("/").partition("/")
    member = member.replace("~1", "/").replace("~0", "~")
    if name in SCALARS and verb == "replace":
        method[SCALARS[name]] = value or None
    elif name == KEY and verb == "replace":
        method["api_key_required"] = str(value).lower() == "true"
    elif name == SCOPES and verb in ("add", "remove"):
        kept = [each for each in method["authorization_scopes"] or [] if each != value]
        method["authorization_scopes"] = [*kept, value] if verb == "add" else kept
    elif name in MAPS and member and verb in ("add", "replace", "remove"):
        _member(method, name, member, None if verb == "remove" else value)
    else:
        known = [*SCALARS, KEY, SCOPES, *(f"{each}/{{name}}" for each in MAPS)]
        raise importlib.import_module("moto.apigateway.exceptions").BadRequestException(
            f"Invalid patch path  '{operation['path']}' specified for op '{verb}'. "
            f"Must be one of: [/{', /'.join(known)}]"
        )


def _member(method: dict[str, Any], name: str, member: str, value: str | None) -> None:
    """One parameter (whether it is required) or model (its name); None takes it away."""
    kept = {key: each for key, each in (method[MAPS[name]] or {}).items() if key != member}
    if name == "requestParameters" and value is not None:
        kept[member] = value.lower() == "true"
    elif value is not None:
        kept[member] = value
    method[MAPS[name]] = kept
