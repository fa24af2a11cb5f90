"""The AWS integration with a Lambda function: templates make its event, and the method's answer of its result.

A function that fails is distinguished by its errorMessage alone: where no response's pattern matches it, the
default answers, with 200 as a rule.
"""

from __future__ import annotations

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import configuration_error
from accountsctl.localcloud.apigateway.integrations import lambda_calls
from accountsctl.localcloud.apigateway.integrations.mapping import answered, chosen, requested
from accountsctl.localcloud.apigateway.integrations.mock import UNTRANSFORMED
from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Response


def respond(call: GatewayCall, lookups: Lookups, invoker: Invoker) -> Response:
    """Invoke the method's function with what the request template makes of `call`."""
    integration = call.method["methodIntegration"]
    if call.binary and integration.get("contentHandling") != "CONVERT_TO_TEXT":
        raise configuration_error(UNTRANSFORMED)
    try:
        request = requested(call, integration)
        done = lambda_calls.run(call, (request.text or "{}").encode(), lookups, invoker)
        message = lambda_calls.failure(done)[0] if done.error is not None else None
        response = chosen(integration.get("integrationResponses") or {}, message, "200")
        return answered(call, response, request, done.payload.decode("utf-8", "replace"))
    except VtlError:
        raise configuration_error(UNTRANSFORMED) from None
