"""TestInvokeMethod and TestInvokeAuthorizer: the resources as they are now, not as they were deployed.

A test invocation runs only validator and integration, without authorization, and returns the execution log. A
method that works here and fails at its stage shows a forgotten deployment.

Source: logs of the real service, as people have pasted them; API Gateway documents their existence, not their text.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, TypedDict

from accountsctl.localcloud.apigateway import gateway_responses
from accountsctl.localcloud.apigateway.auth import authorizers
from accountsctl.localcloud.apigateway.call import TEST_INVOKE_STAGE, GatewayCall
from accountsctl.localcloud.apigateway.deployed.routing import RouteNode, Routes
from accountsctl.localcloud.apigateway.deployed.snapshot import DeployedApi, DeployedStage
from accountsctl.localcloud.apigateway.errors import GatewayError
from accountsctl.localcloud.apigateway.integrations.lambda_calls import cut, shown
from accountsctl.localcloud.apigateway.pipeline import DataPlane
from accountsctl.localcloud.contracts.lookups import Lookups
from accountsctl.localcloud.contracts.messages import Request, Response

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import AuthorizerTypeDef

SECRET = ("Authorization", "X-Amz-Security-Token", "X-Api-Key")
SOURCE = "test-invoke-source-ip"


class InvocationRequest(TypedDict, total=False):
    """The body of TestInvokeMethod and of TestInvokeAuthorizer."""

    pathWithQueryString: str
    body: str
    headers: dict[str, str]
    multiValueHeaders: dict[str, list[str]]
    stageVariables: dict[str, str]


def invoke_method(
    plane: DataPlane, api: DeployedApi, resource: RouteNode, verb: str, invocation: InvocationRequest
) -> dict[str, object]:
    """The response of TestInvokeMethod."""
    call = _call(api, invocation, resource.path, verb)
    call.resource, call.method = resource, resource.methods[verb]
    found = Routes([resource]).match(call.path, verb)
    call.encoded_path_parameters = found[1] if found else {}
    call.identity = {"apiKey": "test-invoke-api-key", "apiKeyId": "test-invoke-api-key-id"}
    _log_request(call)
    started = time.monotonic()
    try:
        response = plane.execute(call)
        call.log += [
            f"Method response body after transformations: {cut(response.body.decode('utf-8', 'replace'))}",
            f"Method response headers: {shown(dict(response.headers))}",
            "Successfully completed execution",
        ]
    except GatewayError as error:
        call.log.append(error.why or str(error.message))
        response = gateway_responses.respond(error, call)
    call.log.append(f"Method completed with status: {response.status}")
    return {
        "status": response.status,
        "body": response.body.decode("utf-8", "replace"),
        "headers": dict(response.headers),
        "multiValueHeaders": _multiple(response),
        "log": _text(call),
        "latency": int((time.monotonic() - started) * 1000),
    }


def invoke_authorizer(
    plane: DataPlane,
    lookups: Lookups,
    api: DeployedApi,
    authorizer: AuthorizerTypeDef,
    invocation: InvocationRequest,
) -> dict[str, object]:
    """The response of TestInvokeAuthorizer. The authorizer's cache is neither read nor written."""
    call = _call(api, invocation, "/", "GET")
    call.log.append(f"Starting authorizer: {authorizer['id']} for request: {call.request_id}")
    started = time.monotonic()
    result: dict[str, object] = {"clientStatus": 200}
    try:
        if authorizer.get("type") == "COGNITO_USER_POOLS":
            result["claims"] = authorizers.cognito(call, authorizer, lookups)["claims"]
        else:
            grant = plane.authorizers.invoke(call, authorizer)
            result["principalId"] = grant.context["principalId"]
            result["policy"] = json.dumps(grant.policy)
        call.log.append(f"Successfully completed authorizer execution for request: {call.request_id}")
    except GatewayError as error:
        result["clientStatus"] = error.status
        call.log += [text for text in (error.why, error.message or error.error_type) if text]
    latency = int((time.monotonic() - started) * 1000)
    return {**result, "log": _text(call), "latency": latency}


def _call(api: DeployedApi, invocation: InvocationRequest, default_path: str, verb: str) -> GatewayCall:
    path, _, query = (invocation.get("pathWithQueryString") or default_path).partition("?")
    single = list((invocation.get("headers") or {}).items())
    several = [
        (name, value)
        for name, values in (invocation.get("multiValueHeaders") or {}).items()
        for value in values
    ]
    body = (invocation.get("body") or "").encode()
    request = Request(verb, path, query, tuple(single + several), body, SOURCE)
    return GatewayCall(
        request, api, DeployedStage(TEST_INVOKE_STAGE, "", invocation.get("stageVariables") or {}), path
    )


def _log_request(call: GatewayCall) -> None:
    call.log += [
        f"Starting execution for request: {call.request_id}",
        f"HTTP Method: {call.request.method}, Resource Path: {call.path}",
        f"Method request path: {shown(dict(call.path_parameters))}",
        f"Method request query string: {shown(dict(call.query))}",
        f"Method request headers: {shown(call.headers())}",
        f"Method request body before transformations: {cut(call.request.body.decode())}",
    ]


def _text(call: GatewayCall) -> str:
    stamp = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(call.seconds))
    lines = "".join(f"{stamp} : {line}\n" for line in call.log)
    for name in SECRET:
        value = call.request.header(name)
        lines = lines.replace(value, "*" * 20) if value else lines
    return f"Execution log for request {call.request_id}\n{lines}"


def _multiple(response: Response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in response.headers:
        found.setdefault(name, []).append(value)
    return found
