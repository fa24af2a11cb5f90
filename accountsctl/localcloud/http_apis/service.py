"""HTTP APIs: stage, route, authorizer, function; what API Gateway itself answers is one short JSON message."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from accountsctl.localcloud.apigateway.integrations import invoking
from accountsctl.localcloud.contracts import access_logs
from accountsctl.localcloud.contracts.http_apis import HttpApi, HttpApis, HttpIntegration
from accountsctl.localcloud.contracts.http_events import request_time
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.requests import (
    AnsweredRequest,
    EndpointKind,
    MeasuredEndpoint,
    NoRecorder,
    RequestRecorder,
)
from accountsctl.localcloud.contracts.resource_policies import Access, allows, permits
from accountsctl.localcloud.http_apis import jwt, payload_1, payloads
from accountsctl.localcloud.http_apis.call import HttpCall
from accountsctl.localcloud.http_apis.cors import with_cors
from accountsctl.localcloud.http_apis.routes import DEFAULT, RouteMatch, choose
from accountsctl.localcloud.http_apis.signed import SignedCaller, caller_of

SERVICE = "apigateway.amazonaws.com"
INTERNAL = "Internal Server Error"
PREFIX = "/_aws/execute-api/"
LARGEST = 10 * 1024 * 1024
NOT_PERMITTED = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions "
    "to call the integration. Check the permissions and try again."
)
FAILED = "The function failed: {}."
TIMED_OUT = "The integration did not answer within {:g} seconds."
"""The first is what `$context.integrationErrorMessage` states; AWS documents no words for the others:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
"""


class IntegrationFailed(Exception):
    """The integration gave no answer that can be sent. `why` is for the log alone."""

    def __init__(self, status: int, message: str, why: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.why = why


class NotAllowed(Exception):
    """The request is not signed, or its signer may not send it: 403."""


class ApiLookups(Lookups, HttpApis, Protocol):
    """Finds HTTP APIs, functions and the keys of pools."""


class HttpApiService:
    """Serves the APIs. `now` returns seconds since the epoch; `recorder` is given what a route has answered."""

    def __init__(
        self,
        lookups: ApiLookups,
        invoker: Invoker,
        now: Callable[[], float] = time.time,
        recorder: RequestRecorder | None = None,
    ) -> None:
        self._lookups = lookups
        self._invoker = invoker
        self._now = now
        self._recorder = recorder or NoRecorder()

    def handle(self, request: Request, api_id: str) -> Response | None:
        """One request to an API; None if no HTTP API has this id."""
        api = self._lookups.http_api(api_id)
        if api is None:
            return None
        if api.disabled:
            return _message(404, "Not Found")
        return with_cors(api.cors, request, 204, lambda: self._answer(request, api))

    def _answer(self, request: Request, api: HttpApi) -> Response:
        stage, path = place(api, request)
        found = choose(api.routes, request.method, path) if stage in api.stages else None
        if found is None or found.route.integration is None:
            return _message(404, "Not Found")
        if len(request.body) > LARGEST:
            return _message(413, "Request Too Long")
        call = HttpCall(
            request,
            path if stage == DEFAULT else f"/{stage}{path}",
            api.id,
            f"{api.id}.execute-api.{api.region}.amazonaws.com",
            ACCOUNT,
            found.route.key,
            stage,
            found.parameters,
            api.stages[stage],
        )
        failure = None
        try:
            response = self._invoke(self._authorized(call, found, api), api, found.route.integration)
        except IntegrationFailed as failed:
            response, failure = _message(failed.status, failed.message), failed
        except jwt.Unauthorized as refused:
            response = _message(401, "Unauthorized", ("WWW-Authenticate", refused.challenge))
        except jwt.InsufficientScope as refused:
            response = _message(403, "Forbidden", ("WWW-Authenticate", refused.challenge))
        except NotAllowed:
            response = _message(403, "Forbidden")
        self._record(call, api, response, failure)
        return response

    def _record(
        self, call: HttpCall, api: HttpApi, response: Response, failure: IntegrationFailed | None
    ) -> None:
        endpoint = MeasuredEndpoint(EndpointKind.HTTP, api.region, api.id, api.id, call.stage)
        route = (call.request.method, call.route_key, path_below_stage(call))
        log = api.access_logs.get(call.stage)
        access = access_logs.line(log, api.id, call.stage, _context(call, response, failure)) if log else None
        why = failure.why if failure else None
        self._recorder.record(
            AnsweredRequest(endpoint, *route, response.status, call.request_id, why, access)
        )

    def _authorized(self, call: HttpCall, found: RouteMatch, api: HttpApi) -> HttpCall:
        route = found.route
        if route.iam:
            return replace(call, authorizer={"iam": self._signed(call, api).context()})
        if route.authorizer is None:
            return call
        granted = jwt.authorize(call.request, route.authorizer, route.scopes, self._lookups, self._now())
        return replace(call, authorizer={"jwt": granted})

    def _signed(self, call: HttpCall, api: HttpApi) -> SignedCaller:
        """Who has signed the request, if their policies allow it; an HTTP API has no policy of its own."""
        caller = caller_of(call.request, "execute-api", api.region, self._lookups, self._now())
        if caller is None:
            raise NotAllowed
        signer, resource = caller.signer, method_arn(call, api)
        own = signer.policies
        if own is not None and not permits(own, "execute-api:Invoke", resource, signer.boundary):
            raise NotAllowed
        return caller

    def _invoke(self, call: HttpCall, api: HttpApi, integration: HttpIntegration) -> Response:
        function = self._lookups.function(integration.function, api.region)
        access = Access(SERVICE, "lambda:InvokeFunction", integration.function, source_arn(call, api))
        if function is None or not allows(function.policy, access):
            raise IntegrationFailed(500, INTERNAL, NOT_PERMITTED)
        newer = integration.payload_version == "2.0"
        event = payloads.event(call) if newer else payload_1.event(call)
        try:
            done = invoking.invoke(self._invoker, function, json.dumps(event).encode(), integration.seconds)
            if done.error is not None:
                raise IntegrationFailed(500, INTERNAL, FAILED.format(payloads.error_of(done.payload)))
            response = payloads.response(done.payload) if newer else payload_1.response(done.payload)
        except payloads.MalformedAnswer:
            raise IntegrationFailed(500, INTERNAL, payloads.MALFORMED) from None
        except invoking.TooSlow:
            why = TIMED_OUT.format(integration.seconds)
            raise IntegrationFailed(503, "Service Unavailable", why) from None
        return replace(response, headers=(*response.headers, ("apigw-requestid", call.request_id)))


def place(api: HttpApi, request: Request) -> tuple[str, str]:
    """The stage and the path below it: a first part that names a stage is one, all else is of the default stage."""
    full = request.path
    if full.startswith(PREFIX):
        full = "/" + full.removeprefix(PREFIX).partition("/")[2]
    first, _, rest = full.lstrip("/").partition("/")
    name = first.replace("%24", "$")
    if name in api.stages:
        return name, f"/{rest}"
    return DEFAULT, full


def source_arn(call: HttpCall, api: HttpApi) -> str:
    """The ARN by which the API names itself to the function that it invokes."""
    verb, _, path = call.route_key.partition(" ")
    where = f"{verb}{path}" if path else DEFAULT
    if path and verb == "ANY":
        where = f"*{path}"
    return f"arn:{PARTITION}:execute-api:{api.region}:{ACCOUNT}:{api.id}/{call.stage}/{where}"


def method_arn(call: HttpCall, api: HttpApi) -> str:
    """The request's ARN in policies: its path is the one that was requested."""
    path = path_below_stage(call)
    where = f"{api.id}/{call.stage}/{call.request.method}{path}"
    return f"arn:{PARTITION}:execute-api:{api.region}:{ACCOUNT}:{where}"


def path_below_stage(call: HttpCall) -> str:
    """The path of the request without the stage."""
    return call.path if call.stage == DEFAULT else call.path.removeprefix(f"/{call.stage}")


def _context(call: HttpCall, response: Response, failure: IntegrationFailed | None) -> dict[str, object]:
    """The variables of the access log. `responseLatency` is in milliseconds."""
    context: dict[str, object] = {
        **payloads.event_context(call),
        "httpMethod": call.request.method,
        "path": call.path,
        "protocol": "HTTP/1.1",
        "identity": {"sourceIp": call.request.source_ip, "userAgent": call.request.header("User-Agent")},
        "requestTime": request_time(call.seconds),
        "requestTimeEpoch": int(call.seconds * 1000),
        "status": response.status,
        "responseLength": len(response.body),
        "responseLatency": int((time.time() - call.seconds) * 1000),
    }
    if failure is not None:
        context |= {
            "integrationErrorMessage": failure.why,
            "error": {"message": failure.message, "messageString": json.dumps(failure.message)},
        }
    return context


def _message(status: int, text: str, *headers: tuple[str, str]) -> Response:
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return Response(status, (("Content-Type", "application/json"), *headers), body)
