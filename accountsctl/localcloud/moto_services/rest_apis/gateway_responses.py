"""Gateway responses: every type is there, by default too, and a default follows DEFAULT_4XX or DEFAULT_5XX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, not_found

if TYPE_CHECKING:
    from moto.apigateway.models import GatewayResponse, RestAPI

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
STATUSES = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}
TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}


def get(call: ControlCall) -> JsonObject:
    """GetGatewayResponse."""
    return _described(_api(call), call.path["response_type"])


def list_all(call: ControlCall) -> JsonObject:
    """GetGatewayResponses, in the order of their names."""
    return {"item": [_described(_api(call), kind) for kind in STATUSES]}


def put(call: ControlCall) -> JsonObject:
    """PutGatewayResponse; what it leaves open is stored as open, and answered by the type's own default."""
    kind = call.path["response_type"]
    call.backend.put_gateway_response(
        rest_api_id=call.path["restapi_id"],
        response_type=kind,
        status_code=call.body.get("statusCode"),  # type: ignore[arg-type]  # moto's own annotation is too narrow
        response_parameters=call.body.get("responseParameters"),
        response_templates=call.body.get("responseTemplates"),
    )
    return _described(_api(call), kind)


def _api(call: ControlCall) -> RestAPI:
    if call.api is None:
        raise not_found("Invalid API identifier specified")
    return call.api


def _described(api: RestAPI, kind: str) -> JsonObject:
    own = api.gateway_responses.get(kind)
    if own is not None:
        return _answer(kind, own, default=False)
    return _answer(kind, api.gateway_responses.get(_family(kind)), default=True)


def _family(kind: str) -> str:
    return "DEFAULT_5XX" if (STATUSES[kind] or "").startswith("5") else "DEFAULT_4XX"


def _answer(kind: str, held: GatewayResponse | None, *, default: bool) -> JsonObject:
    """A type's answer, from what is `held` for it; a type that takes another's settings takes its status too."""
    status = (held.status_code if held is not None else None) or STATUSES[kind]
    return {
        "responseType": kind,
        "defaultResponse": default,
        "statusCode": status,
        "responseParameters": (held.response_parameters if held is not None else None) or {},
        "responseTemplates": (held.response_templates if held is not None else None) or TEMPLATES,
    }
