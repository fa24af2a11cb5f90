"""The way of one request through a snapshot, in API Gateway's own order.

Route, authorizer and resource policy, API key and throttles, request validator, the stage's cache,
integration. Whatever ends a request early is a GatewayError, and becomes a gateway response of the snapshot
that serves the request.
"""

from __future__ import annotations

import time

from accountsctl.localcloud.apigateway.auth import unsigned
from accountsctl.localcloud.apigateway.auth.access import authorize
from accountsctl.localcloud.apigateway.auth.lambda_authorizers import LambdaAuthorizers
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError
from accountsctl.localcloud.apigateway.integrations import lambda_custom, mock, proxy
from accountsctl.localcloud.apigateway.limits.caching import Cache
from accountsctl.localcloud.apigateway.limits.throttling import Buckets
from accountsctl.localcloud.apigateway.limits.usage_plans import UsagePlans
from accountsctl.localcloud.apigateway.validation import validate
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Response

MAX_REQUEST = 10 * 1024 * 1024


class DataPlane:
    """Serves calls; between them it remembers authorizers' answers, a stage's cache, and what limits count."""

    def __init__(self, lookups: Lookups, invoker: Invoker, usage_plans: UsagePlans) -> None:
        self._lookups = lookups
        self._invoker = invoker
        self._usage_plans = usage_plans
        self._buckets = Buckets()
        self.cache = Cache()
        self.authorizers = LambdaAuthorizers(lookups, invoker)

    def serve(self, call: GatewayCall) -> Response:
        """The integration's answer; GatewayError where the request does not get so far."""
        if len(call.request.body) > MAX_REQUEST:
            raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long")
        _route(call)
        authorize(call, self._lookups, self.authorizers)
        if call.method.get("apiKeyRequired"):
            self._usage_plans.admit(call, self._buckets)
        self._buckets.check(call)
        validate(call)
        return self.cache.through(call, lambda: self._integrate(call))

    def execute(self, call: GatewayCall) -> Response:
        """The part that a test invocation runs too: validator and integration, whoever calls."""
        validate(call)
        return self._integrate(call)

    def _integrate(self, call: GatewayCall) -> Response:
        started = time.monotonic()
        try:
            return self._integration_of(call)
        finally:
            call.integration_milliseconds = int((time.monotonic() - started) * 1000)

    def _integration_of(self, call: GatewayCall) -> Response:
        match call.method["methodIntegration"]["type"]:
            case "MOCK":
                return mock.respond(call)
            case "AWS":
                return lambda_custom.respond(call, self._lookups, self._invoker)
            case _:
                return proxy.respond(call, self._lookups, self._invoker)


def _route(call: GatewayCall) -> None:
    match = call.api.routes.match(call.path, call.request.method)
    method = match[0].method(call.request.method) if match else None
    if match is None or method is None:
        raise unsigned.refusal(call)
    call.resource, call.encoded_path_parameters = match
    call.method = method
