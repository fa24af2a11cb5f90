"""What API Gateway refuses of a call before it changes anything, in its own words.

The texts are those that were recorded on AWS, as far as tests/local/apigateway/recorded has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.lambda_calls.roles import trusted
from accountsctl.localcloud.moto_services.rest_apis.api_checks import create_rest_api, update_rest_api
from accountsctl.localcloud.moto_services.rest_apis.integration_checks import (
    put_integration,
    put_integration_response,
)
from accountsctl.localcloud.moto_services.rest_apis.method_checks import put_method, update_method
from accountsctl.localcloud.moto_services.rest_apis.operations import (
    ControlCall,
    bad_request,
    conflict,
    not_found,
    not_imitated,
)
from accountsctl.localcloud.moto_services.rest_apis.stage_checks import (
    check_stage,
    create_stage,
    update_stage,
)

if TYPE_CHECKING:
    from moto.apigateway.models import Method, Resource, RestAPI

CONCURRENT = "Unable to complete operation due to concurrent modification. Please try again later."
EMPTY_SCHEMA = "Model schema must have at least 1 property or array items defined"


LONGEST_DESCRIPTION = 125_000  # of an API key, in characters
NOT_MADE = ("CreateBasePathMapping", "CreateDomainName", "CreateVpcLink")
"""Operations that are checked and then refused: nothing here would serve what they make."""


def check(call: ControlCall) -> None:
    """Raise GatewayFault for a call that API Gateway refuses. The REST API that the path names is there."""
    _plans(call)
    _of_account(call)
    _arn(call)
    if call.api is not None:
        _parts(call, call.api)
    found = _CHECKS.get(call.name)
    if found is not None:
        found(call)


def _parts(call: ControlCall, api: RestAPI) -> None:
    """Whatever the path names within the API must be there."""
    resource = call.path.get("resource_id") or call.path.get("parent_id")
    if resource is not None and resource not in api.resources:
        raise not_found("Invalid Resource identifier specified")
    method = call.path.get("http_method")
    if resource is not None and method is not None and call.name != "PutMethod":
        found = api.resources[resource].resource_methods.get(method)
        if found is None and call.name == "DeleteIntegrationResponse":
            raise not_found("Invalid Integration identifier specified")
        if found is None:
            raise not_found("Invalid Method identifier specified")
        of_integration = "/integration" in call.model.http["requestUri"] and call.name != "PutIntegration"
        if of_integration and found.method_integration is None:
            raise not_found("Invalid Integration identifier specified")
        _status(call, found)
    _named(call, "model_name", api.models, "Invalid model name specified: {}")
    _named(
        call, "requestvalidator_id", api.request_validators, "Invalid Request Validator identifier specified"
    )
    _named(call, "authorizer_id", api.authorizers, "Invalid Authorizer identifier specified")


def _status(call: ControlCall, method: Method) -> None:
    """A response of a method or of its integration that is read or removed must be there."""
    status = call.path.get("status_code")
    if status is None or call.name.startswith("Put"):
        return
    integration = method.method_integration
    if "/integration" not in call.model.http["requestUri"]:
        held: Iterable[str] = method.method_responses
    else:
        held = (integration.integration_responses if integration is not None else None) or ()
    if status not in held:
        raise not_found("Invalid Response status code specified")


def _plans(call: ControlCall) -> None:
    """A usage plan, and the key of one, must be there; a plan that is not there has no keys."""
    plan = call.path.get("usageplanId")
    if call.name != "GetUsagePlanKeys" and plan is not None and plan not in call.backend.usage_plans:
        raise not_found("Invalid Usage Plan ID specified")
    key = call.path.get("keyId")
    if plan is not None and key is not None and key not in call.backend.usage_plan_keys.get(plan, {}):
        raise not_found("Invalid API Key identifier specified")


def _of_account(call: ControlCall) -> None:
    """A VPC link and a domain name must be there; none is made here, because none is served."""
    if call.path.get("vpclink_id"):
        raise not_found("Invalid Vpc Link identifier specified")
    if call.path.get("domain_name"):
        raise not_found("Invalid domain name identifier specified")


def _create_vpc_link(call: ControlCall) -> None:
    if not call.body.get("name"):
        raise bad_request("Name cannot be empty")
    for arn in call.body.get("targetArns") or []:
        if not re.fullmatch("arn:(?:[^:]*:){4}.+", arn):
            raise bad_request(f"Invalid ARN. ARN is not well formed {arn}")
    raise not_imitated("VPC links")


def _create_domain_name(call: ControlCall) -> None:
    if not call.body.get("domainName"):
        raise bad_request("No Domain Name specified")
    raise not_imitated("custom domain names")


def _update_account(call: ControlCall) -> None:
    for operation in call.operations:
        role = operation.get("value") if operation.get("path") == "/cloudwatchRoleArn" else None
        if role and not trusted(role, "apigateway.amazonaws.com"):
            raise bad_request(
                "The role ARN does not have required permissions configured. Please grant trust permission for API"
                " Gateway and add the required role policy."
            )


def _arn(call: ControlCall) -> None:
    """Tags belong to an ARN of API Gateway."""
    arn = call.path.get("resource_arn")
    if arn is not None and not re.match(r"arn:[\w-]+:apigateway:[\w-]+::/", arn):
        raise bad_request("Invalid ARN specified in the request")


def _named(call: ControlCall, parameter: str, held: Iterable[str], message: str) -> None:
    name = call.path.get(parameter)
    if name is not None and name not in held:
        raise not_found(message.format(name))


def is_variable(part: str) -> bool:
    """Whether a path part is a parameter."""
    return part.startswith("{")


def sibling_faults(siblings: Iterable[Resource], part: str) -> None:
    """Raise GatewayFault if a part cannot stand beside its siblings."""
    for sibling in siblings:
        if sibling.path_part == part:
            raise conflict(f"Another resource with the same parent already has this name: {part}")
        if is_variable(part) and is_variable(sibling.path_part):
            raise bad_request(
                f"A sibling ({sibling.path_part}) of this resource already has a variable path part "
                "-- only one is allowed"
            )


def _create_resource(call: ControlCall) -> None:
    api = call.api
    assert api is not None  # `_check_api` of control has seen it
    parent = api.resources[call.path["parent_id"]]
    if parent.path_part.endswith("+}"):
        raise bad_request(
            f"Cannot create a child of a resource with a greedy path variable: {parent.path_part}"
        )
    part = str(call.body.get("pathPart") or "")
    sibling_faults([child for child in api.resources.values() if child.parent_id == parent.id], part)


def _create_model(call: ControlCall) -> None:
    api = call.api
    assert api is not None
    if not call.body.get("name"):
        raise bad_request("Model name must be non-empty")
    if not re.fullmatch("[A-Za-z0-9]+", call.body["name"]):
        raise bad_request(f"Model name must be alphanumeric: {call.body['name']}")
    if call.body["name"] in api.models:
        raise conflict("Model name already exists for this REST API")
    schema = call.body.get("schema")
    if not schema:
        raise bad_request(EMPTY_SCHEMA)
    try:
        json.loads(schema)
    except ValueError:
        raise bad_request("Invalid model specified: Model reference must be in canonical form") from None


def _delete_model(call: ControlCall) -> None:
    api = call.api
    assert api is not None
    name = call.path["model_name"]
    for resource in reversed(list(api.resources.values())):
        for verb, method in resource.resource_methods.items():
            if name in (method.request_models or {}).values():
                place = f"{resource.get_path()}/{verb}"
                raise conflict(f"Cannot delete model '{name}', is referenced in method request: {place}")
            for response in method.method_responses.values():
                if name in (response.response_models or {}).values():
                    place = f"{resource.get_path()}/{verb}"
                    raise conflict(f"Cannot delete model '{name}', is referenced in method response: {place}")


def _delete_authorizer(call: ControlCall) -> None:
    api = call.api
    assert api is not None
    identifier = call.path["authorizer_id"]
    for resource in api.resources.values():
        for verb, method in resource.resource_methods.items():
            if method.authorizer_id == identifier:
                name, place = api.authorizers[identifier].name, f"{resource.get_path()}/{verb}"
                raise conflict(f"Cannot delete authorizer '{name}', is referenced in method: {place}")


def _create_api_key(call: ControlCall) -> None:
    if len(call.body.get("name") or "") > 1024:
        raise bad_request("Invalid API Key name, can be at most 1024 characters.")
    if len(call.body.get("description") or "") > LONGEST_DESCRIPTION:
        raise bad_request("Invalid API Key description specified.")
    value = call.body.get("value")
    if value and len(value) < 20:
        raise bad_request("API Key value should be at least 20 characters")
    if value and len(value) > 128:
        raise bad_request("API Key value exceeds maximum size of 128 characters")


def _update_request_validator(call: ControlCall) -> None:
    allowed = ("/name", "/validateRequestParameters", "/validateRequestBody")
    for operation in call.operations:
        if operation.get("path") not in allowed:
            raise bad_request(
                f"Invalid patch path  '{operation.get('path')}' specified for op '{operation.get('op')}'. "
                f"Must be one of: [{', '.join(allowed)}]"
            )
        if operation.get("op") != "replace":
            raise bad_request(
                f"Invalid patch path  '{operation.get('path')}' specified for op '{operation.get('op')}'. Please"
                " choose supported operations"
            )
        if operation["path"] == "/name" and not operation.get("value"):
            raise bad_request("Request Validator name cannot be blank")


def _delete_gateway_response(call: ControlCall) -> None:
    api = call.api
    assert api is not None
    if call.path["response_type"] not in api.gateway_responses:
        raise not_found("Gateway response type not defined on api")


_CHECKS: Mapping[str, Callable[[ControlCall], None]] = {
    "CreateApiKey": _create_api_key,
    "CreateDeployment": check_stage,
    "CreateDomainName": _create_domain_name,
    "CreateModel": _create_model,
    "CreateResource": _create_resource,
    "CreateRestApi": create_rest_api,
    "CreateStage": create_stage,
    "CreateVpcLink": _create_vpc_link,
    "DeleteAuthorizer": _delete_authorizer,
    "DeleteGatewayResponse": _delete_gateway_response,
    "DeleteModel": _delete_model,
    "PutIntegration": put_integration,
    "PutIntegrationResponse": put_integration_response,
    "PutMethod": put_method,
    "UpdateAccount": _update_account,
    "UpdateMethod": update_method,
    "UpdateRequestValidator": _update_request_validator,
    "UpdateRestApi": update_rest_api,
    "UpdateStage": update_stage,
}
