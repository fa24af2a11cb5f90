"""The MOCK integration: the request template names a status, the matching integration response answers."""

from __future__ import annotations

import json
import re

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import configuration_error
from accountsctl.localcloud.apigateway.integrations.mapping import answered, chosen, requested
from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError
from accountsctl.localcloud.contracts.messages import Response

NO_STATUS = "Unable to parse statusCode. It should be an integer that is defined in the request template."
UNTRANSFORMED = "Unable to transform request"
_STATUS = re.compile(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})\b""")


def respond(call: GatewayCall) -> Response:
    """Run the method's MOCK integration."""
    integration = call.method["methodIntegration"]
    if call.binary and integration.get("contentHandling") != "CONVERT_TO_TEXT":
        raise configuration_error(UNTRANSFORMED)  # a template cannot transform a binary body
    try:
        request = requested(call, integration)
        status = _status(request.text)
        response = chosen(integration.get("integrationResponses") or {}, status, status)
        return answered(call, response, request)
    except VtlError:
        raise configuration_error(UNTRANSFORMED) from None


def _status(text: str) -> str:
    """The statusCode that a rendered request template names; `{statusCode: 200}` is taken as well as JSON."""
    try:
        request = json.loads(text)
    except ValueError:
        found = _STATUS.search(text)
        if found is None:
            raise configuration_error(NO_STATUS) from None
        return found[1]
    status = request.get("statusCode") if isinstance(request, dict) else None
    if isinstance(status, bool) or not re.fullmatch(r"\d{3}", str(status)):
        raise configuration_error(NO_STATUS)
    return str(status)
