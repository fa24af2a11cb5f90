"""The names of API Gateway's data mappings: parts of requests, headers of responses, where a token is read.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html; of HTTP APIs:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
"""

from __future__ import annotations

from accountsctl.model.cors_headers import titled

REQUEST = "method.request."
"""Begins the name of a part of the request: ``method.request.header.X``, ``method.request.querystring.q``."""
RESPONSE_HEADER = "method.response.header."
GATEWAY_RESPONSE_HEADER = "gatewayresponse.header."
ORIGIN = "method.request.header.Origin"
"""The expression for the page's origin."""
AUTHORIZATION = "method.request.header.Authorization"
"""Where an authorizer of a REST API reads the token, unless it names another place."""
HTTP_API_AUTHORIZATION = "$request.header.Authorization"


def response_header(name: str) -> str:
    """The parameter that maps a header of a response: ``method.response.header.Access-Control-Allow-Origin``."""
    return f"{RESPONSE_HEADER}{titled(name)}"
