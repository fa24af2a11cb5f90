"""One call of API Gateway's control plane, from the request to AWS's answer.

The stages: find the operation; refuse what AWS refuses; do what moto lacks here, the rest in moto; translate moto's
errors; give the answer AWS's shape. What neither can do is refused with 501, in API Gateway's own shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.errors import not_imitated, refusal
from accountsctl.localcloud.moto_services.rest_apis import checks, enums, own
from accountsctl.localcloud.moto_services.rest_apis.operations import (
    ControlCall,
    GatewayFault,
    bad_request,
    call_of,
    not_found,
)
from accountsctl.localcloud.moto_services.rest_apis.paging import page
from accountsctl.localcloud.moto_services.rest_apis.shapes import shaped

SCOPE = "apigateway"
JSON = (("Content-Type", "application/json"),)
_TEXTS = {
    "Invalid resource identifier specified": "Invalid Resource identifier specified",
    "No integration defined for method": "Invalid Integration identifier specified",
}


def respond(request: Request, region: str, through_moto: Callable[[], Response]) -> Response:
    """AWS's answer to a call; `through_moto` has moto do it."""
    try:
        call = call_of(request, region)
        if call is None:
            return _lacking(request)
        if request.method == "PATCH" and call.body.get("patchOperations") is None:
            raise bad_request("Invalid request input")
        enums.check(call)
        _check_api(call)
        checks.check(call)
        answer = own.answer(call)
        response = through_moto() if answer is None else Response(200, JSON, json.dumps(answer).encode())
        return _answer(call, request, response)
    except GatewayFault as fault:
        return refusal(SCOPE, fault.status, fault.code, fault.message)


def _answer(call: ControlCall, request: Request, response: Response) -> Response:
    if (response.header("Content-Type") or "").startswith("text/html") and response.status in (404, 405):
        return _lacking(request)
    if response.status >= 300:
        return _translated(response)
    if call.name == "GetExport" or call.model.has_streaming_output:
        return response
    own.finish(call)
    output = call.model.output_shape
    if output is None or request.method == "DELETE":
        return Response(call.status)
    value = json.loads(response.body or b"{}")
    body = page(call, shaped(output, own.completed(call, value), call.name))
    return Response(call.status, JSON, json.dumps(body).encode())


def failed(request: Request) -> Response:
    """501 for a call that moto breaks on: what is not understood is refused, never an internal error."""
    return not_imitated(SCOPE, f"{request.method} {request.path} with this input; see its log", request)


def _lacking(request: Request) -> Response:
    return not_imitated(SCOPE, f"{request.method} {request.path} of API Gateway", request)


def _translated(response: Response) -> Response:
    """moto's error with AWS's text."""
    try:
        error = json.loads(response.body)
    except ValueError:
        return response
    text = _TEXTS.get(error.get("message"))
    if text is None:
        return response
    return refusal(SCOPE, response.status, error.get("__type") or "NotFoundException", text)


def _check_api(call: ControlCall) -> None:
    """A REST API that is not there is answered by what the path names in it."""
    if "restapi_id" not in call.path or call.api is not None:
        return
    if call.name == "CreateAuthorizer":
        # Recorded on AWS; other calls say that the API is not there.
        raise GatewayFault(409, "ConflictException", checks.CONCURRENT)
    if call.name == "CreateRequestValidator":
        raise bad_request("Invalid REST API identifier specified")
    for parameter, message in _MISSING.items():
        if parameter in call.path:
            raise not_found(message.format(call.path[parameter]))
    raise not_found(f"Invalid API identifier specified {ACCOUNT}:{call.path['restapi_id']}")


_MISSING = {
    "resource_id": "Invalid Resource identifier specified",
    "parent_id": "Invalid Resource identifier specified",
    "model_name": "Invalid model name specified: {}",
    "requestvalidator_id": "Invalid Request Validator identifier specified",
    "authorizer_id": "Invalid Authorizer identifier specified",
    "stage_name": "Invalid stage identifier specified",
    "deployment_id": "Invalid Deployment identifier specified",
}
