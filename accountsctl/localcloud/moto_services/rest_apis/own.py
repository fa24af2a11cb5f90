"""What moto lacks, or does otherwise, in API Gateway's control plane."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis import gateway_responses
from accountsctl.localcloud.moto_services.rest_apis.checks import sibling_faults
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request, not_found

if TYPE_CHECKING:
    from moto.apigateway.models import RestAPI

Own = Callable[[ControlCall], JsonObject]
"""Does one operation, and gives its answer as moto would."""


def answer(call: ControlCall) -> JsonObject | None:
    """The answer to an operation that is done here; None for one that moto does."""
    own = _OWN.get(call.name)
    return own(call) if own is not None else None


def completed(call: ControlCall, value: JsonObject) -> JsonObject:
    """moto's answer with what it left out, and without what AWS gives only on request."""
    if call.name in ("GetResources", "GetResource") and "methods" not in call.query.get("embed", []):
        for resource in value.get("item", [value]):
            resource["resourceMethods"] = {verb: {} for verb in resource.get("resourceMethods") or {}} or None
    if call.name in ("GetApiKeys", "GetUsagePlanKeys"):
        value["item"] = value["item"][::-1]  # AWS lists the newest key first
    deployment = call.query.get("deploymentId")
    if call.name == "GetStages" and deployment:
        value["item"] = [stage for stage in value["item"] if stage.get("deploymentId") in deployment]
    if call.api is not None and "stage" in call.model.name.lower():
        for stage in value.get("item", [value]):
            _dated(call.api, stage)
    return value


def _api(call: ControlCall) -> RestAPI:
    if call.api is None:
        raise not_found("Invalid API identifier specified")
    return call.api


def _delete_resource(call: ControlCall) -> JsonObject:
    """With all that lies below it."""
    api, deleted = _api(call), {call.path["resource_id"]}
    if api.resources[call.path["resource_id"]].parent_id is None:
        raise bad_request("Root resource cannot be deleted")
    while more := {child.id for child in api.resources.values() if child.parent_id in deleted} - deleted:
        deleted |= more
    for identifier in deleted:
        del api.resources[identifier]
    return {}


def _delete_api_key(call: ControlCall) -> JsonObject:
    """In the usage plans too."""
    key = call.path["api_Key"]
    if call.backend.keys.pop(key, None) is None:
        raise not_found("Invalid API Key identifier specified")
    for held in call.backend.usage_plan_keys.values():
        held.pop(key, None)
    return {}


def _update_resource(call: ControlCall) -> JsonObject:
    """Rename or move a resource; nothing is changed if an operation is not valid."""
    api = _api(call)
    resource = api.resources[call.path["resource_id"]]
    part, parent = resource.path_part, resource.parent_id
    for operation in call.operations:
        if operation.get("op") != "replace":
            raise bad_request(
                f"Invalid patch path  '{operation.get('path')}' specified for op '{operation.get('op')}'. "
                "Please choose supported operations"
            )
        match operation.get("path"):
            case "/pathPart":
                part = str(operation.get("value") or "")
            case "/parentId":
                parent = str(operation.get("value") or "")
            case path:
                raise bad_request(
                    f"Invalid patch path  '{path}' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"
                )
    if parent is None or parent not in api.resources:
        raise not_found("Invalid Resource identifier specified")
    if _is_below(api, parent, resource.id):
        raise bad_request("Resources cannot be cyclical.")
    siblings = [
        sibling
        for sibling in api.resources.values()
        if sibling.parent_id == parent and sibling is not resource
    ]
    sibling_faults(siblings, part)
    resource.path_part, resource.parent_id = part, parent
    return resource.to_dict()


def _is_below(api: RestAPI, place: str | None, ancestor: str) -> bool:
    while place is not None:
        if place == ancestor:
            return True
        place = api.resources[place].parent_id
    return False


def _update_model(call: ControlCall) -> JsonObject:
    model = _api(call).models[call.path["model_name"]]
    for operation in call.operations:
        if operation.get("op") != "replace" or operation.get("path") not in ("/schema", "/description"):
            raise bad_request(
                f"Invalid patch path  '{operation.get('path')}' specified for op '{operation.get('op')}'. "
                "Must be one of: [/description, /schema]"
            )
        if operation["path"] == "/schema" and not operation.get("value"):
            raise bad_request("Model schema must have at least 1 property or array items defined")
    for operation in call.operations:
        setattr(model, operation["path"][1:], operation.get("value") or "")
    return model.to_json()


def _update_request_validator(call: ControlCall) -> JsonObject:
    """Anything but `true` is false, nothing at all too."""
    validator = _api(call).request_validators[call.path["requestvalidator_id"]]
    for operation in call.operations:
        value = str(operation.get("value") or "")
        match operation["path"]:
            case "/name":
                validator.name = value
            case "/validateRequestBody":
                validator.validate_request_body = value.lower() == "true"
            case "/validateRequestParameters":
                validator.validate_request_parameters = value.lower() == "true"
    return validator.to_dict()


def _dated(api: RestAPI, stage: JsonObject) -> None:
    """moto's stages have no dates; those of the stage's deployment stand in where none were noted."""
    held = api.stages.get(stage.get("stageName", ""))
    if held is None:
        return
    deployment = api.deployments.get(str(held.deployment_id))
    made = getattr(held, "created_date", None) or (
        deployment.created_date if deployment else int(time.time())
    )
    stage["createdDate"] = made
    stage["lastUpdatedDate"] = getattr(held, "last_updated_date", None) or made


def finish(call: ControlCall) -> None:
    """Note the times of a stage that a call made or changed."""
    name = call.path.get("stage_name") or call.body.get("stageName")
    stage = call.api.stages.get(name) if call.api is not None and name else None
    if stage is None or call.name not in ("CreateStage", "CreateDeployment", "UpdateStage"):
        return
    now = int(time.time())
    # moto's class has neither.
    stage.__dict__.setdefault("created_date", now)
    stage.__dict__["last_updated_date"] = now


_OWN: Mapping[str, Own] = {
    "DeleteApiKey": _delete_api_key,
    "DeleteResource": _delete_resource,
    "GetGatewayResponse": gateway_responses.get,
    "GetGatewayResponses": gateway_responses.list_all,
    "PutGatewayResponse": gateway_responses.put,
    "UpdateModel": _update_model,
    "UpdateRequestValidator": _update_request_validator,
    "UpdateResource": _update_resource,
}


def is_done_here(operation: str) -> bool:
    """Whether an operation is one of those that moto is not asked for."""
    return operation in _OWN
